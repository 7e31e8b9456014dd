"""Joining over HTTP: documents reach administrators and nobody else, and what was signed is carried to the chain."""

import stat
from pathlib import Path

import pytest

from api.adhesion.desk import MOST_BYTES, MOST_PER_WALLET
from commons.actions import funds
from commons.actions.community import adhesion_hash, sign_application
from commons.addresses import ZERO_ADDRESS, checksummed
from commons.chain import Call
from commons.records import Application, EnergyProfile, MemberKind
from commons.units import EpochSeconds, MoneyUe
from commons.wallets import Signer
from tests.support.api import Api

PDF = b"%PDF-1.7\nsigned by a stranger\n%%EOF"


def hand_in(
    api: Api, wallet: Signer, content: bytes = PDF, media_type: str = "application/pdf"
) -> tuple[int, dict[str, str]]:
    headers = {**api.sign_in(wallet), "Content-Type": media_type}
    answer = api.ask("POST", "…/adhesions", content=content, headers=headers)
    return answer.status_code, answer.json()


def application(api: Api, wallet: Signer, digest: str, **changes: object) -> dict[str, object]:
    """A signed application as the page sends it."""
    reader = api.world.reader
    deadline = EpochSeconds(reader.chain.now() + 3600)
    signed = Application(
        wallet.address,
        MemberKind.CITIZEN,
        EnergyProfile.PROSUMER,
        bytes.fromhex(digest[2:]),
        ZERO_ADDRESS,
        0,
        deadline,
    )
    return {
        "applicant": wallet.address,
        "kind": "citizen",
        "profile": "prosumer",
        "adhesion_hash": digest,
        "recovery_key": ZERO_ADDRESS,
        "nonce": 0,
        "deadline": deadline,
        "signature": "0x" + sign_application(reader, wallet, signed).hex(),
        **changes,
    }


def raw(api: Api, signer: Signer, call: Call) -> str:
    return "0x" + api.world.chain.prepare(signer, call, checked=False).raw.hex()


def test_hand_in__not_signed_in__is_refused(api: Api) -> None:
    answer = api.ask("POST", "…/adhesions", content=PDF, headers={"Content-Type": "application/pdf"})
    assert (answer.status_code, answer.json()["code"]) == (401, "not_signed_in")


@pytest.mark.parametrize(
    ("media_type", "content", "status"),
    [
        ("text/html", b"<script>", 400),
        ("application/pdf", b"<script>", 400),
        ("image/png", PDF, 400),
        ("application/pdf", b"", 400),
        ("application/pdf", PDF + b"x" * MOST_BYTES, 413),
        ("application/pdf", PDF + b"x" * (5 << 20), 413),
    ],
)
def test_hand_in__no_document_or_too_large__is_refused(
    api: Api, stranger: Signer, media_type: str, content: bytes, status: int
) -> None:
    assert hand_in(api, stranger, content, media_type)[0] == status


