"""A day's agreed rewards against the chain: the published claims, parameters, datasets and payments, step by step.

Readings are not published, so that the energy behind each amount is for those who hold them to recompute
(`commonwatt rewards compute`); everything else is checked here by anybody.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from commons.addresses import Address
from commons.records import RewardBatch
from commons.units import show_tokens
from oracle.audit.types import Altered, Differs, Step, Verdict
from oracle.publication.rewards import RewardsDocument


@dataclass(frozen=True, slots=True)
class RewardsEvidence:
    """A day's accepted batch and what the chain says around it, at one block."""

    chain_id: int
    rewards: Address
    batch_id: int
    batch: RewardBatch
    parameters: int
    """The number of the parameters in force on the day."""
    document: RewardsDocument | Altered
    datasets: tuple[bytes | None, ...]
    """Of each dataset that the document names the root that is notarised; None where none is."""
    paid: Mapping[Address, int]
    """What was minted for each member, by the contract's events."""
    claimed: int
    """What the contract says was paid together."""


def audit_rewards(evidence: RewardsEvidence) -> tuple[Step, ...]:
    """Every step; all after an unusable document have nothing to check."""
    if isinstance(evidence.document, Altered):
        return (Step("published batch", Verdict.WRONG, evidence.document.what),)
    document = evidence.document
    return tuple(_step(name, check, evidence, document) for name, check in _CHECKS)


Check = Callable[[RewardsEvidence, RewardsDocument], str]


def _step(name: str, check: Check, evidence: RewardsEvidence, document: RewardsDocument) -> Step:
    try:
        return Step(name, Verdict.RIGHT, check(evidence, document))
    except Differs as found:
        return Step(name, Verdict.WRONG, str(found))


def _require_equal(what: str, published: object, on_chain: object) -> None:
    if published != on_chain:
        raise Differs(f"{what}: published {published}, on the chain {on_chain}")


def _place(evidence: RewardsEvidence, document: RewardsDocument) -> str:
    _require_equal("chain", document.chain_id, evidence.chain_id)
    _require_equal("contract", document.rewards, evidence.rewards)
    _require_equal("batch", document.batch_id, evidence.batch_id)
    return f"batch {document.batch_id} of {document.rewards} on chain {document.chain_id}"


def _parameters(evidence: RewardsEvidence, document: RewardsDocument) -> str:
    _require_equal("parameters", document.parameters, evidence.parameters)
    return f"number {document.parameters}, in force on the day"


def _datasets(evidence: RewardsEvidence, document: RewardsDocument) -> str:
    _require_equal("dataset version of the day", document.dataset_version, evidence.batch.dataset_version)
    _require_equal("dataset version listed for the day", document.datasets[-1].version, document.dataset_version)
    for used, root in zip(document.datasets, evidence.datasets, strict=True):
        notarised = "nothing that is final" if root is None else root.hex()
        _require_equal(f"root of day {used.day}, version {used.version}", used.root.hex(), notarised)
    return f"{len(document.datasets)} days, each as notarised"


def _claims(evidence: RewardsEvidence, document: RewardsDocument) -> str:
    _require_equal("members", len(document.claims), evidence.batch.claims)
    _require_equal("total", document.total, evidence.batch.total)
    _require_equal("root", document.tree().root.hex(), evidence.batch.root.hex())
    return f"{show_tokens(document.total)} to {len(document.claims)} members, root recomputed"


def _payments(evidence: RewardsEvidence, document: RewardsDocument) -> str:
    due = {claim.member: claim.amount for claim in document.claims}
    for member, amount in sorted(evidence.paid.items()):
        _require_equal(f"claim of {member}", due.get(member, 0), amount)
    paid = sum(evidence.paid.values())
    if paid != evidence.claimed:
        raise Differs(f"paid: events add up to {paid}, the contract says {evidence.claimed}")
    return f"{show_tokens(paid)} paid to {len(evidence.paid)} of {len(due)} members"


_CHECKS: tuple[tuple[str, Check], ...] = (
    ("published batch", _place),
    ("parameters", _parameters),
    ("notarised readings", _datasets),
    ("claims", _claims),
    ("payments", _payments),
)
