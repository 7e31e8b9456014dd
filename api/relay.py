"""Forwarding signed transactions to the node, for those whom its network does not reach: watchtowers and applicants.

Nothing is signed here but applications, which anybody may carry: by a key that owns nothing and has no role, so that
whoever stole it could do no more than anybody can. Source: DESIGN.md section 12.
"""

from dataclasses import dataclass, field

from sqlmodel import select

from api.limits import Rate
from api.read_model.model import ReadModel
from api.read_model.tables import CommunityFactRow, FollowedContractRow
from commons.actions.community import SignedApplication, register_call
from commons.addresses import Address
from commons.chain import Chain, SignedTransaction, TransactionSigner
from commons.chain.raw import RawTransaction, decode_transaction
from commons.errors import InputError, MalformedInput, NotOffered, TooLarge

MOST_GAS = 5_000_000
MOST_BYTES = 131_072
SENT_A_SECOND = 0.5
SENT_AT_ONCE = 30


@dataclass(frozen=True)
class Relay:
    """Hands signed transactions on, to contracts that are followed and to their settlement tokens."""

    chain: Chain
    read: ReadModel
    signer: TransactionSigner | None = None
    """Who carries applications; None where no key was given for it."""
    _rate: Rate = field(default_factory=lambda: Rate(SENT_A_SECOND, SENT_AT_ONCE))

    def forward(self, raw: bytes) -> str:
        """Hand a signed transaction to the node and give its hash; one that was handed over before is no error.

        Raises:
            MalformedInput, InputError, TooLarge: it is none, or not one that is forwarded.
            RateLimited: its sender sends too often.
            TransactionFailed: the node refuses it.
        """
        if len(raw) > MOST_BYTES:
            raise TooLarge(f"the transaction has {len(raw)} bytes", remedy=f"At most {MOST_BYTES} are forwarded.")
        found = decode_transaction(raw)
        self._require_wanted(found)
        self._rate.spend(found.sender)
        return self.chain.broadcast(SignedTransaction(found.hash, found.sender, found.nonce, raw))

    def apply(self, community: Address, signed: SignedApplication) -> str:
        """Carry an applicant's signed application to the chain, and give the transaction's hash.

        Raises:
            NotOffered: no key was given to this installation.
            UnknownCommunity: there is none.
            ContractRefusal: the community refuses it.
        """
        if self.signer is None:
            raise NotOffered(
                "this installation carries no applications",
                remedy="Send the application with the wallet itself, or ask the community's administrators.",
            )
        return self.chain.broadcast(
            self.chain.prepare(self.signer, register_call(self.read.contracts_of(community), signed))
        )

    def _require_wanted(self, found: RawTransaction) -> None:
        if found.chain_id != self.chain.chain_id:
            raise MalformedInput(
                f"the transaction is for chain {found.chain_id}, and this is {self.chain.chain_id}",
                which=found.hash,
                remedy="Sign it for this chain.",
            )
        if found.gas > MOST_GAS:
            raise TooLarge(
                f"a gas limit of {found.gas} is above the {MOST_GAS} that are forwarded",
                which=found.hash,
                remedy="Send less at once.",
            )
        if found.to is None or not self._is_ours(found.to):
            raise InputError(
                "only calls of the communities' contracts and their settlement tokens are forwarded",
                which=found.hash,
                remedy="Send it through a node of your own.",
            )

    def _is_ours(self, to: Address) -> bool:
        with self.read.rows() as rows:
            if rows.get(FollowedContractRow, to) is not None:
                return True
            is_token = select(CommunityFactRow.address).where(CommunityFactRow.settlement_token == to).limit(1)
            return rows.exec(is_token).first() is not None
