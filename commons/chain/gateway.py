"""`Chain`: the one way to a chain. What differs between Anvil and Besu is settled here, once.

Time is the chain's: the timestamp of its latest block. Blocks are final at `latest` (QBFT; `safe` and `finalized` do
not exist there). Logs are read in ranges of 5000 blocks. Nobody pays for gas: both fees are 0, said explicitly. Gas
limits are given, not estimated, wherever a call depends on time, because a node may estimate for a later moment.
Source: DESIGN.md section 12.
"""

import time
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeVar

from eth_utils.address import to_checksum_address

from commons.addresses import Address
from commons.chain.logs import LOG_RANGE, event_of, receipt_of, topics_of
from commons.chain.refusals import refusal
from commons.chain.rpc import Refused, Rpc, RpcRefusal
from commons.chain.types import Block, Call, Event, Receipt, SignedTransaction, TransactionSigner
from commons.errors import ChainError, ChainIdMismatch, RpcUnreachable, TransactionFailed
from commons.settings import settings
from commons.units import EpochSeconds

LATEST = "latest"
PENDING = "pending"
POLL_S = 0.1
LONGEST_POLL_S = 1.0
WAIT_S = 90
TOP_UP = (3, 2)
"""An estimated gas limit is raised by this factor: storage may have changed by the time the call is included."""
NOT_ALLOWED = -32007
"""What Besu answers where the sender is not on its account allowlist."""
ALREADY_THERE = ("already known", "known transaction", "already imported", "nonce too low", "nonce_too_low")

T = TypeVar("T")


