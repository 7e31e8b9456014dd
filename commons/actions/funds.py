"""Money in and out: minting settlement euro, paying escrow in and out, operators' bonds."""

import secrets

from commons.addresses import Address, checksummed
from commons.chain import Call, Receipt, TransactionSigner
from commons.contracts import CommunityReader, Contract, Contracts
from commons.errors import ContractRefusal, InsufficientEscrow
from commons.keccak import keccak256
from commons.records import Bond, Funds, Question
from commons.units import EpochSeconds, MoneyUe, show_eur
from commons.wallets import Signer

MOST_STAKES = 100
"""Ended in one transaction."""
BONDS_PER_CALL = 64
"""As many as a set of operators may have."""


def bank_reference(text: str) -> bytes:
    """A bank payment's reference as the contract keeps it: the keccak256 of its text."""
    return keccak256(text.encode())


def mint_call(euro: Contract, holder: Address, amount: MoneyUe, reference: str | None = None) -> Call:
    """Mint settlement euro against a bank payment, once per reference. Issuer only.

    Without a reference a random one stands in, for a demo without a bank.
    """
    text = secrets.token_hex(16) if reference is None else reference
    return euro.call("mint", holder, amount, bank_reference(text))


def redeem_call(euro: Contract, amount: MoneyUe, reference: str | None = None) -> Call:
    """Burn settlement euro of the sender's; the issuer pays them out by bank under the reference, random if none."""
    text = secrets.token_hex(16) if reference is None else reference
    return euro.call("redeem", amount, bank_reference(text))


def deposit_calls(contracts: Contracts, amount: MoneyUe) -> list[Call]:
    """Allow the market to take the amount, then pay it into escrow: two calls of the same member, in this order."""
    return [
        contracts.euro.call("approve", contracts.marketplace.address, amount),
        contracts.marketplace.call("deposit", amount),
    ]


def deposit(reader: CommunityReader, member: Signer, amount: MoneyUe) -> Funds:
    """Pay into escrow and give the member's funds afterwards.

    Raises:
        InsufficientEscrow: the wallet holds less settlement euro than that.
        ContractRefusal: the wallet is no active member.
    """
    balance = reader.euro_balance(member.address)
    if balance < amount:
        raise InsufficientEscrow(
            f"{checksummed(member.address)} holds {show_eur(balance)} of settlement euro, and {show_eur(amount)} are "
            "to be paid in",
            which=member.address,
            remedy="Get settlement euro from the issuer first, or pay in less.",
        )
    allow, pay_in = deposit_calls(reader.contracts, amount)
    reader.chain.send(member, allow)
    reader.chain.send(member, pay_in)
    return reader.funds(member.address)


def withdraw(reader: CommunityReader, member: Signer, amount: MoneyUe | None = None) -> Receipt:
    """Pay free escrow out to the member's wallet; all of it where no amount is given."""
    if amount is None:
        return reader.chain.send(member, reader.contracts.marketplace.call("withdrawAllFunds"))
    return reader.chain.send(member, reader.contracts.marketplace.call("claimAvailableFunds", amount))


def bond_calls(contracts: Contracts, amount: MoneyUe) -> list[Call]:
    """Allow the quorum to take the amount, then add it to the operator's bond."""
    return [
        contracts.euro.call("approve", contracts.quorum.address, amount),
        contracts.quorum.call("depositBond", amount),
    ]


def pay_bond(reader: CommunityReader, operator: Signer, amount: MoneyUe) -> Bond:
    """Add to the operator's bond; a bond that it lost is collected first, since it takes what is paid in before."""
    if reader.lost_in(operator.address):
        collect_bonds(reader, operator)
    for call in bond_calls(reader.contracts, amount):
        reader.chain.send(operator, call)
    return reader.bond(operator.address)


def collect_bonds(reader: CommunityReader, sender: TransactionSigner) -> None:
    """Collect the bonds of all who backed refuted answers; anybody may, and may be overtaken by somebody else."""
    while reader.uncollected_answers():
        try:
            reader.chain.send(sender, reader.contracts.quorum.call("collectBonds", BONDS_PER_CALL))
        except ContractRefusal:
            if reader.uncollected_answers():
                raise


def unbond(reader: CommunityReader, operator: Signer, amount: MoneyUe | None = None) -> Bond:
    """End the operator's stakes in questions that are over, then take bond back; all of it where no amount is given.

    Raises:
        ContractRefusal: a stake is still open or lost, or the bond is smaller.
    """
    quorum = reader.contracts.quorum
    over = ended_stakes(reader, operator.address)
    for first in range(0, len(over), MOST_STAKES):
        reader.chain.send(operator, quorum.call("releaseStakes", over[first : first + MOST_STAKES]))
    wanted = reader.bond(operator.address).amount if amount is None else amount
    reader.chain.send(operator, quorum.call("withdrawBond", wanted))
    return reader.bond(operator.address)


def ended_stakes(reader: CommunityReader, operator: Address) -> list[bytes]:
    """The questions in which the operator's stake can be ended, in the order of its votes."""
    quorum = reader.contracts.quorum.address
    names = ("Attested", "VoteWithdrawn", "StakeReleased", "BondLost")
    backed: dict[bytes, bytes | None] = {}
    for event in reader.chain.events(quorum, reader.first_block, names=names):
        if event.args["operator"] == operator:
            backed[event.args["question"]] = event.args["answer"] if event.name == "Attested" else None
    held = {question: answer for question, answer in backed.items() if answer is not None}
    now = reader.chain.now()
    known = zip(held.items(), reader.questions(list(held)), strict=True)
    return [number for (number, answer), question in known if _is_free(question, answer, now)]


def _is_free(question: Question, answer: bytes, now: EpochSeconds) -> bool:
    """Not behind a refuted answer: that stake is lost, and ends when it is collected."""
    return question.is_over(now) and not (question.is_void and question.accepted == answer)
