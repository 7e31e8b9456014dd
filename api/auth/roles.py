"""What a wallet may be in a community, read from the contracts when it matters and remembered for seconds."""

import time
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from threading import Lock

from commons.actions.community import role_hash
from commons.addresses import ZERO_ADDRESS, Address
from commons.chain import Chain
from commons.contracts import Contract, Contracts
from commons.records import Member, MemberStatus, OperatorSet

ADMIN_ROLES = ("COMMUNITY_ADMIN", "TOKEN_ADMIN", "ORACLE_ADMIN", "MARKET_OPERATOR")
REMEMBER_S = 5
MOST_REMEMBERED = 10_000
CURRENT = ("active", "suspended")


@dataclass(frozen=True, slots=True)
class Standing:
    """What a wallet is in a community."""

    community: Address
    wallet: Address
    status: str
    """Its membership: none, applied, active, suspended, left or replaced."""
    member_id: str | None
    """The member whose wallet it is now, or was last; None for one that lost that to another wallet."""
    kind: str
    roles: tuple[str, ...]
    """community_admin, token_admin, oracle_admin, market_operator, oracle_operator."""

    @property
    def is_member(self) -> bool:
        """Whether it is a member now, suspended or not."""
        return self.status in CURRENT


@dataclass(frozen=True)
class Roles:
    """Asks the contracts."""

    chain: Chain
    contracts_of: Callable[[Address], Contracts]
    clock: Callable[[], float] = time.monotonic
    _known: "OrderedDict[tuple[Address, Address], tuple[float, Standing]]" = field(default_factory=OrderedDict)
    _lock: Lock = field(default_factory=Lock)

    def standing(self, community: Address, wallet: Address) -> Standing:
        """What the wallet is in the community, at most `REMEMBER_S` old.

        Raises:
            UnknownCommunity: there is none.
            RpcUnreachable: the chain cannot be asked; nobody is let in by what was true before.
        """
        with self._lock:
            found = self._known.get((community, wallet))
            if found is not None and self.clock() - found[0] <= REMEMBER_S:
                return found[1]
        standing = self._asked(community, wallet)
        with self._lock:
            self._known[community, wallet] = (self.clock(), standing)
            while len(self._known) > MOST_REMEMBERED:
                self._known.popitem(last=False)
        return standing

    def all_succeeded(self, community: Address, wallets: Sequence[str]) -> bool:
        """Whether other wallets took these wallets' place for good: none of them may veto that any more."""
        contract = self.contracts_of(community).community
        successors = self.chain.calls([contract.call("successorOf", wallet) for wallet in wallets])
        return ZERO_ADDRESS not in successors

    def _asked(self, community: Address, wallet: Address) -> Standing:
        contracts = self.contracts_of(community)
        roles = [contracts.community.call("hasRole", role_hash(role), wallet) for role in ADMIN_ROLES]
        member_call = contracts.community.call("memberOf", wallet)
        member, set_id, *held = self.chain.calls([member_call, contracts.quorum.call("currentSetId"), *roles])
        holder: Address = self.chain.call(contracts.community.call("walletOf", member.member_id))
        names = [role.lower() for role, has in zip(ADMIN_ROLES, held, strict=True) if has]
        if wallet in self._operators(contracts.quorum, set_id):
            names.append("oracle_operator")
        return _standing(community, wallet, member, names, holder == wallet)

    def _operators(self, quorum: Contract, set_id: int) -> tuple[Address, ...]:
        operators: OperatorSet = self.chain.call(quorum.call("operatorSet", set_id))
        return operators.operators


def _standing(community: Address, wallet: Address, member: Member, roles: list[str], holds: bool) -> Standing:
    is_known = member.status not in (MemberStatus.NONE, MemberStatus.APPLIED)
    return Standing(
        community=community,
        wallet=wallet,
        status=member.status.name.lower(),
        member_id="0x" + member.member_id.hex() if is_known and holds else None,
        kind=member.kind.name.lower(),
        roles=tuple(roles),
    )
