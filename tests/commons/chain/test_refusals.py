"""Every refusal of every contract has its words."""

from collections import Counter
from string import Formatter

import pytest
from eth_abi.abi import encode

from commons.addresses import Address, checksummed
from commons.chain.artefacts import ARTEFACTS_DIR, artefact, errors_by_selector
from commons.chain.codec import ErrorAbi
from commons.chain.community_sentences import COMMUNITY
from commons.chain.evidence_sentences import EVIDENCE
from commons.chain.exchange_sentences import EXCHANGE
from commons.chain.market_sentences import MARKET
from commons.chain.refusals import refusal
from commons.chain.refutation_sentences import REFUTATION
from commons.chain.sentences import SENTENCES, sentence
from commons.chain.token_sentences import TOKEN
from commons.errors import ContractRefusal, TransactionFailed
from commons.keccak import keccak256

WALLET = Address("0x" + "ab" * 20)
SAMPLES = {
    "uint256": 1_700_000_000,
    "uint8": 1,
    "bytes32": b"commit".ljust(32, b"\0"),
    "address": WALLET,
    "string": "s",
}


def interface_errors() -> list[ErrorAbi]:
    """The errors of every interface of ours, and of everything that can bubble up through a call."""
    names = sorted(file.stem for file in ARTEFACTS_DIR.glob("I*.json") if "ERC721" not in file.stem)
    own = [error for name in names if "ERC1155" not in name for error in artefact(name).errors]
    return [*own, *errors_by_selector().values()]


def sample(error: ErrorAbi) -> bytes:
    """Revert data of the error with made-up values."""
    values = [_sample(kind) for kind in error.types]
    return error.selector + encode(error.types, values)


def _sample(kind: str) -> object:
    if kind.startswith("("):
        return tuple(_sample(part) for part in kind.strip("()").split(","))
    return SAMPLES[kind]


@pytest.mark.parametrize("error", interface_errors(), ids=lambda error: error.name)
def test_sentence__error_of_a_contract__names_only_what_the_error_carries(error: ErrorAbi) -> None:
    assert error.name in SENTENCES, f"say in commons/chain/*sentences.py what {error.name} means"
    what, remedy = SENTENCES[error.name]
    named = {field.partition(".")[0] for _, field, _, _ in Formatter().parse(what) if field}
    assert named <= {parameter["name"] for parameter in error.inputs}
    assert remedy.endswith(".")
    assert not what.endswith(".")


def test_sentences__of_different_contracts__do_not_replace_each_other() -> None:
    parts = (COMMUNITY, EVIDENCE, REFUTATION, TOKEN, EXCHANGE, MARKET)
    assert Counter(name for part in parts for name in part).most_common(1)[0][1] == 1
    assert all(SENTENCES[name] == said for part in parts for name, said in part.items())


@pytest.mark.parametrize("error", errors_by_selector().values(), ids=lambda error: error.name)
def test_refusal__any_custom_error__becomes_words_and_values(error: ErrorAbi) -> None:
    found = refusal(sample(error), "Contract.function")
    assert isinstance(found, ContractRefusal)
    assert found.error_name == error.name
    assert set(found.error_args) == {parameter["name"] for parameter in error.inputs}
    assert "{" not in found.message


def test_sentence__every_entry__belongs_to_an_error() -> None:
    assert set(SENTENCES) == {error.name for error in interface_errors()}


@pytest.mark.parametrize(("contract", "held"), [("CommunityToken", "0.000002 tokens"), ("SettlementEuro", "2,000,000")])
def test_sentence__too_little_held__says_it_in_the_unit_of_the_contract_called(contract: str, held: str) -> None:
    values = {"sender": "0x" + "ab" * 20, "balance": 2 * 10**12, "needed": 3 * 10**12}
    assert f"holds {held}" in sentence("ERC20InsufficientBalance", values, contract)[0]


def test_sentence__unknown_error__says_its_name_and_values() -> None:
    assert sentence("Strange", {"amount": 3})[0] == "the contract refused with Strange (amount 3)"


def test_refusal__amounts_and_times__are_written_for_people() -> None:
    short = sentence("InsufficientEscrow", {"account": WALLET, "free": 1_500_000, "required": 2_000_000})[0]
    assert short == f"{checksummed(WALLET)} has 1.50 € free in escrow, and 2.00 € are needed"
    late = sentence("TooLate", {"deadline": 1_782_900_000, "timestamp": 1_782_900_001})[0]
    assert "2026-07-01 12:00:00 CEST" in late


def test_refusal__role_by_its_digest__is_named() -> None:
    what, _ = sentence("MissingRole", {"account": WALLET, "role": keccak256(b"MARKET_OPERATOR_ROLE")})
    assert "“market operator”" in what


def test_refusal__text_reason__is_passed_on() -> None:
    data = bytes.fromhex("08c379a0") + encode(["string"], ["not today"])
    assert "not today" in refusal(data, "Token.transfer").message


def test_refusal__panic__is_named_as_such() -> None:
    data = bytes.fromhex("4e487b71") + encode(["uint256"], [0x11])
    assert "panic 0x11" in refusal(data, "Token.transfer").message


@pytest.mark.parametrize("data", [b"", b"\x01\x02\x03\x04", bytes.fromhex("08c379a0") + b"\x00"])
def test_refusal__data_of_no_known_error__says_what_the_node_said(data: bytes) -> None:
    found = refusal(data, "Token.transfer", "execution reverted")
    assert isinstance(found, TransactionFailed)
    assert "Token.transfer" in found.message
