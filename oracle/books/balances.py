"""Every balance rebuilt from events, beside what the chain says."""

from dataclasses import dataclass

from commons.actions.tokens import token_balances
from commons.addresses import Address
from commons.contracts import CommunityReader
from oracle.books.read import Books, own_contracts
from oracle.economy.ledger import balances


@dataclass(frozen=True, slots=True)
class BalanceLine:
    """What one account holds in tokens: rebuilt, and as the token contract answers."""

    account: Address
    who: str
    """`citizen`, `stakeholder`, the name of one of the community's contracts, or `former wallet`."""
    member_id: str
    status: str
    rebuilt: int
    on_chain: int

    @property
    def is_right(self) -> bool:
        """Whether the two agree."""
        return self.rebuilt == self.on_chain


def balance_lines(reader: CommunityReader, books: Books) -> list[BalanceLine]:
    """Every member, own contract, and other account that ever held tokens, members first in the order of joining.

    The books must reach up to the chain's latest block, or the two may differ by what happened since.
    """
    rebuilt = balances(books.token_movements)
    entries = {entry.wallet: entry.member for entry in books.members}
    own = own_contracts(books.contracts)
    accounts = list(dict.fromkeys([*entries, *own, *rebuilt]))
    lines = []
    for account, held in zip(accounts, token_balances(reader, accounts), strict=True):
        member = entries.get(account)
        known = own.get(account, "former wallet")
        lines.append(
            BalanceLine(
                account=account,
                who=known if member is None else member.kind.name.lower(),
                member_id="" if member is None else "0x" + member.member_id.hex(),
                status="" if member is None else member.status.name.lower(),
                rebuilt=rebuilt.get(account, 0),
                on_chain=held,
            )
        )
    return lines
