"""Sign-in over HTTP: refused one by one whatever is wrong with it, and over when it is over."""

import stat
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import jwt
import pytest

from api.auth.desk import ACCESS_S, GRACE_S, NONCE_S, REFRESH_S, SignInDesk
from api.auth.keys import token_key
from commons.addresses import Address, checksummed
from commons.errors import NotSignedIn, SettingsError
from commons.wallets import Signer
from tests.support.api import Api, message_of

NOW = datetime.now(UTC)
LONG_AGO, SOON = NOW - timedelta(days=30), NOW + timedelta(days=30)  # far off: the run may be long


def stamp(moment: datetime) -> str:
    return moment.isoformat().replace("+00:00", "Z")


def attempt(api: Api, text: str, signer: Signer) -> tuple[int, str]:
    body = {"message": text, "signature": "0x" + signer.sign_text(text).hex()}
    answer = api.client.post("/v1/auth/sign-in", json=body)
    return answer.status_code, answer.json().get("detail", "")


class Clock:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.now = datetime.now(UTC).timestamp()

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def desk(api: Api, clock: Clock) -> SignInDesk:
    found = api.client.app.state.services.sign_in  # type: ignore[attr-defined]
    assert isinstance(found, SignInDesk)
    return replace(found, clock=clock)


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"domain": "evil.example"}, "evil.example"),
        ({"domain": "https://127.0.0.1:8000"}, "is for 127.0.0.1:8000"),
        ({"uri": "https://evil.example/login"}, "URI"),
        ({"uri": "https://127.0.0.1:8000"}, "URI"),
        ({"version": "2"}, "version 2"),
        ({"chain_id": "1"}, "chain 1"),
        ({"nonce": "neverhandedout12"}, "nonce"),
        ({"issued_at": stamp(LONG_AGO)}, "too long ago"),
        ({"issued_at": stamp(SOON)}, "in the future"),
        ({"extra": f"\nExpiration Time: {stamp(LONG_AGO)}"}, "expired"),
        ({"extra": f"\nNot Before: {stamp(SOON)}"}, "not good yet"),
    ],
)
def test_sign_in__message_is_not_for_here_and_now__is_refused(
    api: Api, alice: Signer, changes: dict[str, str], says: str
) -> None:
    status, detail = attempt(api, message_of(api.get_nonce(), alice, **changes), alice)
    assert (status, says in detail) == (401, True), detail


def test_sign_in__another_wallets_signature__is_refused(api: Api, alice: Signer, bob: Signer) -> None:
    status, detail = attempt(api, message_of(api.get_nonce(), alice), bob)
    assert (status, "not the wallet's" in detail) == (401, True)


@pytest.mark.parametrize("signature", ["0x" + "00" * 65, "0x" + "ff" * 65, "0x12", "0x" + "11" * 300])
def test_sign_in__signature_is_nonsense__is_refused(api: Api, alice: Signer, signature: str) -> None:
    body = {"message": message_of(api.get_nonce(), alice), "signature": signature}
    assert api.client.post("/v1/auth/sign-in", json=body).status_code == 401


def test_sign_in__text_altered_after_signing__is_refused(api: Api, alice: Signer) -> None:
    text = message_of(api.get_nonce(), alice)
    body = {"message": text.replace("Sign in", "Pay up"), "signature": "0x" + alice.sign_text(text).hex()}
    assert api.client.post("/v1/auth/sign-in", json=body).status_code == 401


def test_sign_in__nonce_used_before__is_refused(api: Api, alice: Signer) -> None:
    text = message_of(api.get_nonce(), alice)
    assert attempt(api, text, alice)[0] == 200
    status, detail = attempt(api, text, alice)
    assert (status, "nonce" in detail) == (401, True)


def test_sign_in__refused_for_its_signature__leaves_the_nonce_good(api: Api, alice: Signer, bob: Signer) -> None:
    """Else anybody who saw a message could spend its nonce."""
    text = message_of(api.get_nonce(), alice)
    assert attempt(api, text, bob)[0] == 401
    assert attempt(api, text, alice)[0] == 200


