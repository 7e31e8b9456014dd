"""`commonwatt execute SESSION`: pay out a final settlement, by a member or by anybody for them.

Reads the settlement's published dataset, named by the chain and trusted by its name alone, and sends the leaf with its
proof; with `--all`, every leaf that is left, those who owe first. Executing is final. Settings: `COMMONWATT_NETWORK`,
`COMMONWATT_RPC_URL`.
"""

from typing import Annotated

import typer

from commons.actions import sessions
from commons.addresses import Address
from commons.chain import Call
from commons.contracts import CommunityReader
from commons.errors import DatasetMalformed, InputError
from commons.records import PositionState, SettlementLeaf
from commons.units import SessionId, show_eur
from commons.wallets import Signer
from oracle.execution.batches import batches
from oracle.publication.reading import read_settlement
from oracle.publication.settlement import SettlementDocument
from scripts.surroundings import (
    As,
    CommunityAt,
    DataAt,
    Json,
    Keystore,
    Network,
    PasswordFile,
    Rpc,
    SignIn,
    open_community,
    published_at,
    show,
    shown,
    table,
    wallet,
)

BATCH = 25
"""Fewer than an operator takes at once: the proxy before a member's node passes on no more than 5 M gas."""


def run(
    session_id: Annotated[int, typer.Argument(metavar="SESSION", help="The session's number.")],
    trader: Annotated[str | None, typer.Option("--for", metavar="WALLET", help="Whose leaf; the signer's.")] = None,
    everybody: Annotated[bool, typer.Option("--all", help="Every leaf that is left, those who owe first.")] = False,
    data: DataAt = None,
    network: Network = None,
    rpc: Rpc = None,
    community: CommunityAt = None,
    as_name: As = None,
    keystore: Keystore = None,
    password_file: PasswordFile = None,
    as_json: Json = False,
) -> None:
    """Execute a leaf of a session's final settlement: pay what is owed, get what is due, free the rest of the lock."""
    reader = open_community(network, rpc, community)
    number = SessionId(session_id)
    reader.require_session(number)
    signer = SignIn(as_name, keystore, password_file).signer(reader.chain)
    document = published_settlement(reader, number, data)
    wanted = None if everybody else [wallet(trader) if trader else signer.address]
    paid = execute(reader, number, signer, document, wanted)
    rows = [(shown(leaf.trader), *(show_eur(m) for m in (leaf.debit, leaf.credit, leaf.penalty))) for leaf in paid]
    show(
        as_json,
        {"session_id": number, "executed": paid},
        lambda: table(("member", "debit", "credit", "penalty"), rows) if rows else ["Every leaf is executed already."],
    )


def published_settlement(reader: CommunityReader, number: SessionId, data: str | None) -> SettlementDocument:
    """The dataset of the accepted settlement, checked against the root on the chain.

    Raises:
        InputError: no settlement is accepted.
        DataError: the dataset is missing, or is not what the chain names.
    """
    event = sessions.view(reader, number).settlement_event
    if event is None:
        raise InputError(
            f"session {number} has no accepted settlement", which=number, remedy="See `commonwatt session show`."
        )
    cid = event.args["dataCid"]
    document = read_settlement(published_at(data), cid)
    if document.tree().root != event.args["root"]:
        raise DatasetMalformed(
            f"the settlement dataset {cid} does not lead to the root on the chain",
            which=cid,
            remedy="The operators published something else than they attested: do not execute, ask them.",
        )
    return document


def execute(
    reader: CommunityReader,
    number: SessionId,
    signer: Signer,
    document: SettlementDocument,
    wanted: list[Address] | None = None,
) -> list[SettlementLeaf]:
    """Execute the leaves of the traders wanted, or of all that are left, and give them.

    Raises:
        InputError: a trader wanted has no leaf, or its leaf was executed before.
        ContractRefusal: the settlement is not final, or the contract refuses a leaf.
    """
    traders = [member.trader for member in document.members]
    for trader in wanted or []:
        if trader not in traders:
            raise InputError(f"{shown(trader)} has no leaf in session {number}", which=number, remedy="Nothing is due.")
    chosen = traders if wanted is None else wanted
    positions = dict(zip(chosen, reader.positions(number, chosen), strict=True))
    left = [trader for trader in chosen if positions[trader].state == PositionState.REVEALED]
    if wanted and not left:
        raise InputError(
            f"{shown(wanted[0])} has no lock left in session {number}", which=number, remedy="It is settled."
        )
    if not reader.is_validated(number):
        reader.chain.send(signer, reader.contracts.sessions.call("setPriorSessionValidation", number))
    paid: list[SettlementLeaf] = []
    for batch in batches(document.members, document.tree(), left, BATCH):
        reader.chain.send(signer, _call(reader, number, batch.leaves, batch.proofs))
        paid += batch.leaves
    return paid


def _call(
    reader: CommunityReader,
    number: SessionId,
    leaves: tuple[SettlementLeaf, ...],
    proofs: tuple[tuple[bytes, ...], ...],
) -> Call:
    market = reader.contracts.marketplace
    if len(leaves) == 1:
        return market.call("execute", number, leaves[0], proofs[0])
    return market.call("executeBatch", number, leaves, proofs)
