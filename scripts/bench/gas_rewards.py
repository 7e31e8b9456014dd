"""Gas of evidence and rewards, through clones: a binding, a dataset, and a day's batch of 10,000 claims with some paid.

All but the claimants of the batch are made up: a claim's gas grows with the logarithm of their number alone.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from statistics import median

from commons.actions.bindings import PointOfMember, bind_call, bindings_for
from commons.actions.rewards import MOST_CLAIMS, batch_id_of, claim_call, set_parameters
from commons.addresses import Address
from commons.chain import Call
from commons.keccak import keccak256
from commons.records import ModelKind, PointKind, PostedDataset, RewardBatch, RewardParameters
from commons.slots import day_number, local_day, local_midnight
from commons.units import BasisPoints, EpochSeconds
from commons.wallets import Signer
from oracle.publication.incentive import UsedDataset
from oracle.publication.rewards import RewardsDocument
from oracle.rewarding.rewarder import claim_of
from oracle.rewards.leaves import MemberReward, reward_tree
from scripts.bench.community import LIMITS, BenchCommunity, community_of
from scripts.bench.row import Progress, Row, Rows
from scripts.embedded import jump_to

TITLE = "Gas of evidence and rewards"
MEMBERS = 40
CLAIMS = 10_000
YARDSTICK = "an ERC-20 transfer"
CID = "bafkreigh2akiscaildcqabsyg3dfr6chu3fgpregiymsck7e7aqa4s52zy"
ROUND = 1


def rows(progress: Progress) -> Rows:
    """What a member and an operator pay for in gas, beside a plain transfer in the same community."""
    with community_of(MEMBERS) as community:
        progress(f"{MEMBERS} members join")
        community.apply()
        community.approve()
        community.deposit()
        transfer = _used(community, community.members[0], _transfer(community))
        progress(f"a day of {CLAIMS:,} claims")
        for name, size, gas in _actions(community):
            yield Row(name, size, gas, "gas", YARDSTICK, gas / transfer)


def _actions(community: BenchCommunity) -> Iterator[tuple[str, str, float]]:
    reader, contracts, operators = community.reader, community.contracts, community.operators
    day = local_day(EpochSeconds(reader.chain.now() + 2 * 3600)) + timedelta(days=1)
    set_parameters(reader, community.admin, _parameters(), day)
    yield "bind a point, signed by both", "one point", median(_bindings(community))
    jump_to(reader.chain, EpochSeconds(local_midnight(day + timedelta(days=1))))
    number, dataset = day_number(day), PostedDataset(keccak256(b"readings"), CLAIMS, 96 * CLAIMS)
    posting = contracts.notary.call("postDataset", number, 1, dataset, CID)
    yield "post a day's dataset", f"{CLAIMS:,} points", _used(community, operators[0], posting)
    question = reader.chain.call(contracts.notary.call("datasetQuestion", number, 1))
    yield "attest it, the deciding vote", "", _attest(community, question)

    document = _document(community, day)
    batch = RewardBatch(document.root, document.total, CLAIMS, 1)
    posting = contracts.rewards.call("postBatch", number, ROUND, batch, CID)
    yield "post a day's rewards", f"{CLAIMS:,} claims", _used(community, operators[0], posting)
    question = reader.chain.call(contracts.rewards.call("batchQuestion", document.batch_id))
    yield "attest them, the deciding vote", "", _attest(community, question)
    yield from _claims(community, document)


def _claims(community: BenchCommunity, document: RewardsDocument) -> Iterator[tuple[str, str, float]]:
    """The first claim of all pays for what is written for the first time; then one alone, then many together."""
    reader, tree = community.reader, document.tree()
    place = {one.member: row for row, one in enumerate(document.claims)}
    claims = [claim_of(document, tree, place[member.address]) for member in community.members]
    single = [
        _used(
            community,
            member,
            reader.contracts.rewards.call("claim", document.batch_id, one.member, one.amount, one.proof),
        )
        for member, one in zip(community.members[:3], claims[:3], strict=True)
    ]
    size = f"of {CLAIMS:,}"
    yield "claim a reward, the first of all", size, single[0]
    yield "claim a reward", size, max(single[1:])
    together = claims[3 : 3 + MOST_CLAIMS]
    gas = _used(community, community.operators[0], claim_call(reader, document.batch_id, together))
    yield f"claim, each of {MOST_CLAIMS} paid together", size, gas / len(together)


def _bindings(community: BenchCommunity) -> list[int]:
    points = [
        PointOfMember(keccak256(member.address.encode()), PointKind.EXCHANGE, member)
        for member in community.members[:5]
    ]
    signed = bindings_for(community.reader, points)
    return [_used(community, community.admin, bind_call(community.reader, community.admin, one)) for one in signed]


def _document(community: BenchCommunity, day: date) -> RewardsDocument:
    """A day on which all of the community and many others earned something."""
    real = [member.address for member in community.members]
    others = [Address(f"0x{number:040x}") for number in range(1, CLAIMS - len(real) + 1)]
    claims = tuple(MemberReward(member, 10**18 + row) for row, member in enumerate(sorted([*real, *others])))
    number = day_number(day)
    return RewardsDocument(
        chain_id=community.chain.chain_id,
        rewards=community.contracts.rewards.address,
        day=number,
        round=ROUND,
        parameters=1,
        dataset_version=1,
        datasets=(UsedDataset(number, 1, keccak256(b"readings")),),
        claims=claims,
        root=reward_tree(batch_id_of(day, ROUND), claims).root,
    )


def _parameters() -> RewardParameters:
    shares = (BasisPoints(share) for share in (5_000, 10_000, 7_500, 1_000, 2_000, 6_000, 4_000))
    own, load, production, threshold, full, first, second = shares
    return RewardParameters(ModelKind.COMBINED, own, load, production, threshold, full, first, second, 10**17, 10**18)


def _attest(community: BenchCommunity, question: bytes) -> int:
    """The second operator's vote, which decides; then the window for objections passes."""
    reader = community.reader
    posted = reader.chain.events(community.contracts.quorum.address, community.first_block, names=("Attested",))
    answer = next(event.args["answer"] for event in reversed(posted) if event.args["question"] == question)
    gas = _used(community, community.operators[1], community.contracts.quorum.call("attest", question, answer))
    jump_to(reader.chain, EpochSeconds(reader.chain.now() + LIMITS.challenge))
    return gas


def _transfer(community: BenchCommunity) -> Call:
    return community.contracts.euro.call("transfer", community.members[1].address, 1)


def _used(community: BenchCommunity, signer: Signer, call: Call) -> int:
    return community.chain.send(signer, call).gas_used