class Chain:
    """One chain through one RPC endpoint."""

    def __init__(self, rpc: Rpc, chain_id: int) -> None:
        self._rpc = rpc
        self.chain_id = chain_id

    @classmethod
    def connect(cls, rpc_url: str, expected_chain_id: int | None = None, timeout_s: float | None = None) -> "Chain":
        """The chain that answers at `rpc_url`.

        Raises:
            RpcUnreachable: nobody answers there.
            ChainIdMismatch: it is not the chain expected.
        """
        token = settings().rpc_token_file if rpc_url == settings().rpc_url else None  # nobody else's RPC learns it
        rpc = Rpc(rpc_url, settings().rpc_timeout_s if timeout_s is None else timeout_s, token)
        try:
            chain_id = int(rpc.request("eth_chainId"), 16)
        except (Refused, TypeError, ValueError) as error:
            raise RpcUnreachable(
                f"what answers at {rpc_url} says no chain id", remedy="Give the right --rpc."
            ) from error
        if expected_chain_id not in (None, chain_id):
            raise ChainIdMismatch(
                f"the RPC {rpc_url} speaks for chain {chain_id}, and chain {expected_chain_id} was expected",
                which=chain_id,
                remedy="Give the RPC of that chain with --rpc, or name the other network with --network.",
            )
        return cls(rpc, chain_id)

    @property
    def rpc_url(self) -> str:
        """Where the chain is reached."""
        return self._rpc.url

    # ---------------------------------------------------------------- reading

    def block(self, number: int | str = LATEST) -> Block:
        """The head of a block by its number, or of the latest."""
        found = self.request("eth_getBlockByNumber", _tag(number), False)
        if found is None:
            raise ChainError(f"there is no block {number}", which=number, remedy="Ask for one that has been made.")
        return _block(found)

    def blocks(self, numbers: Sequence[int]) -> list[Block | None]:
        """The heads of many blocks, asked at once; None for one that has not been made."""
        asked = [("eth_getBlockByNumber", (_tag(number), False)) for number in numbers]
        return [None if found is None else _block(found) for found in _results(self._rpc.batch(asked))]

    def now(self) -> EpochSeconds:
        """The chain's time: when its latest block was made."""
        return self.block().timestamp

    def times(self, numbers: Sequence[int]) -> list[EpochSeconds]:
        """When many blocks were made, asked at once."""
        blocks = _results(self._rpc.batch([("eth_getBlockByNumber", (_tag(number), False)) for number in numbers]))
        return [EpochSeconds(int(block["timestamp"], 16)) for block in blocks]

    def block_number(self) -> int:
        """The number of the latest block."""
        return int(self.request("eth_blockNumber"), 16)

    def client(self) -> str:
        """What the node says of itself."""
        return str(self.request("web3_clientVersion"))

    def has_code(self, address: Address) -> bool:
        """Whether there is a contract at the address."""
        return str(self.request("eth_getCode", _address(address), LATEST)) not in ("0x", "0x0")

    def call(self, call: Call, block: int | str = LATEST, sender: Address | None = None) -> Any:
        """What a function answers, decoded; nothing is sent.

        Raises:
            ContractRefusal: the contract refuses.
            TransactionFailed: it fails in another way, or there is no such contract.
        """
        try:
            return _decoded(call, self._rpc.request("eth_call", _message(call, sender), _tag(block)))
        except Refused as error:
            raise _refused(call.name, error.refusal) from error

    def calls(self, calls: Sequence[Call], block: int | str = LATEST) -> list[Any]:
        """What many functions answer, asked at once; errors as `call`, of the first that is refused."""
        answers = self._rpc.batch([("eth_call", (_message(call, None), _tag(block))) for call in calls])
        for call, answer in zip(calls, answers, strict=True):
            if isinstance(answer, RpcRefusal):
                raise _refused(call.name, answer)
        return [_decoded(call, answer) for call, answer in zip(calls, answers, strict=True)]

    def events(
        self,
        addresses: Address | Iterable[Address],
        from_block: int,
        to_block: int | None = None,
        names: Iterable[str] | None = None,
    ) -> list[Event]:
        """The events of the contracts from one block to another, both included, in the chain's order.

        `names` keeps those of these names only. Logs that are no event of ours are left out.
        """
        last = self.block_number() if to_block is None else to_block
        wanted = [_address(a) for a in ([addresses] if isinstance(addresses, str) else addresses)]
        query: dict[str, Any] = {"address": wanted}
        if names is not None:
            query["topics"] = [[_hex(topic) for topic in topics_of(names)]]
        found: list[Event] = []
        for start in range(from_block, last + 1, LOG_RANGE):
            span = {"fromBlock": hex(start), "toBlock": hex(min(start + LOG_RANGE - 1, last))}
            logs = self.request("eth_getLogs", {**query, **span})
            found += [event for log in logs if (event := event_of(log)) is not None]
        return sorted(found, key=lambda event: (event.block, event.log_index))

    # ---------------------------------------------------------------- sending

    def next_nonce(self, account: Address) -> int:
        """The nonce of the account's next transaction, those waiting for a block counted."""
        return int(self.request("eth_getTransactionCount", _address(account), PENDING), 16)

    def check(self, sender: Address, call: Call) -> None:
        """Raise what the contract would refuse, were the call made on top of the latest block; errors as `call`."""
        try:
            self._rpc.request("eth_call", _message(call, sender), LATEST)
        except Refused as error:
            raise _refused(call.name, error.refusal) from error

    def prepare(
        self,
        signer: TransactionSigner,
        call: Call,
        gas: int | None = None,
        nonce: int | None = None,
        checked: bool = True,
    ) -> SignedTransaction:
        """The call as a signed transaction, not sent yet, so that the caller can record it first.

        `checked` asks the contract beforehand whether it would refuse.

        Raises:
            ContractRefusal: it would.
        """
        if checked:
            self.check(signer.address, call)
        limit = gas or call.gas or self._estimate(signer.address, call)
        fields = self._fields(call, self.next_nonce(signer.address) if nonce is None else nonce, limit)
        digest, raw = signer.sign_transaction(fields)
        return SignedTransaction(digest, signer.address, fields["nonce"], raw, call.name)

    def broadcast(self, signed: SignedTransaction) -> str:
        """Hand a signed transaction to the node and give its hash; harmless when done before.

        Raises:
            TransactionFailed: the node refuses it, or another transaction took its nonce.
        """
        try:
            self._rpc.request("eth_sendRawTransaction", _hex(signed.raw))
        except Refused as error:
            self._require_known(signed, error.refusal)
        return signed.hash

    def broadcast_all(self, signed: Sequence[SignedTransaction]) -> None:
        """Hand many signed transactions to the node at once; errors as `broadcast`, of the first that is refused."""
        answers = self._rpc.batch([("eth_sendRawTransaction", (_hex(one.raw),)) for one in signed])
        for one, answer in zip(signed, answers, strict=True):
            if isinstance(answer, RpcRefusal):
                self._require_known(one, answer)

    def receipt(self, tx_hash: str) -> Receipt | None:
        """What became of a transaction; None while it is in no block."""
        found = self.request("eth_getTransactionReceipt", tx_hash)
        return None if found is None else receipt_of(found)

    def wait(self, tx_hash: str, timeout_s: float = WAIT_S) -> Receipt:
        """The receipt of a transaction, as soon as it is in a block, whether it succeeded or not.

        Raises:
            TransactionFailed: it is in none within `timeout_s`.
        """
        return self.wait_all([tx_hash], timeout_s)[0]

    def wait_all(self, tx_hashes: Sequence[str], timeout_s: float = WAIT_S) -> list[Receipt]:
        """The receipts of many transactions; errors as `wait`."""
        found: dict[str, Receipt] = {}
        until, pause = time.monotonic() + timeout_s, POLL_S
        while True:
            missing = [tx_hash for tx_hash in tx_hashes if tx_hash not in found]
            answers = self._rpc.batch([("eth_getTransactionReceipt", (tx_hash,)) for tx_hash in missing])
            for tx_hash, answer in zip(missing, answers, strict=True):
                if isinstance(answer, dict):
                    found[tx_hash] = receipt_of(answer)
            if len(found) == len(set(tx_hashes)):
                return [found[tx_hash] for tx_hash in tx_hashes]
            if time.monotonic() > until:
                late = [tx_hash for tx_hash in tx_hashes if tx_hash not in found]
                raise TransactionFailed(
                    f"{len(late)} transactions are in no block after {timeout_s:.0f} s, the first {late[0]}",
                    remedy="Look whether the chain makes blocks; what was sent may still be included.",
                )
            time.sleep(pause)
            pause = min(pause * 1.5, LONGEST_POLL_S)

    def send(self, signer: TransactionSigner, call: Call, gas: int | None = None) -> Receipt:
        """Send a call and wait until it has taken effect.

        Raises:
            ContractRefusal: the contract refuses.
            TransactionFailed: it fails in another way, or is not included.
        """
        signed = self.prepare(signer, call, gas)
        self.broadcast(signed)
        receipt = self.wait(signed.hash)
        self.require_success(receipt, call, signer.address)
        return receipt

    def send_all(self, calls: Sequence[tuple[TransactionSigner, Call]], timeout_s: float = WAIT_S) -> list[Receipt]:
        """Send many calls, each signer's in the order given, and wait for all: few round trips, few blocks.

        Nothing is checked beforehand, since a call may rest on one before it. All are waited for before the first
        that failed is raised; errors as `send`.
        """
        signed = self.prepare_all(calls)
        self.broadcast_all(signed)
        receipts = self.wait_all([one.hash for one in signed], timeout_s)
        for (signer, call), receipt in zip(calls, receipts, strict=True):
            self.require_success(receipt, call, signer.address)
        return receipts

    def prepare_all(self, calls: Sequence[tuple[TransactionSigner, Call]]) -> list[SignedTransaction]:
        """The calls as signed transactions with consecutive nonces for each signer; nothing is checked or sent."""
        accounts = list(dict.fromkeys(signer.address for signer, _ in calls))
        requests = [("eth_getTransactionCount", (_address(account), PENDING)) for account in accounts]
        nonces = {a: int(n, 16) for a, n in zip(accounts, _results(self._rpc.batch(requests)), strict=True)}
        signed = []
        for signer, call in calls:
            signed.append(self.prepare(signer, call, nonce=nonces[signer.address], checked=False))
            nonces[signer.address] += 1
        return signed

    def require_success(self, receipt: Receipt, call: Call, sender: Address) -> None:
        """Raise why a transaction that is in a block has failed, if it has; errors as `send`."""
        if receipt.succeeded:
            return
        if receipt.revert_data:
            raise refusal(receipt.revert_data, call.name)
        try:  # the block's own state is not offered for asking: the one after it usually refuses for the same reason
            self._rpc.request("eth_call", _message(call, sender), hex(receipt.block))
        except Refused as error:
            raise _refused(call.name, error.refusal) from error
        raise TransactionFailed(
            f"{call.name} was included in block {receipt.block} and failed",
            which=receipt.hash,
            remedy="Try again: it came too late for a deadline, ran out of gas, or something else came between.",
        )

    # ---------------------------------------------------------------- the funnel

    def request(self, method: str, *params: Any) -> Any:
        """The result of any request; for what has no method of its own, such as the embedded chain's clock.

        Raises:
            ChainError: the node refuses it.
        """
        try:
            return self._rpc.request(method, *params)
        except Refused as error:
            raise ChainError(
                f"the chain's node refuses {method}: {error.refusal.message}",
                which=method,
                remedy="Check what was asked, and that the node offers it.",
            ) from error

    def _fields(self, call: Call, nonce: int, gas: int) -> dict[str, Any]:
        fields: dict[str, Any] = {
            "chainId": self.chain_id,
            "nonce": nonce,
            "gas": gas,
            "value": 0,
            "data": _hex(call.data),
        }
        if call.to is not None:
            fields["to"] = to_checksum_address(call.to)
        if settings().legacy_transactions:
            return {**fields, "gasPrice": 0}
        return {**fields, "type": 2, "maxFeePerGas": 0, "maxPriorityFeePerGas": 0}

    def _estimate(self, sender: Address, call: Call) -> int:
        try:
            estimated = int(self._rpc.request("eth_estimateGas", _message(call, sender)), 16)
        except Refused as error:
            raise _refused(call.name, error.refusal) from error
        return estimated * TOP_UP[0] // TOP_UP[1]

    def _require_known(self, signed: SignedTransaction, answer: RpcRefusal) -> None:
        """Accept a refusal that only says that the transaction was handed over before."""
        text = answer.message.lower()
        if any(words in text for words in ALREADY_THERE) and self.request("eth_getTransactionByHash", signed.hash):
            return
        if answer.code == NOT_ALLOWED:
            raise TransactionFailed(
                f"the chain's node takes no transactions from {signed.sender}",
                which=signed.sender,
                remedy="Accounts are let in when their membership is approved; others ask the network's administrator "
                "to run `commonwatt network allow`.",
            )
        raise TransactionFailed(
            f"the chain's node refuses {signed.name or 'the transaction'} with nonce {signed.nonce} of {signed.sender} "
            f"({answer.message})",
            which=signed.hash,
            remedy="If another transaction took the nonce, sign again; one key must send from one process only.",
        )


