"""The clearing rule and the allocation tree again, written from DESIGN.md sections 6 and 7 word by word, slowly.

Stacks, plain Python integers and recursion; nothing of the fast path is used.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from Crypto.Hash import keccak


@dataclass(frozen=True)
class Bid:
    """One order of one slot."""

    index: int
    is_buy: bool
    quantity: int
    limit: int


@dataclass(frozen=True)
class Cleared:
    """What the rule says about one slot; `fills` maps order indices to Wh."""

    volume: int
    lo: int | None
    hi: int | None
    price: int | None
    lo_witness: int | None
    hi_witness: int | None
    fills: dict[int, int]


def clear_slot(orders: list[Bid]) -> Cleared:
    """The outcome of one slot."""
    buys = sorted((o for o in orders if o.is_buy), key=lambda o: (-o.limit, o.index))
    sells = sorted((o for o in orders if not o.is_buy), key=lambda o: (o.limit, o.index))
    volume = largest_volume(buys, sells)
    if volume == 0:
        return Cleared(0, None, None, None, None, None, {o.index: 0 for o in orders})
    accepted = accept(buys, volume) | accept(sells, volume)
    lo = max(
        [o.limit for o in sells if accepted[o.index] > 0] + [o.limit for o in buys if accepted[o.index] < o.quantity]
    )
    hi = min(
        [o.limit for o in buys if accepted[o.index] > 0] + [o.limit for o in sells if accepted[o.index] < o.quantity]
    )
    assert lo <= hi
    price = (lo + hi) // 2
    fills = fill(buys, volume, price) | fill(sells, volume, price)
    sets_lo = [o for o in orders if o.limit == lo and (fills[o.index] < o.quantity if o.is_buy else fills[o.index] > 0)]
    sets_hi = [o for o in orders if o.limit == hi and (fills[o.index] > 0 if o.is_buy else fills[o.index] < o.quantity)]
    return Cleared(volume, lo, hi, price, min(o.index for o in sets_lo), min(o.index for o in sets_hi), fills)


def largest_volume(buys: list[Bid], sells: list[Bid]) -> int:
    """Walk both stacks from the best order on, for as long as the next unit of each still meets the other."""
    volume, i, j = 0, 0, 0
    left = [o.quantity for o in buys], [o.quantity for o in sells]
    while i < len(buys) and j < len(sells) and buys[i].limit >= sells[j].limit:
        step = min(left[0][i], left[1][j])
        volume += step
        left[0][i] -= step
        left[1][j] -= step
        i += left[0][i] == 0
        j += left[1][j] == 0
    return volume


def largest_volume_unit_by_unit(orders: list[Bid]) -> int:
    """The same by trying every volume: the last accepted unit of each stack, one Wh at a time."""
    buys = sorted((o.limit for o in orders if o.is_buy for _ in range(o.quantity)), reverse=True)
    sells = sorted(o.limit for o in orders if not o.is_buy for _ in range(o.quantity))
    most = min(len(buys), len(sells))
    return max((v for v in range(1, most + 1) if buys[v - 1] >= sells[v - 1]), default=0)


def accept(stack: list[Bid], volume: int) -> dict[int, int]:
    """The accepted units of each order of a stack."""
    accepted = {}
    for order in stack:
        accepted[order.index] = min(order.quantity, volume)
        volume -= accepted[order.index]
    return accepted


def fill(side: list[Bid], volume: int, price: int) -> dict[int, int]:
    """Better in full, worse nothing, the rest shared at the margin."""
    better = [o for o in side if (o.limit > price if o.is_buy else o.limit < price)]
    margin = sorted((o for o in side if o.limit == price), key=lambda o: o.index)
    fills = {o.index: 0 for o in side} | {o.index: o.quantity for o in better}
    rest = volume - sum(o.quantity for o in better)
    return fills | share([(o.index, o.quantity) for o in margin], rest)


def share(parts: list[tuple[int, int]], rest: int) -> dict[int, int]:
    """Pro rata rounded down, then one each in the order given, skipping the full."""
    total = sum(part for _, part in parts)
    shares = {key: part * rest // total for key, part in parts}
    left = rest - sum(shares.values()) if parts else 0
    for key, part in parts:
        if left and shares[key] < part:
            shares[key] += 1
            left -= 1
    assert left == 0
    return shares


Node = tuple[bytes, tuple[int, ...]]


def tree_root(orders: Iterable[Bid], traders: dict[int, bytes], cleared: Cleared) -> Node:
    """Hash and sums at the top of the allocation tree."""
    leaves = [leaf(o, traders[o.index], cleared) for o in sorted(orders, key=lambda o: o.index)]
    if not leaves:
        return bytes(32), (0,) * 6
    size = 1
    while size < len(leaves):
        size *= 2
    return fold(leaves + [(bytes(32), (0,) * 6)] * (size - len(leaves)))


def leaf(order: Bid, trader: bytes, cleared: Cleared) -> Node:
    filled = cleared.fills[order.index]
    packed = order.index.to_bytes(4, "big") + trader + bytes([order.is_buy])
    packed += b"".join(n.to_bytes(8, "big") for n in (order.quantity, order.limit, filled))
    side = 0 if order.is_buy else 1
    sums = [0] * 6
    sums[side] = filled
    if order.limit == cleared.price:
        sums[2 + 2 * side : 4 + 2 * side] = [order.quantity, filled]
    return hashed(b"\x00" + packed), tuple(sums)


def fold(nodes: list[Node]) -> Node:
    if len(nodes) == 1:
        return nodes[0]
    left, right = fold(nodes[: len(nodes) // 2]), fold(nodes[len(nodes) // 2 :])
    return hashed(b"\x01" + packed(left) + packed(right)), tuple(a + b for a, b in zip(left[1], right[1], strict=True))


def packed(node: Node) -> bytes:
    return node[0] + b"".join(amount.to_bytes(8, "big") for amount in node[1])


def hashed(message: bytes) -> bytes:
    return keccak.new(digest_bits=256, data=message).digest()