def test_sign_in__nonce_too_old__is_refused(api: Api, desk: SignInDesk, clock: Clock, alice: Signer) -> None:
    nonce = desk.nonce().nonce
    clock.now += NONCE_S + 1
    text = message_of(nonce, alice, issued_at=stamp(datetime.fromtimestamp(clock.now, UTC)))
    with pytest.raises(NotSignedIn, match="nonce"):
        desk.sign_in(text, alice.sign_text(text))


def test_sign_in__no_message_at_all__is_malformed(api: Api, alice: Signer) -> None:
    answer = api.client.post("/v1/auth/sign-in", json={"message": "let me in", "signature": "0x12"})
    assert (answer.status_code, answer.json()["code"]) == (400, "malformed_input")


def test_sign_in__good__opens_what_is_the_wallets_and_says_its_roles(api: Api, alice: Signer) -> None:
    me = api.get("/v1/auth/me", headers=api.sign_in(alice))
    assert me["wallet"] == alice.address
    assert [(c["status"], c["roles"]) for c in me["communities"]] == [("active", [])]


def test_me__roles__are_the_contracts_own(api: Api) -> None:
    world = api.world
    roles = {
        signer.name: set(api.get("/v1/auth/me", headers=api.sign_in(signer))["communities"][0]["roles"])
        for signer in (world.admin, world.market_operator, world.operators[0])
    }
    assert roles[world.admin.name] >= {"community_admin", "token_admin", "oracle_admin"}
    assert roles[world.market_operator.name] == {"market_operator"}
    assert roles[world.operators[0].name] == {"oracle_operator"}
    assert api.get("/v1/auth/me", headers=api.sign_in(world.stranger))["communities"] == []


@pytest.mark.parametrize("header", [None, "Bearer nonsense", "Basic abc", "Bearer "])
def test_me__no_good_token__is_not_signed_in(api: Api, header: str | None) -> None:
    problem = api.get("/v1/auth/me", status=401, headers={} if header is None else {"Authorization": header})
    assert problem["code"] == "not_signed_in"


def test_me__token_of_another_key_algorithm_or_time__is_refused(api: Api, desk: SignInDesk, alice: Signer) -> None:
    good = api.sign_in(alice)["Authorization"].removeprefix("Bearer ")
    claims = jwt.decode(good, options={"verify_signature": False})
    forged = [
        jwt.encode(claims, b"x" * 32, algorithm="HS256"),
        jwt.encode(claims, None, algorithm="none"),  # type: ignore[arg-type]
        jwt.encode({**claims, "sub": api.world.bob.address}, desk.key, algorithm="HS256"),
        jwt.encode({**claims, "aud": "https://elsewhere.example"}, desk.key, algorithm="HS256"),
        jwt.encode({**claims, "exp": claims["iat"] - 1}, desk.key, algorithm="HS256"),
        jwt.encode({**claims, "sid": "unknown"}, desk.key, algorithm="HS256"),
        jwt.encode({k: v for k, v in claims.items() if k != "exp"}, desk.key, algorithm="HS256"),
    ]
    for token in forged:
        assert api.get("/v1/auth/me", status=401, headers={"Authorization": f"Bearer {token}"})
    assert api.get("/v1/auth/me", headers={"Authorization": f"Bearer {good}"})


def test_access__ten_minutes_later__has_expired(desk: SignInDesk, clock: Clock, alice: Signer) -> None:
    text = message_of(desk.nonce().nonce, alice)
    tokens = desk.sign_in(text, alice.sign_text(text))
    clock.now += ACCESS_S - 1
    assert desk.wallet_of(tokens.access) == alice.address
    clock.now += 2
    with pytest.raises(NotSignedIn, match="expired"):
        desk.wallet_of(tokens.access)


