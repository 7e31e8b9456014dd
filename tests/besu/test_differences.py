"""The gateway at a node that answers as Besu does: each difference from Anvil, met once."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from web3 import Web3
from web3.middleware import ExtraDataToPOAMiddleware

from commons.chain import Chain
from commons.chain.logs import receipt_of
from commons.contracts import Contract
from commons.errors import ChainError, ContractRefusal, RpcUnreachable, SettingsError, TransactionFailed
from commons.settings import settings
from commons.wallets import embedded_signer
from tests.support.besu_like import ANSWERS, BesuLike, serving
from tests.support.chain import World


@pytest.fixture
def besu(world: World) -> BesuLike:
    """The node in front of the world's chain; everybody is on its list."""
    return BesuLike(world.chain.rpc_url)


@pytest.fixture
def chain(besu: BesuLike) -> Iterator[Chain]:
    """The gateway to it."""
    with serving(besu) as url:
        yield Chain.connect(url, timeout_s=10)


# -------------------------------------------------------------------- refusals


def test_answers__each__names_where_it_was_read() -> None:
    assert all(answer["source"] for name, answer in ANSWERS.items() if name != "_")


@pytest.mark.parametrize("method", ["eth_sendTransaction", "anvil_setBalance", "evm_mine", "debug_traceTransaction"])
def test_request__method_that_besu_lacks__is_refused_by_name(chain: Chain, method: str) -> None:
    with pytest.raises(ChainError, match=f"refuses {method}"):
        chain.request(method, {})


@pytest.mark.parametrize("tag", ["safe", "finalized"])
def test_block__tag_that_qbft_does_not_have__is_refused(chain: Chain, tag: str) -> None:
    with pytest.raises(ChainError, match="Unknown block"):
        chain.block(tag)


def test_wallets__known_to_everybody__are_refused_on_besu(chain: Chain) -> None:
    with pytest.raises(SettingsError, match=r"besu/v26\.8\.0.*not the embedded chain"):
        embedded_signer(chain, "platform-admin")


def test_send__sender_not_on_the_list__says_so_and_how_to_get_there(world: World, besu: BesuLike, chain: Chain) -> None:
    besu.allowed = {world.bob.address}
    call = world.contracts.euro.call("approve", world.bob.address, 1)
    with pytest.raises(TransactionFailed, match=f"takes no transactions from {world.alice.address}") as refused:
        chain.send(world.alice, call)
    assert "commonwatt network allow" in refused.value.remedy
    assert chain.send(world.bob, call).succeeded


def test_send_all__one_sender_not_on_the_list__is_named(world: World, besu: BesuLike, chain: Chain) -> None:
    besu.allowed = {world.bob.address}
    call = world.contracts.euro.call("approve", world.bob.address, 1)
    with pytest.raises(TransactionFailed, match=world.alice.address):
        chain.send_all([(world.bob, call), (world.alice, call)])


def test_send__fee_above_zero__is_refused_by_the_fee_cap(world: World, chain: Chain) -> None:
    fields = {"chainId": chain.chain_id, "nonce": 0, "gas": 50_000, "value": 0, "to": "0x" + "11" * 20, "data": "0x"}
    _, raw = world.alice.sign_transaction({**fields, "gasPrice": 1_000_000_000})
    with pytest.raises(ChainError, match="Transaction fee cap exceeded"):
        chain.request("eth_sendRawTransaction", "0x" + raw.hex())


def test_call__contract_refuses__is_said_in_words_as_on_the_embedded_chain(world: World, chain: Chain) -> None:
    call = world.contracts.sessions.call("newSession", world.session_parameters(slot_count=0))
    with pytest.raises(ContractRefusal) as there:
        world.chain.check(world.market_operator.address, call)
    with pytest.raises(ContractRefusal) as here:
        chain.check(world.market_operator.address, call)
    assert (here.value.message, here.value.error_args) == (there.value.message, there.value.error_args)


def test_receipt__with_the_reason_besu_adds__keeps_it() -> None:
    found: dict[str, object] = {
        "transactionHash": "0x01",
        "blockNumber": "0x2",
        "status": "0x0",
        "gasUsed": "0x5208",
        "from": "0x" + "AA" * 20,
        "to": None,
        "logs": [],
        "revertReason": "0xdeadbeef",
    }
    assert receipt_of(found).revert_data == bytes.fromhex("deadbeef")


