"""Posting an operator's own division, or attesting an equal one, through its journal; and reading the accepted one."""

from commons.actions import incentives
from commons.contracts import CommunityReader
from commons.errors import DatasetMalformed, InputError, OperatorDisagreement
from commons.store import FolderStore, Reader
from oracle.dividing.difference import compared
from oracle.dividing.own import OwnDivision
from oracle.outbox import Outbox
from oracle.publication.incentive import IncentiveDocument
from oracle.publication.reading import read_incentive


def post_own(
    reader: CommunityReader, own: OwnDivision, outbox: Outbox, published: FolderStore, elsewhere: Reader
) -> str:
    """Publish the operator's division and vote for it, once; what was done, in words.

    `elsewhere` is where others publish: read only to tell where an accepted division differs.

    Raises:
        OperatorDisagreement: another division was accepted than this operator's.
    """
    published.publish(own.published)
    outbox.settle_open()
    number, treasury, quorum = own.incentive_id, reader.contracts.treasury, reader.contracts.quorum
    question = reader.chain.call(treasury.call("splitQuestion", number))
    answer = equal_answer(reader, own)
    accepted = reader.accepted(question).answer
    if accepted is not None and accepted != answer:
        raise OperatorDisagreement(
            f"another division of incentive {number} was accepted than this operator's: "
            + compared(own.document, _cid_of(reader, accepted), elsewhere),
            which=number,
            remedy="Compare the two published divisions; within the window a vote can be withdrawn.",
        )
    if answer is not None and reader.backs(question, answer, outbox.signer.address):
        return "has voted for this division already"
    if answer is not None:
        outbox.send(f"incentive/{number}", quorum.call("attest", question, answer))
        return "attested the division"
    call = incentives.post_call(reader.contracts, number, own.split, own.published.cid)
    outbox.send(f"incentive/{number}", call)
    return "posted the division"


def accepted_document(reader: CommunityReader, incentive_id: int, places: Reader) -> IncentiveDocument:
    """The published division under the accepted root.

    Raises:
        InputError: none is accepted. DataError: it cannot be read, or is not the accepted one.
    """
    view = incentives.incentive(reader, incentive_id)
    if not view.final_at:
        raise InputError(
            f"no division of incentive {incentive_id} is accepted yet",
            which=incentive_id,
            remedy="The operators divide it with `commonwatt incentive post`.",
        )
    accepted = reader.accepted(reader.chain.call(reader.contracts.treasury.call("splitQuestion", incentive_id))).answer
    assert accepted is not None, "a division that is final was accepted"
    cid = _cid_of(reader, accepted)
    document = read_incentive(places, cid)
    if document.root != view.split.root or document.incentive_id != incentive_id:
        raise DatasetMalformed(
            f"the shares in the published division {cid} do not lead to the accepted root",
            remedy="Ask an operator who attested it; members can claim what they hold a proof of.",
        )
    return document


def equal_answer(reader: CommunityReader, own: OwnDivision) -> bytes | None:
    """The answer of a posted division equal to the operator's own, down to what was published of it."""
    events = reader.chain.events(reader.contracts.treasury.address, reader.first_block, names=("SplitPosted",))
    for event in events:
        args = event.args
        if args["incentiveId"] == own.incentive_id and (args["split"], args["dataCid"]) == (
            own.split,
            own.published.cid,
        ):
            return bytes(args["answer"])
    return None


def _cid_of(reader: CommunityReader, answer: bytes) -> str:
    """Under which name a posted division was published."""
    events = reader.chain.events(reader.contracts.treasury.address, reader.first_block, names=("SplitPosted",))
    return str(next(event.args["dataCid"] for event in events if event.args["answer"] == answer))
