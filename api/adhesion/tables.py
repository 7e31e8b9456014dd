"""Signed adhesion contracts that were handed in; the documents themselves lie beside the database, 0600."""

from sqlalchemy import BigInteger, Column, Index
from sqlmodel import Field, SQLModel


class AdhesionRow(SQLModel, table=True):
    """A document that an applicant handed in."""

    __tablename__ = "adhesion_documents"
    __table_args__ = (Index("adhesions_of_community", "community", "wallet"),)

    adhesion_hash: str = Field(primary_key=True)
    """keccak256(document ‖ salt): what the applicant signs and the chain keeps."""
    community: str
    wallet: str
    salt: str
    media_type: str
    size: int
    received: int = Field(sa_column=Column(BigInteger, nullable=False))