def test_rpc__token_asked_for__is_sent_from_its_file_and_its_absence_said(
    besu: BesuLike, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    besu.token = "a.b.c"
    file = tmp_path / "token"
    with serving(besu) as url:
        with pytest.raises(RpcUnreachable, match="valid token"):
            Chain.connect(url)
        file.write_text("a.b.c\n")
        monkeypatch.setenv("COMMONWATT_RPC_URL", url)
        monkeypatch.setenv("COMMONWATT_RPC_TOKEN_FILE", str(file))
        settings.cache_clear()
        try:
            assert Chain.connect(url).block_number() > 0
            file.unlink()
            with pytest.raises(SettingsError, match="token file"):
                Chain.connect(url)
        finally:
            monkeypatch.undo()
            settings.cache_clear()


# -------------------------------------------------------------------- what has to work


def test_events__over_more_blocks_than_besu_gives_at_once__come_whole(world: World, chain: Chain) -> None:
    address = world.contracts.community.address
    before = world.chain.events(address, 0)
    world.chain.request("anvil_mine", hex(12_000))
    with pytest.raises(ChainError, match="exceeds maximum RPC range"):
        chain.request("eth_getLogs", {"fromBlock": "0x0", "toBlock": "latest", "address": address})
    assert chain.events(address, 0) == before


def test_block__with_the_extra_data_of_qbft__is_read_by_gateway_and_by_web3_with_its_middleware(chain: Chain) -> None:
    w3 = Web3(Web3.HTTPProvider(chain.rpc_url))
    w3.middleware_onion.inject(ExtraDataToPOAMiddleware, layer=0)
    assert w3.eth.get_block("latest")["number"] == chain.block().number


def test_estimate__asked_for_a_moment_after_the_head__does_not_stop_a_call_in_time(
    world: World, besu: BesuLike, chain: Chain
) -> None:
    """Within 12 s of a deadline Besu's estimate says that it is over; our calls carry a limit instead."""
    call = world.contracts.marketplace.call("withdrawAllFunds")
    assert call.gas is not None
    chain.send(world.alice, call)
    assert "eth_estimateGas" not in besu.asked


@pytest.mark.parametrize("legacy", ["false", "true"])
def test_send__either_kind_of_transaction__costs_nothing(
    world: World, chain: Chain, legacy: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COMMONWATT_LEGACY_TRANSACTIONS", legacy)
    settings.cache_clear()
    try:
        receipt = chain.send(world.alice, world.contracts.euro.call("approve", world.bob.address, 5))
    finally:
        monkeypatch.undo()
        settings.cache_clear()
    found = chain.request("eth_getTransactionByHash", receipt.hash)
    assert int(found["type"], 16) == (0 if legacy == "true" else 2)
    assert int(found["gasPrice"], 16) == 0


def test_send__included_late_over_connections_that_break__takes_effect_once(
    world: World, besu: BesuLike, chain: Chain
) -> None:
    besu.delay, besu.drop_every = 3, 3
    before = world.reader.euro_balance(world.bob.address)
    for _ in range(6):
        assert chain.send(world.alice, world.contracts.euro.call("transfer", world.bob.address, 7)).succeeded
    assert besu.dropped > 5
    assert world.reader.euro_balance(world.bob.address) == before + 6 * 7


def test_prepare__while_earlier_ones_wait__counts_them(world: World, besu: BesuLike, chain: Chain) -> None:
    besu.delay = 2
    call = world.contracts.euro.call("transfer", world.bob.address, 1)
    first = chain.prepare(world.alice, call)
    chain.broadcast(first)
    second = chain.prepare(world.alice, call)
    assert second.nonce == first.nonce + 1
    chain.broadcast(first)  # known already: harmless
    chain.broadcast(second)
    assert all(receipt.succeeded for receipt in chain.wait_all([first.hash, second.hash]))
    chain.broadcast(first)  # included already: harmless


def test_deployment__unknown_contract__is_told_as_elsewhere(world: World, chain: Chain) -> None:
    with pytest.raises(TransactionFailed, match="answers nothing"):
        chain.call(replace(world.contracts.euro, address=world.alice.address).call("decimals"))
    assert isinstance(world.contracts.euro, Contract)
