"""Balances and operators, asked of the contracts: they change with every block, and a page shows a handful."""

from dataclasses import dataclass

from api.read_model.model import ReadModel
from api.schemas.accounts import Account, Operator, Operators
from commons.addresses import Address
from commons.chain import Chain
from commons.contracts import CommunityReader
from commons.records import Bond


@dataclass(frozen=True)
class Accounts:
    """Asks the contracts of communities that are followed."""

    chain: Chain
    read: ReadModel

    def account(self, community: Address, wallet: Address) -> Account:
        """What a wallet holds; errors as `require_community`."""
        contracts = self.read.contracts_of(community)
        block = self.chain.block_number()
        calls = [contracts.marketplace.call("checkFunds", wallet)]
        calls += [token.call("balanceOf", wallet) for token in (contracts.euro, contracts.token)]
        (balance, locked, free), euro, tokens = self.chain.calls(calls, block)
        return Account(
            wallet=wallet,
            escrow=str(balance),
            locked=str(locked),
            free=str(free),
            euro=str(euro),
            tokens=str(tokens),
            block=block,
        )

    def operators(self, community: Address) -> Operators:
        """The operators in force with their bonds; errors as `require_community`."""
        contracts = self.read.contracts_of(community)
        found = CommunityReader(self.chain, contracts).current_operators()
        bonds: list[Bond] = self.chain.calls([contracts.quorum.call("bondOf", at) for at in found.operators])
        return Operators(
            threshold=found.terms.threshold,
            bond=str(found.terms.bond),
            bond_share_bps=found.terms.bond_share_bps,
            effective_from=found.effective_from,
            operators=[
                Operator(address=at, bond=str(bond.amount), stakes=bond.stakes, pledged=str(bond.pledged))
                for at, bond in zip(found.operators, bonds, strict=True)
            ],
        )
