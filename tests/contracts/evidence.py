"""Points and their bindings, notarised datasets and rewards, as contract tests make them."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from eth_abi.abi import encode

from commons.merkle import StandardMerkleTree
from tests.contracts.chain import Receipt, now, pass_to, send
from tests.contracts.community import DAY, HOUR, WINDOW_LIMITS, Contracts, Person, member_id, sign_typed

EXCHANGE, PRODUCTION = 1, 2
FOREVER = 2**40 - 1
DOCUMENT_HASH = b"binding".ljust(32, b"\x03")
CID = "bafkreigh2akiscaildcqabsyg3dfr6chu3fgpregiymsck7e7aqa4s52zy"
OBJECTION_S = WINDOW_LIMITS[2]
ANSWER_TIME_S = DAY
TOKEN = 10**18
SELF_CONSUMPTION, COMBINED = 1, 3
PARAMETERS = (COMBINED, 5000, 10_000, 7500, 1000, 2000, 6000, 4000, TOKEN // 10, TOKEN)
"""`RewardParameters`."""


def point_id(name: str) -> bytes:
    """A point's salted hash."""
    return name.encode().ljust(32, b"\x04")


def day_of(timestamp: int) -> int:
    """The local day of a moment, in winter."""
    return (timestamp + HOUR) // DAY


# ---------------------------------------------------------------- bindings


def binding(contracts: Contracts, name: str, member: Person, **changes: Any) -> tuple[Any, ...]:
    """`PointBinding` of a point to a member from now on, the point's next, with an hour to hand it in."""
    usual = {
        "point_id": point_id(name),
        "member_id": member_id(member),
        "kind": EXCHANGE,
        "valid_from": 0,
        "valid_until": FOREVER,
        "document_hash": DOCUMENT_HASH,
        "number": contracts.community.pointOf(point_id(name))[4] + 1,
        "deadline": now() + HOUR,
    }
    return tuple({**usual, **changes}.values())


def sign_binding(contracts: Contracts, values: tuple[Any, ...], signer: Person) -> bytes:
    """EIP-712 signature over a binding."""
    names = ("pointId", "memberId", "kind", "validFrom", "validUntil", "documentHash", "number", "deadline")
    types = ("bytes32", "bytes32", "uint8", "uint40", "uint40", "bytes32", "uint32", "uint256")
    return sign_typed(contracts, "PointBinding", names, types, values, signer)


def bind(contracts: Contracts, admin: Person, name: str, member: Person, **changes: Any) -> Receipt:
    """Bind a point: the member signs, the admin sends."""
    values = binding(contracts, name, member, **changes)
    signature = sign_binding(contracts, values, member)
    return send(contracts.community.bindPoint, values, admin.address, signature, b"", by=admin)


# ---------------------------------------------------------------- datasets


def dataset(text: str = "readings", points: int = 2, leaves: int = 192) -> tuple[bytes, int, int]:
    """`PostedDataset`."""
    return text.encode().ljust(32, b"\x05"), points, leaves


def post_dataset(contracts: Contracts, operator: Person, day: int, version: int = 1, **changes: Any) -> bytes:
    """Post a dataset; its answer hash."""
    values = (day, version, changes.get("posted", dataset()), changes.get("cid", CID))
    answer: bytes = send(contracts.notary.postDataset, *values, by=operator).event("DatasetPosted")["answer"]
    return answer


def accept_dataset(
    contracts: Contracts, operators: Sequence[Person], day: int, version: int = 1, **changes: Any
) -> bytes:
    """The operators agree on a dataset."""
    answer = post_dataset(contracts, operators[0], day, version, **changes)
    question = contracts.notary.datasetQuestion(day, version)
    for operator in operators[1:]:
        send(contracts.quorum.attest, question, answer, by=operator)
    return answer


def notarise(contracts: Contracts, operators: Sequence[Person], day: int, version: int = 1, **changes: Any) -> None:
    """The operators agree on a dataset, and nobody objects; the next transaction finds it final."""
    accept_dataset(contracts, operators, day, version, **changes)
    pass_to(now() + OBJECTION_S)


def pass_day(day: int) -> None:
    """The next transaction comes when a local day is over, be it in winter."""
    pass_to((day + 1) * DAY - HOUR)


# ---------------------------------------------------------------- rewards


@dataclass(frozen=True)
class Rewards:
    """A day's rewards as operators post them."""

    day: int
    amounts: dict[str, int]
    """Amount by wallet."""
    round: int = 1
    dataset_version: int = 1

    @property
    def batch_id(self) -> int:
        """The batch's number."""
        return self.day << 32 | self.round

    @cached_property
    def tree(self) -> StandardMerkleTree:
        """The tree over the claims."""
        rows = [encode(["uint256", "address", "uint256"], [self.batch_id, *claim]) for claim in self.amounts.items()]
        return StandardMerkleTree.of(np.frombuffer(b"".join(rows), dtype=np.uint8).reshape(len(rows), -1))

    @property
    def batch(self) -> tuple[bytes, int, int, int]:
        """`RewardBatch`."""
        return self.tree.root, sum(self.amounts.values()), len(self.amounts), self.dataset_version

    def claim(self, member: Person) -> tuple[int, str, int, list[bytes]]:
        """The arguments of `claim`."""
        place = list(self.amounts).index(member.address)
        return self.batch_id, member.address, self.amounts[member.address], self.tree.proof(place)

    def claims(self, members: Sequence[Person]) -> tuple[int, list[str], list[int], list[list[bytes]]]:
        """The arguments of `claimMany`."""
        every = [self.claim(member) for member in members]
        return self.batch_id, [one[1] for one in every], [one[2] for one in every], [one[3] for one in every]


def post_batch(contracts: Contracts, operator: Person, rewards: Rewards) -> bytes:
    """Post a day's rewards; the answer's hash."""
    done = send(contracts.rewards.postBatch, rewards.day, rewards.round, rewards.batch, CID, by=operator)
    answer: bytes = done.event("BatchPosted")["answer"]
    return answer


def accept_batch(contracts: Contracts, operators: Sequence[Person], rewards: Rewards) -> bytes:
    """The operators agree on a day's rewards."""
    answer = post_batch(contracts, operators[0], rewards)
    for operator in operators[1:]:
        send(contracts.quorum.attest, contracts.rewards.batchQuestion(rewards.batch_id), answer, by=operator)
    return answer


def reward(contracts: Contracts, operators: Sequence[Person], rewards: Rewards) -> None:
    """The operators agree on a day's rewards, and nobody objects; the next transaction finds them final."""
    accept_batch(contracts, operators, rewards)
    pass_to(now() + OBJECTION_S)