def _block(found: Mapping[str, Any]) -> Block:
    return Block(int(found["number"], 16), EpochSeconds(int(found["timestamp"], 16)), found["hash"])


def _results(answers: Sequence[Any]) -> list[Any]:
    for answer in answers:
        if isinstance(answer, RpcRefusal):
            raise ChainError(f"the chain's node refuses: {answer.message}", remedy="Check what was asked.")
    return list(answers)


def _refused(name: str, answer: RpcRefusal) -> ChainError:
    return refusal(answer.data, name, answer.message)


def _decoded(call: Call, answer: str) -> Any:
    data = bytes.fromhex(answer.removeprefix("0x"))
    if call.function is None:
        return data
    if not data and call.function.item.get("outputs"):
        raise TransactionFailed(
            f"{call.name} at {call.to} answers nothing",
            which=call.to,
            remedy="There is no such contract there: check the address, the network and the RPC.",
        )
    return call.function.decode(data)


def _message(call: Call, sender: Address | None) -> Mapping[str, str]:
    """A call as a node takes it; fees explicitly 0, so that an account without a coin may ask."""
    message = {"data": _hex(call.data), "gasPrice": "0x0"}
    if call.to is not None:
        message["to"] = call.to
    if sender is not None:
        message["from"] = sender
    return message


def _address(account: Address) -> str:
    return str(account)


def _tag(block: int | str) -> str:
    return block if isinstance(block, str) else hex(block)


def _hex(data: bytes) -> str:
    return "0x" + data.hex()
