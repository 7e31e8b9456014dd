"""Who is signing in, and who is signed in. Nothing here opens anything: of tokens, digests are kept."""

from sqlalchemy import BigInteger, Column
from sqlmodel import Field, SQLModel


class NonceRow(SQLModel, table=True):
    """A number handed out for one sign-in; used up by it."""

    __tablename__ = "sign_in_nonces"

    nonce: str = Field(primary_key=True)
    expires: int = Field(sa_column=Column(BigInteger, nullable=False, index=True))


class SignInRow(SQLModel, table=True):
    """A sign-in of a wallet, from the signature to the sign-out."""

    __tablename__ = "sign_ins"

    id: str = Field(primary_key=True)
    wallet: str = Field(index=True)
    began: int = Field(sa_column=Column(BigInteger, nullable=False))
    expires: int = Field(sa_column=Column(BigInteger, nullable=False, index=True))
    refresh: str = Field(unique=True)
    """SHA-256 of the refresh token that is good now."""
    previous: str | None = None
    """SHA-256 of the one before, which is forgiven for a moment."""
    rotated: int = Field(sa_column=Column(BigInteger, nullable=False))
    is_over: bool = False
    """Signed out, or ended because a refresh token was used twice."""
