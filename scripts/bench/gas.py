"""Gas of what members and operators do, through clones, in communities of two sizes: what one costs must not grow.

A session is run in each community, ways out included, and gas is read from the chain's receipts: the most that any call
took. A first commitment, reveal or execution writes storage for the first time, and costs most.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from scripts.bench.community import community_of
from scripts.bench.gas_day import BATCHES, GasDay
from scripts.bench.row import Progress, Row, Rows

TITLE = "Gas"
SIZES = (200, 1_000)
YARDSTICK = "an ERC-20 transfer"
TRANSFER = "ERC-20 transfer of settlement euro"
MOST_GROWTH = 1.01
"""What an action may take in the larger community, against the smaller: figures of more digits are more bytes."""


@dataclass(frozen=True)
class Action:
    """Something that is done on the chain, and the gas that the issue allows for it.

    `has_proof` is set where it carries a proof, which grows with the logarithm of the leaves.
    """

    name: str
    most: int | None = None
    has_proof: bool = False


ACTIONS = (
    Action("apply"),
    Action("approve a member"),
    Action("deposit"),
    Action("pay in tokens with fee and incentives, a pair's first", 110_000),
    Action("pay in tokens with fee and incentives", 110_000),
    Action("open a session"),
    Action("commit with the envelope of 24 orders", 110_000),
    Action("replace a commitment", 110_000),
    Action("withdraw a commitment"),
    Action("reveal 24 orders", 185_000),
    Action("post an outcome of 24 slots, each proposal", 380_000),
    Action("attest, the deciding vote", 80_000),
    Action("attest, a vote after it", 80_000),
    Action("free an unfilled order", has_proof=True),
    Action("post a settlement"),
    Action("validate"),
    Action("execute one leaf", 95_000, has_proof=True),
    *(Action(f"execute, per leaf of a batch of {size}", 95_000, has_proof=True) for size in BATCHES),
    Action("sweep the pot"),
    Action("pay the treasury"),
    Action("release a lock, not revealed"),
    Action("cancel"),
    Action("release a lock, cancelled"),
    Action("withdraw an amount"),
    Action("withdraw all"),
)

Used = Mapping[str, Sequence[float]]
"""Action → gas of each time that it was done."""


def rows(progress: Progress) -> Rows:
    """Every action in each community, and how much any of them grew."""
    measured: list[dict[str, float]] = []
    for members in SIZES:
        progress(f"a session of {members:,} members")
        with community_of(members) as community:
            most = worst(GasDay(community).run(progress))
        measured.append(most)
        yield from action_rows(most, members)
    yield growth_row(measured[0], measured[-1])


def worst(used: Used) -> dict[str, float]:
    """The most that each action took.

    Raises:
        ValueError: an action was never done, or one was done that nobody asks about.
    """
    wanted = {TRANSFER, *(action.name for action in ACTIONS)}
    if wanted ^ used.keys():
        raise ValueError(f"measured and asked for differ: {', '.join(sorted(wanted ^ used.keys()))}")
    return {name: max(figures) for name, figures in used.items()}


def action_rows(most: Mapping[str, float], members: int) -> Iterable[Row]:
    """The actions in a community of so many members, each against the transfer."""
    size, transfer = f"{members:,} members", most[TRANSFER]
    yield Row(TRANSFER, size, transfer, "gas")
    for action in ACTIONS:
        gas = most[action.name]
        most_gas = action.most if members == SIZES[-1] else None
        yield Row(action.name, size, gas, "gas", YARDSTICK, gas / transfer, most_gas)


def growth_row(smaller: Mapping[str, float], larger: Mapping[str, float]) -> Row:
    """The action without a proof that grew most with the community."""
    growth = {action.name: larger[action.name] / smaller[action.name] for action in ACTIONS if not action.has_proof}
    name = max(growth, key=lambda action: growth[action])
    size = f"{SIZES[0]:,} to {SIZES[-1]:,} members"
    before = f"the same in the community of {SIZES[0]:,}"
    note = "a proof, which some carry, grows by a hash as the community doubles"
    return Row(
        f"what grew most: {name}", size, larger[name], "gas", before, growth[name], most_ratio=MOST_GROWTH, note=note
    )
