"""The one way by which an operator sends anything: recorded first, broadcast then, closed when the chain has spoken.

At most one transaction is open at a time. Whatever an earlier process left open is brought to its end before anything
new is sent, by handing the recorded bytes over once more; so a process may be killed at any instruction.
"""

from dataclasses import dataclass

from commons.chain import Call, Chain, Receipt, SignedTransaction, TransactionSigner
from commons.errors import ChainError, TransactionFailed
from oracle.journal import Journal, SendingRow, SendingState


@dataclass(frozen=True, slots=True)
class Outbox:
    """Sends for one operator on one chain."""

    chain: Chain
    signer: TransactionSigner
    journal: Journal

    def settle_open(self) -> None:
        """Bring every open sending to its end.

        Raises:
            TransactionFailed: one is in no block in good time; it stays open.
        """
        for row in self.journal.open_sendings():
            self._settle(row)

    def send(self, purpose: str, call: Call) -> Receipt:
        """Send a call for a purpose that no earlier sending has reached, and wait until it took effect.

        Raises:
            ContractRefusal: the contract refuses; nothing was sent, or it took no effect.
            TransactionFailed: it failed in another way, or is in no block in good time and stays open.
            ChainError: the purpose was reached before.
        """
        self.settle_open()
        self._require_unreached(purpose)
        signed = self.chain.prepare(self.signer, call)
        self.journal.record(purpose, signed)
        self.chain.broadcast(signed)
        receipt = self.chain.wait(signed.hash)
        self._close(signed.hash, receipt)
        self.chain.require_success(receipt, call, self.signer.address)
        return receipt

    def _require_unreached(self, purpose: str) -> None:
        latest = self.journal.latest(purpose)
        if latest is None or latest.state != SendingState.DONE:
            return
        if self.chain.receipt(latest.tx_hash) is None:
            self.journal.close(latest.tx_hash, SendingState.LOST)
            return
        raise ChainError(
            f"{purpose} was done by transaction {latest.tx_hash}, and yet seems to be due",
            which=purpose,
            remedy="Nothing was sent. Check that the RPC shows the whole chain, then run the operator again.",
        )

    def _settle(self, row: SendingRow) -> None:
        receipt = self.chain.receipt(row.tx_hash)
        if receipt is None and self._still_possible(row):
            receipt = self.chain.wait(row.tx_hash)
        if receipt is None:
            self.journal.close(row.tx_hash, SendingState.LOST)
        else:
            self._close(row.tx_hash, receipt)

    def _still_possible(self, row: SendingRow) -> bool:
        """Hand a recorded transaction over again; False where its nonce can no longer become its own."""
        signed = SignedTransaction(row.tx_hash, self.signer.address, row.nonce, row.raw, row.name)
        if self.chain.next_nonce(self.signer.address) < row.nonce:
            return False
        try:
            self.chain.broadcast(signed)
        except TransactionFailed:
            return self.chain.receipt(row.tx_hash) is not None
        return True

    def _close(self, tx_hash: str, receipt: Receipt) -> None:
        state = SendingState.DONE if receipt.succeeded else SendingState.FAILED
        self.journal.close(tx_hash, state, receipt.block)
