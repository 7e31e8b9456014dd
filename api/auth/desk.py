"""Sign-in: a nonce good once, a signed message, then a short-lived access token and a refresh token that rotates.

An access token is a JWT (HS256, 10 minutes) that names wallet and sign-in; a sign-in that is over, by sign-out or
because a refresh token came back that was spent before, takes its access tokens with it at once. Of refresh tokens only
digests are kept.
"""

import hashlib
import hmac
import secrets
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

import jwt
from sqlalchemy import Engine, delete, update
from sqlmodel import Session, col

from api.auth.message import SignInMessage, parse
from api.auth.signatures import signed_by
from api.auth.tables import NonceRow, SignInRow
from api.read_model.tables import table_of
from commons.addresses import Address
from commons.chain import Chain
from commons.errors import NotSignedIn

NONCE_S = 600
ACCESS_S = 600
REFRESH_S = 14 * 24 * 3600
SKEW_S = 60
"""How far the clocks of wallet and server may differ."""
GRACE_S = 20
"""How long a refresh token that was just spent is still forgiven: two tabs may refresh at once."""
ALGORITHM = "HS256"


@dataclass(frozen=True, slots=True)
class Tokens:
    """What a client gets; `refresh` is None where it keeps the one it has."""

    wallet: Address
    access: str
    access_expires: int
    refresh: str | None
    refresh_expires: int


