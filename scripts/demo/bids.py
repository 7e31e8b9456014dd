"""The homes bid: a forecast of the day, orders that a strategy makes of it, money to cover them, sealed envelopes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from commons.actions import orders as market
from commons.addresses import Address
from commons.orders import Order, bounds
from commons.records import SessionParameters
from commons.units import MoneyUe
from commons.wallets import Signer
from oracle.session.types import SessionView
from scripts.demo.bank import top_up
from scripts.demo.bidding import Bidder, PrudentBidder
from scripts.demo.calendar import grid_prices, traded_day
from scripts.demo.fontana import Fontana
from scripts.demo.forecast import forecast


@dataclass(frozen=True)
class Bids:
    """How the homes bid: replace `bidder` to let them bid in another way."""

    fontana: Fontana
    issuer: Signer
    bidder: Bidder = PrudentBidder()  # noqa: RUF009  it is frozen

    def seal(self, view: SessionView, wallets: Sequence[Address]) -> int:
        """Commit the orders of these homes and say how many homes have any.

        A session over other slots than a day's hours is one that the homes have no forecast for: none bids.
        """
        orders_of = self.orders_for(view.parameters, wallets)
        signers = self.fontana.homes.signers
        needed = {wallet: _needed(orders, view.parameters) for wallet, orders in orders_of.items()}
        reference = f"{self.fontana.contracts.community.address}/session {view.session_id}"
        top_up(self.fontana.reader, self.issuer, signers, needed, reference)
        sealing = [(signers[wallet], orders) for wallet, orders in orders_of.items()]
        market.commit_all(self.fontana.reader, view.session_id, sealing)
        return len(sealing)

    def orders_for(
        self, parameters: SessionParameters, wallets: Sequence[Address]
    ) -> Mapping[Address, tuple[Order, ...]]:
        """What each of these homes bids; those without an order are left out."""
        day = traded_day(parameters)
        if day is None or not wallets:
            return {}
        homes = self.fontana.homes
        expected = forecast(homes.source, homes.exchange_points, day)
        grid, rules = grid_prices(parameters), parameters.order_rules
        bids = {}
        for wallet in wallets:
            member = homes.members[wallet]
            bids[wallet] = self.bidder.orders(expected.of(member.point_id, member.home.home_id), grid, rules)
        return {wallet: orders for wallet, orders in bids.items() if orders}


def _needed(orders: Sequence[Order], parameters: SessionParameters) -> MoneyUe:
    """What committing the orders locks, its deposit included."""
    lock = bounds(orders, parameters.penalty_price, parameters.cap_price).lock
    return MoneyUe(lock + parameters.deposit(lock))
