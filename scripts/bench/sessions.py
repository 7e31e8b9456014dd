"""Sessions on the embedded chain from sealed orders to paid members: what each phase takes for each member.

Members act all at once, as the demo lets them; operators are `oracle run`'s own passes, one after the other in this
process, where in earnest they run side by side.
"""

from scripts.bench.community import BenchCommunity, community_of
from scripts.bench.market_day import open_day
from scripts.bench.row import Progress, Row, Rows
from scripts.bench.stopwatch import Phase, timed, together

TITLE = "Sessions"
SIZES = (10, 100, 1_000)
FEWEST = 2
YARDSTICK = "as many ERC-20 transfers"
RUNS = 3
"""How often the transfers are repeated; the median counts."""


def rows(progress: Progress) -> Rows:
    """Every phase, and the whole session, in communities of growing size."""
    progress("a first session, unmeasured: compiled loops are loaded")
    with community_of(FEWEST) as community:
        _join(community)
        session(community)
    for members in SIZES:
        with community_of(members) as community:
            progress(f"{members:,} members join and pay in")
            joined = _join(community)
            progress("as many transfers")
            transfers_s = sorted(timed(community.chain, "", community.transfer_around).seconds for _ in range(RUNS))
            progress(f"a session of {members:,} members")
            phases = session(community)
        whole = together("whole session, open to paid", phases)
        for phase in (joined, *phases, whole):
            yield phase_row(phase, members, transfers_s[RUNS // 2])


def _join(community: BenchCommunity) -> Phase:
    return together("join and pay in", [community.apply(), community.approve(), community.deposit()])


def session(community: BenchCommunity) -> list[Phase]:
    """One session with all members in it, its phases in their order; waiting times are jumped over."""
    day = open_day(community)
    phases = [day.commit()]
    day.begin_reveals()
    phases.append(day.reveal())
    day.begin_clearing()
    phases.append(day.step(0, "clear and post"))
    phases.append(together("clear and attest, two operators", [day.step(1, ""), day.step(2, "")]))
    day.begin_settling()
    phases.append(day.step(0, "settle and post"))
    phases.append(together("settle and attest, two operators", [day.step(1, ""), day.step(2, "")]))
    day.begin_executing()
    phases.append(day.step(0, "validate, execute and sweep"))
    day.require_paid()
    return phases


def phase_row(phase: Phase, members: int, transfers_s: float) -> Row:
    """A phase by what it takes for each member, against a transfer by each member."""
    note = f"{phase.seconds:.2f} s, {_counted(len(phase.sent), 'transaction')}, {_counted(phase.blocks, 'block')}, "
    note += f"{phase.gas / members:,.0f} gas per member"
    size, each_ms = f"{members:,} members", 1000 * phase.seconds / members
    return Row(phase.name, size, each_ms, "ms per member", YARDSTICK, phase.seconds / transfers_s, note=note)


def _counted(count: int, what: str) -> str:
    return f"{count:,} {what}{'' if count == 1 else 's'}"
