"""Incentives in euro on the test chain: recorded, split among members by the operators, claimed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any

from commons.addresses import Address
from commons.merkle import StandardMerkleTree
from oracle.rewards.leaves import MemberReward, reward_tree
from tests.contracts.chain import now, pass_to, send
from tests.contracts.community import WINDOW_LIMITS, Contracts, Person, mint

RULE = b"shared energy 1".ljust(32, b"\0")
CID = "bafkreigh2akiscaildcqabsyg3dfr6chu3fgpregiymsck7e7aqa4s52zy"
OBJECTION_S = WINDOW_LIMITS[2]

_references = count(1)


def reference() -> bytes:
    """A bank's reference never used before."""
    return b"bank" + next(_references).to_bytes(28, "big")


def recorded(contracts: Contracts, admin: Person, issuer: Person, amount: int) -> int:
    """An incentive whose euro came by way of the admin; its number."""
    mint(contracts, issuer, admin, amount)
    send(contracts.euro.approve, contracts.treasury.address, amount, by=admin)
    done = send(contracts.treasury.recordIncentive, reference(), RULE, 1, now(), amount, by=admin)
    number: int = done.event("IncentiveReceived")["incentiveId"]
    return number


@dataclass(frozen=True, slots=True)
class Split:
    """The shares of an incentive, µ€ per wallet."""

    incentive_id: int
    shares: Mapping[str, int]

    @classmethod
    def among(cls, incentive_id: int, shares: Mapping[Person, int]) -> "Split":
        """The same, from persons."""
        return cls(incentive_id, {person.address: share for person, share in shares.items()})

    @property
    def tree(self) -> StandardMerkleTree:
        """Over `(incentiveId, member, amount)`: the shape of a reward's leaf."""
        return reward_tree(self.incentive_id, [MemberReward(Address(who), ue) for who, ue in self.shares.items()])

    @property
    def values(self) -> tuple[Any, ...]:
        """`IncentiveSplit`."""
        return self.tree.root, sum(self.shares.values()), len(self.shares)

    def claim(self, member: Person) -> tuple[int, str, int, list[bytes]]:
        """The arguments of `claimShare`."""
        proof = self.tree.proof(list(self.shares).index(member.address))
        return self.incentive_id, member.address, self.shares[member.address], proof

    def claims(self, members: Sequence[Person]) -> tuple[int, list[str], list[int], list[list[bytes]]]:
        """The arguments of `claimShares`."""
        every = [self.claim(member) for member in members]
        return self.incentive_id, [one[1] for one in every], [one[2] for one in every], [one[3] for one in every]


def post(contracts: Contracts, operator: Person, split: Split) -> bytes:
    """Post a split; the answer's hash."""
    done = send(contracts.treasury.postSplit, split.incentive_id, split.values, CID, by=operator)
    answer: bytes = done.event("SplitPosted")["answer"]
    return answer


def accept(contracts: Contracts, operators: Sequence[Person], split: Split) -> None:
    """Two operators agree on a split."""
    answer = post(contracts, operators[0], split)
    question = bytes(contracts.treasury.splitQuestion(split.incentive_id))
    send(contracts.quorum.attest, question, answer, by=operators[1])


def split_final(contracts: Contracts, operators: Sequence[Person], number: int, shares: Mapping[Person, int]) -> Split:
    """A split that nobody objects to."""
    split = Split.among(number, shares)
    accept(contracts, operators, split)
    pass_to(now() + OBJECTION_S)
    return split
