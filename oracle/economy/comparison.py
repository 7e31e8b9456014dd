"""Two effects side by side: what happened, and what other terms would have made of the same payments."""

from collections.abc import Mapping
from dataclasses import dataclass

from commons.addresses import Address
from commons.records.economy import TokenCategory
from oracle.economy.types import Effect, Flows, MemberFlows


@dataclass(frozen=True, slots=True)
class Comparison:
    """What was, and what would have been; groups are kinds of members."""

    was: Effect
    would_be: Effect
    groups_were: Mapping[str, MemberFlows]
    groups_would_be: Mapping[str, MemberFlows]

    @property
    def treasury_gain(self) -> int:
        """How many tokens more the treasury would hold; so many fewer would circulate."""
        return self.would_be.treasury_end - self.was.treasury_end

    @property
    def categories(self) -> tuple[TokenCategory, ...]:
        """The categories that have payments."""
        return tuple(sorted({*self.was.by_category, *self.would_be.by_category}))

    def flows(self, category: TokenCategory) -> tuple[Flows, Flows]:
        """A category's flows as they were, and as they would have been."""
        return self.was.by_category.get(category, Flows()), self.would_be.by_category.get(category, Flows())


def compare(was: Effect, would_be: Effect, group_of: Mapping[Address, str]) -> Comparison:
    """The two effects, members added up by their groups."""
    return Comparison(was, would_be, by_group(was, group_of), by_group(would_be, group_of))


def by_group(effect: Effect, group_of: Mapping[Address, str]) -> dict[str, MemberFlows]:
    """What the payments meant to each group of members, in the order of the groups' names; others are left out."""
    groups: dict[str, MemberFlows] = {}
    for member, flows in effect.by_member.items():
        name = group_of.get(member)
        if name is not None:
            before = groups.get(name, MemberFlows())
            sums = (getattr(before, field) + getattr(flows, field) for field in MemberFlows.__slots__)
            groups[name] = MemberFlows(*sums)
    return dict(sorted(groups.items()))