@dataclass(frozen=True)
class SignInDesk:
    """Signs wallets in for one origin and chain."""

    engine: Engine
    chain: Chain
    key: bytes
    origin: str
    clock: Callable[[], float] = time.time

    # ---------------------------------------------------------------- signing in

    def nonce(self) -> NonceRow:
        """A nonce for one sign-in within ten minutes."""
        now = int(self.clock())
        row = NonceRow(nonce=secrets.token_hex(16), expires=now + NONCE_S)
        with Session(self.engine, expire_on_commit=False) as rows:
            rows.connection().execute(delete(table_of(NonceRow)).where(col(NonceRow.expires) < now))
            rows.connection().execute(delete(table_of(SignInRow)).where(col(SignInRow.expires) < now))
            rows.add(row)
            rows.commit()
        return row

    def sign_in(self, text: str, signature: bytes) -> Tokens:
        """Begin a sign-in with a signed message.

        Raises:
            MalformedInput: the text is no sign-in message.
            NotSignedIn: it is for another site or chain, too old, its nonce is spent, or the signature is another's.
        """
        message = parse(text)
        self._require_ours(message)
        self._require_timely(message)
        if not signed_by(self.chain, message.wallet, text, signature):
            raise _refused("the signature is not the wallet's")
        self._spend(message.nonce)
        return self._begin(message.wallet)

    def _require_ours(self, message: SignInMessage) -> None:
        origin, uri = urlsplit(self.origin), urlsplit(message.uri)
        if message.domain != origin.netloc or message.scheme not in (None, origin.scheme):
            raise _refused(f"the message is for {message.domain}, and this is {origin.netloc}")
        if (uri.scheme, uri.netloc) != (origin.scheme, origin.netloc):
            raise _refused(f"the message's URI is {message.uri}, and this is {self.origin}")
        if message.version != "1":
            raise _refused(f"the message is of version {message.version}, and 1 is known")
        if message.chain_id != self.chain.chain_id:
            raise _refused(f"the message is for chain {message.chain_id}, and this is {self.chain.chain_id}")

    def _require_timely(self, message: SignInMessage) -> None:
        now = self.clock()
        if message.issued_at > now + SKEW_S:
            raise _refused("the message was issued in the future")
        if message.issued_at < now - NONCE_S - SKEW_S:
            raise _refused("the message was issued too long ago")
        if message.expires_at is not None and message.expires_at <= now:
            raise _refused("the message has expired")
        if message.not_before is not None and message.not_before > now + SKEW_S:
            raise _refused("the message is not good yet")

    def _spend(self, nonce: str) -> None:
        """Use a nonce up: of two that come with it, one is refused."""
        with Session(self.engine) as rows:
            spent = delete(table_of(NonceRow)).where(
                col(NonceRow.nonce) == nonce, col(NonceRow.expires) >= int(self.clock())
            )
            found = rows.connection().execute(spent).rowcount
            rows.commit()
        if found != 1:
            raise _refused("the message's nonce is unknown, spent or too old")

    def _begin(self, wallet: Address) -> Tokens:
        now, secret = int(self.clock()), secrets.token_urlsafe(32)
        row = SignInRow(
            id=uuid.uuid4().hex, wallet=wallet, began=now, expires=now + REFRESH_S, refresh=_digest(secret), rotated=now
        )
        with Session(self.engine, expire_on_commit=False) as rows:
            rows.add(row)
            rows.commit()
        return self._tokens(row, secret)

    # ---------------------------------------------------------------- staying signed in

    def refresh(self, token: str) -> Tokens:
        """New tokens for a refresh token, which is spent by it.

        Raises:
            NotSignedIn: it is unknown or over; where it was spent before, somebody else has it, and the sign-in ends.
        """
        number, _, secret = token.partition(".")
        now, fresh, digest = int(self.clock()), secrets.token_urlsafe(32), _digest(secret)
        with Session(self.engine, expire_on_commit=False) as rows:
            table = table_of(SignInRow)
            rotation = (
                update(table)
                .where(table.c.id == number, table.c.refresh == digest, ~table.c.is_over, table.c.expires > now)
                .values(refresh=_digest(fresh), previous=digest, rotated=now, expires=now + REFRESH_S)
            )
            is_rotated = rows.connection().execute(rotation).rowcount == 1
            row = rows.get(SignInRow, number)
            if row is None or row.is_over or row.expires <= now:
                raise _refused("the sign-in is over")
            if not is_rotated and not (_same(row.previous, digest) and now - row.rotated <= GRACE_S):
                row.is_over = True
                rows.commit()
                raise _refused("the refresh token was used before")
            rows.commit()
        return self._tokens(row, fresh if is_rotated else None)

    def sign_out(self, token: str | None) -> None:
        """End the sign-in of a refresh token; nothing happens where it has none."""
        number, _, secret = (token or "").partition(".")
        with Session(self.engine) as rows:
            row = rows.get(SignInRow, number)
            if row is not None and (_same(row.refresh, _digest(secret)) or _same(row.previous, _digest(secret))):
                row.is_over = True
                rows.commit()

    def wallet_of(self, token: str) -> Address:
        """The wallet that an access token stands for.

        Raises:
            NotSignedIn: the token is not ours, has expired, or its sign-in is over.
        """
        try:
            claims = jwt.decode(
                token,
                self.key,
                algorithms=[ALGORITHM],
                audience=self.origin,
                issuer=self.origin,
                options={"require": ["exp", "sub", "sid"], "verify_exp": False, "verify_iat": False},
            )
        except jwt.InvalidTokenError as error:
            raise _refused("the access token is not valid") from error
        if not isinstance(claims["exp"], int) or claims["exp"] <= self.clock():
            raise _refused("the access token has expired")
        with Session(self.engine) as rows:
            row = rows.get(SignInRow, str(claims["sid"]))
        if row is None or row.is_over or row.wallet != claims["sub"]:
            raise _refused("the sign-in is over")
        return Address(row.wallet)

    def _tokens(self, row: SignInRow, secret: str | None) -> Tokens:
        now = int(self.clock())
        claims = {
            "iss": self.origin,
            "aud": self.origin,
            "sub": row.wallet,
            "sid": row.id,
            "iat": now,
            "exp": now + ACCESS_S,
        }
        return Tokens(
            wallet=Address(row.wallet),
            access=jwt.encode(claims, self.key, algorithm=ALGORITHM),
            access_expires=now + ACCESS_S,
            refresh=None if secret is None else f"{row.id}.{secret}",
            refresh_expires=row.expires,
        )


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def _same(kept: str | None, digest: str) -> bool:
    return kept is not None and hmac.compare_digest(kept, digest)


def _refused(why: str) -> NotSignedIn:
    return NotSignedIn(why, remedy="Sign in again.")