def test_sign_out__ends_access_tokens_at_once(api: Api, alice: Signer) -> None:
    header = api.sign_in(alice)
    assert api.client.post("/v1/auth/sign-out").status_code == 204
    assert api.get("/v1/auth/me", status=401, headers=header)["code"] == "not_signed_in"
    assert api.client.post("/v1/auth/refresh").status_code == 401


def test_refresh__rotates_the_cookie_and_keeps_it_from_scripts(api: Api, alice: Signer) -> None:
    api.sign_in(alice)
    before = api.client.cookies["commonwatt_refresh"]
    answer = api.client.post("/v1/auth/refresh")
    assert answer.status_code == 200
    cookie = answer.headers["Set-Cookie"]
    assert all(word in cookie for word in ("HttpOnly", "SameSite=strict", "Path=/v1/auth"))
    assert api.client.cookies["commonwatt_refresh"] != before
    assert before not in answer.text


def test_refresh__token_used_twice__ends_the_sign_in_for_thief_and_owner(
    desk: SignInDesk, clock: Clock, alice: Signer
) -> None:
    text = message_of(desk.nonce().nonce, alice)
    first = desk.sign_in(text, alice.sign_text(text))
    second = desk.refresh(first.refresh or "")
    clock.now += GRACE_S + 1
    with pytest.raises(NotSignedIn, match="used before"):
        desk.refresh(first.refresh or "")
    with pytest.raises(NotSignedIn, match="over"):
        desk.refresh(second.refresh or "")
    with pytest.raises(NotSignedIn, match="over"):
        desk.wallet_of(second.access)


def test_refresh__two_tabs_at_once__both_stay_signed_in(desk: SignInDesk, alice: Signer) -> None:
    text = message_of(desk.nonce().nonce, alice)
    first = desk.sign_in(text, alice.sign_text(text))
    one, other = desk.refresh(first.refresh or ""), desk.refresh(first.refresh or "")
    assert other.refresh is None
    assert desk.wallet_of(one.access) == desk.wallet_of(other.access) == alice.address


def test_refresh__two_weeks_unused__is_over(desk: SignInDesk, clock: Clock, alice: Signer) -> None:
    text = message_of(desk.nonce().nonce, alice)
    tokens = desk.sign_in(text, alice.sign_text(text))
    clock.now += REFRESH_S + 1
    with pytest.raises(NotSignedIn):
        desk.refresh(tokens.refresh or "")


def test_sign_in__wallet_is_a_contract_that_says_yes_or_no__is_believed(
    api: Api, desk: SignInDesk, alice: Signer
) -> None:
    """EIP-1271; the two contracts are a few bytes of code that answer always the same."""
    world = api.world
    for answer, is_taken in (("1626ba7e", True), ("ffffffff", False)):
        # PUSH4 answer, PUSH1 224, SHL, PUSH1 0, MSTORE, PUSH1 32, PUSH1 0, RETURN
        code = bytes.fromhex(f"63{answer}60e01b60005260206000f3")
        at = Address("0x" + ("51" if is_taken else "52") * 20)
        world.chain.request("anvil_setCode", at, "0x" + code.hex())
        text = message_of(desk.nonce().nonce, alice, address=checksummed(at))
        if is_taken:
            assert desk.sign_in(text, b"anything").wallet == at
        else:
            with pytest.raises(NotSignedIn, match="not the wallet's"):
                desk.sign_in(text, b"anything")


def test_token_key__made_once__is_for_its_user_alone(tmp_path: Path) -> None:
    file = tmp_path / "api" / "token.key"
    key = token_key(file)
    assert (token_key(file), len(key), stat.S_IMODE(file.stat().st_mode)) == (key, 32, 0o600)


def test_token_key__others_can_read_it__is_refused(tmp_path: Path) -> None:
    file = tmp_path / "token.key"
    token_key(file)
    file.chmod(0o644)
    with pytest.raises(SettingsError, match="chmod 600"):
        token_key(file)