def test_hand_in__unknown_community__is_a_problem(api: Api, stranger: Signer) -> None:
    headers = {**api.sign_in(stranger), "Content-Type": "application/pdf"}
    answer = api.ask("POST", f"/v1/communities/0x{'12' * 20}/adhesions", content=PDF, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (404, "unknown_community")


def test_hand_in__document__is_kept_for_its_user_alone_under_its_salted_hash(
    api: Api, stranger: Signer, tmp_path: Path
) -> None:
    status, found = hand_in(api, stranger)
    assert status == 201
    digest, salt = found["adhesion_hash"], bytes.fromhex(found["salt"][2:])
    assert digest == "0x" + adhesion_hash(PDF, salt).hex()
    assert len(salt) == 32
    file = tmp_path / "api" / "adhesions" / digest
    assert (file.read_bytes(), stat.S_IMODE(file.stat().st_mode)) == (PDF, 0o600)
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700


def test_hand_in__the_same_twice__has_two_hashes(api: Api, stranger: Signer) -> None:
    assert hand_in(api, stranger)[1]["adhesion_hash"] != hand_in(api, stranger)[1]["adhesion_hash"]


def test_hand_in__too_many__is_refused(api: Api, stranger: Signer) -> None:
    for _ in range(MOST_PER_WALLET):
        assert hand_in(api, stranger)[0] == 201
    assert hand_in(api, stranger)[0] == 422


def test_document__by_role__is_the_applicants_and_the_administrators(api: Api, stranger: Signer) -> None:
    world = api.world
    digest = hand_in(api, stranger)[1]["adhesion_hash"]
    path = f"…/adhesions/{digest}/document"
    expected = {
        stranger: 200,
        world.admin: 200,
        world.alice: 403,
        world.operators[0]: 403,
        world.market_operator: 403,
        world.issuer: 403,
    }
    assert api.ask("GET", path).status_code == 401
    found = {signer: api.ask("GET", path, headers=api.sign_in(signer)) for signer in expected}
    assert {signer: answer.status_code for signer, answer in found.items()} == expected
    assert all((answer.content == PDF) == (answer.status_code == 200) for answer in found.values())
    for signer in (world.alice, world.operators[0]):
        assert api.ask("DELETE", f"…/adhesions/{digest}", headers=api.sign_in(signer)).status_code == 403
        assert api.ask("GET", "…/adhesions", headers=api.sign_in(signer)).status_code == 403
        assert api.get("…/adhesions/mine", headers=api.sign_in(signer)) == []
    assert [one["adhesion_hash"] for one in api.get("…/adhesions/mine", headers=api.sign_in(stranger))] == [digest]


def test_erase__by_the_applicant__leaves_neither_document_nor_salt(api: Api, stranger: Signer, tmp_path: Path) -> None:
    digest = hand_in(api, stranger)[1]["adhesion_hash"]
    header = api.sign_in(stranger)
    assert api.ask("DELETE", f"…/adhesions/{digest}", headers=header).status_code == 204
    assert api.ask("GET", f"…/adhesions/{digest}/document", headers=header).status_code == 404
    assert list((tmp_path / "api" / "adhesions").iterdir()) == []


def test_apply__document_signed_and_carried__waits_for_the_administrator(api: Api, stranger: Signer) -> None:
    digest = hand_in(api, stranger)[1]["adhesion_hash"]
    answer = api.ask("POST", "…/applications", json=application(api, stranger, digest))
    assert answer.status_code == 202, answer.text
    assert api.world.chain.wait(answer.json()["hash"]).succeeded
    api.catch_up()
    assert api.get(f"…/members/{stranger.address}")["status"] == "applied"
    review = api.get("…/adhesions", headers=api.sign_in(api.world.admin))
    assert [(one["document"]["adhesion_hash"], one["status"], one["matches"]) for one in review] == [
        (digest, "applied", True)
    ]


def test_apply__altered_after_signing__is_the_contracts_refusal(api: Api, stranger: Signer) -> None:
    digest = "0x" + "ab" * 32
    altered = application(api, stranger, digest, profile="consumer")
    problem = api.ask("POST", "…/applications", json=altered)
    assert (problem.status_code, problem.json()["code"]) == (409, "contract_refusal")


def test_relay__commitment_of_a_member__reaches_the_chain_once(api: Api, alice: Signer) -> None:
    call = funds.deposit_calls(api.world.contracts, MoneyUe(1_000_000))[0]
    text = raw(api, alice, call)
    first, again = (api.ask("POST", "/v1/relay", json={"raw": text}) for _ in range(2))
    assert (first.status_code, again.status_code) == (202, 202)
    assert first.json() == again.json()
    assert api.world.chain.wait(first.json()["hash"]).succeeded


@pytest.mark.parametrize("text", ["0x00", "0x02", "0x" + "ff" * 100, "0x02f8"])
def test_relay__no_transaction__is_refused(api: Api, text: str) -> None:
    answer = api.ask("POST", "/v1/relay", json={"raw": text})
    assert (answer.status_code, answer.json()["code"]) == (400, "malformed_input")


def test_relay__elsewhere_too_dear_or_creating__is_refused(api: Api, alice: Signer) -> None:
    call = funds.deposit_calls(api.world.contracts, MoneyUe(1_000_000))[0]
    cases = {
        "malformed_input": "0x" + alice.sign_transaction({**_fields(call), "chainId": 1})[1].hex(),
        "too_large": "0x" + alice.sign_transaction({**_fields(call), "gas": 5_000_001})[1].hex(),
        "input_error": "0x" + alice.sign_transaction({**_fields(call), "to": "0x" + "12" * 20})[1].hex(),
    }
    creation = {name: value for name, value in _fields(call).items() if name != "to"}
    found = {code: api.ask("POST", "/v1/relay", json={"raw": text}).json()["code"] for code, text in cases.items()}
    assert found == {code: code for code in cases}
    created = api.ask("POST", "/v1/relay", json={"raw": "0x" + alice.sign_transaction(creation)[1].hex()})
    assert created.json()["code"] == "input_error"


def _fields(call: Call) -> dict[str, object]:
    return {
        "chainId": 31337,
        "nonce": 0,
        "gas": 200_000,
        "value": 0,
        "data": "0x" + call.data.hex(),
        "to": None if call.to is None else checksummed(call.to),
        "type": 2,
        "maxFeePerGas": 0,
        "maxPriorityFeePerGas": 0,
    }
