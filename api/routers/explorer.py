"""The explorer: blocks, transactions, decoded events, and a search over all of them."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query

from api.queries import events as ask_events
from api.queries.search import search
from api.read_model.events import Wanted
from api.schemas.common import GivenAddress, GivenHash, Page
from api.schemas.events import ChainEvent
from api.schemas.explorer import BlockDetail, BlockHead, Hit, TransactionDetail
from api.web.fresh import fresh
from api.web.paging import Paging
from api.web.parts import LARGEST_NUMBER, Look, Read

MOST_EVENTS = 1000
_NAME = Query(pattern="^[A-Za-z]{1,40}$", description="Only events of this name.")
_CONTRACT = Query(pattern="^[a-z_]{1,20}$", description="Only events of contracts in this role.")
router = APIRouter(prefix="/v1/explorer", tags=["explorer"])


@router.get("/blocks")
def list_blocks(look: Look, cut: Paging) -> Page[BlockHead]:
    """Blocks, newest first."""
    found = look.blocks(cut.cursor, cut.limit + 1)
    return cut.page(found, lambda block: block.number)


@router.get("/blocks/{block}")
def show_block(
    block: Annotated[str, Path(pattern="^([0-9]{1,18}|0x[0-9a-fA-F]{64})$", description="Its number or hash.")],
    look: Look,
) -> BlockDetail:
    """A block with its transactions."""
    return look.block(block if block.startswith("0x") else int(block))


@router.get("/transactions/{tx_hash}")
def show_transaction(tx_hash: GivenHash, look: Look, read: Read) -> TransactionDetail:
    """A transaction, decoded, with the events of ours that it left."""
    found = look.transaction(tx_hash)
    with read.rows() as rows:
        events = ask_events.found(rows, Wanted(tx_hash=tx_hash), None, MOST_EVENTS)
    return found.model_copy(update={"events": events[::-1]})


@router.get("/events", dependencies=[Depends(fresh)])
def list_events(
    read: Read,
    cut: Paging,
    community: Annotated[GivenAddress | None, Query(description="Only events of this community.")] = None,
    subject: Annotated[
        str | None, Query(pattern="^0x([0-9a-fA-F]{40}|[0-9a-fA-F]{64})$", description="An address or hash spoken of.")
    ] = None,
    name: Annotated[str | None, _NAME] = None,
    contract: Annotated[str | None, _CONTRACT] = None,
    block: Annotated[int | None, Query(ge=0, le=LARGEST_NUMBER, description="Only events of this block.")] = None,
) -> Page[ChainEvent]:
    """Decoded events, newest first."""
    wanted = Wanted(
        community=community,
        names=None if name is None else [name],
        subject=None if subject is None else subject.lower(),
        block=block,
        contract=contract,
    )
    with read.rows() as rows:
        found = ask_events.found(rows, wanted, cut.cursor, cut.limit + 1)
    return cut.page(found, lambda event: event.id)


@router.get("/search", dependencies=[Depends(fresh)])
def find(
    q: Annotated[str, Query(min_length=1, max_length=70, description="An address, a 32-byte hash, or a number.")],
    read: Read,
) -> list[Hit]:
    """What an address, hash or number may be."""
    with read.rows() as rows:
        return search(rows, q)
