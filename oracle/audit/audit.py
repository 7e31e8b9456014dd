"""A session's audit, step by step in the order of the session; pure.

A step that differs does not end the audit: later steps that rest on the same recomputed figures still show whether they
hold, and the first that differs is the one to name.
"""

from collections.abc import Callable
from typing import ParamSpec

from oracle.audit import money, orders, outcome, readings, settlement
from oracle.audit.types import AuditReport, Differs, Evidence, NotYet, Step, Verdict
from oracle.publication.outcome import OutcomeDocument
from oracle.publication.settlement import SettlementDocument
from oracle.session.types import Stage

P = ParamSpec("P")

ORDER_STEPS: tuple[tuple[str, Callable[[Evidence], str]], ...] = (
    ("session parameters", orders.parameters),
    ("deposits of commitments", orders.deposits),
    ("revealed orders", orders.reveals),
    ("locks of revealed orders", orders.locks),
)
OUTCOME_STEPS: tuple[tuple[str, Callable[[Evidence, OutcomeDocument], str]], ...] = (
    ("votes on the outcome", lambda evidence, _: outcome.votes(evidence, Stage.OUTCOME)),
    ("outcome dataset", lambda evidence, _: outcome.dataset(evidence)),
    ("published orders", outcome.orders),
    ("clearing: prices and volumes", outcome.prices),
    ("clearing: fills", outcome.clearing),
    ("allocation trees", outcome.trees),
    ("answer hash of the outcome", outcome.answer),
    ("locks freed after clearing", money.freed),
)
BASIS_STEPS: tuple[tuple[str, Callable[[Evidence, OutcomeDocument], str]], ...] = (
    ("votes on the settlement", lambda evidence, _: outcome.votes(evidence, Stage.SETTLEMENT)),
    ("notarised readings", lambda evidence, _: readings.notarised(evidence)),
    ("settlement dataset", lambda evidence, _: settlement.dataset(evidence)),
    ("settled fills and prices", settlement.basis),
)
SETTLEMENT_STEPS: tuple[tuple[str, Callable[[Evidence, SettlementDocument], str]], ...] = (
    ("counted energy, missing and excused readings", lambda evidence, _: settlement.counted(evidence)),
    ("settled energy, debits, credits, penalties", settlement.money),
    ("leaves of the settlement", settlement.leaves),
    ("totals of the settlement", settlement.totals),
    ("root of the settlement", settlement.root),
    ("answer hash of the settlement", settlement.answer),
    ("bounds of every member", money.bounds),
    ("executions", money.executions),
)
MONEY_STEPS: tuple[tuple[str, Callable[[Evidence], str]], ...] = (
    ("released locks", money.releases),
    ("endings", money.endings),
    ("forfeited deposits", money.forfeits),
    ("pot of the session", money.pot),
    ("solvency of the market", money.solvency),
)


def audit(evidence: Evidence) -> AuditReport:
    """Every step of the audit."""
    steps = [_step(name, check, evidence) for name, check in ORDER_STEPS]
    if evidence.view.reveals and all(step.verdict is Verdict.RIGHT for step in steps):
        steps += _recomputed_steps(evidence)
    steps += [_step(name, check, evidence) for name, check in MONEY_STEPS]
    return AuditReport(evidence.view.session_id, tuple(steps))


def _recomputed_steps(evidence: Evidence) -> list[Step]:
    """What rests on clearing, and what rests on settling."""
    cleared = outcome.recompute(evidence.view)
    steps = [_step(name, check, evidence, cleared) for name, check in OUTCOME_STEPS]
    steps += (basis := [_step(name, check, evidence, cleared) for name, check in BASIS_STEPS])
    if all(step.verdict is Verdict.RIGHT for step in basis):
        settled = settlement.recompute(evidence, cleared)
        return steps + [_step(name, check, evidence, settled) for name, check in SETTLEMENT_STEPS]
    is_wrong = any(step.verdict is Verdict.WRONG for step in basis)
    why = "rests on a step that differs" if is_wrong else "there is no settlement yet"
    return steps + [Step(name, Verdict.NOT_YET, why) for name, _ in SETTLEMENT_STEPS]


def _step(name: str, check: Callable[P, str], *given: P.args, **named: P.kwargs) -> Step:
    try:
        return Step(name, Verdict.RIGHT, check(*given, **named))
    except Differs as difference:
        return Step(name, Verdict.WRONG, str(difference))
    except NotYet as reason:
        return Step(name, Verdict.NOT_YET, str(reason))
