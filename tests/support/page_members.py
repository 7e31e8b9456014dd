"""Members for what the page shows of the economy."""

from commons.actions import community as joining
from commons.actions import treasury
from commons.addresses import Address
from commons.records import EnergyProfile, MemberKind
from commons.records.economy import TokenAmount
from commons.wallets import Signer
from tests.support.chain import World
from tests.support.page import Site

TOKEN = 10**18
ISSUED = 1000 * TOKEN
ENERGY_BONUS = 3 * TOKEN


def promise_welcome(world: World) -> None:
    """Fix what a welcome gives; the treasury has nothing to give yet."""
    grant = joining.grant_call(world.contracts, "TOKEN_ADMIN", world.admin.address)
    amount = world.contracts.token.call("scheduleAmount", TokenAmount.WELCOME_CITIZEN, 20 * TOKEN)
    world.chain.send_all([(world.admin, grant), (world.admin, amount)])


def issue_tokens(world: World) -> None:
    """Fix what a welcome and an energy bonus give, and issue the treasury's first tokens."""
    promise_welcome(world)
    token = world.contracts.token
    bonuses = (TokenAmount.ENERGY_CONSUMER, TokenAmount.ENERGY_PROSUMER, TokenAmount.ENERGY_PROSTORMER)
    calls = [
        *(token.call("scheduleAmount", one, ENERGY_BONUS) for one in bonuses),
        token.call("issue", ISSUED),
    ]
    world.chain.send_all([(world.admin, call) for call in calls])


def member_with_tokens(site: Site) -> Signer:
    """As `new_member_with_tokens`, in the site's world."""
    return new_member_with_tokens(site.world)


def new_member_with_tokens(world: World) -> Signer:
    """A new member with a welcome bonus of 20 tokens; the treasury has enough."""
    issue_tokens(world)
    signed = joining.application_for(world.reader, world.stranger, MemberKind.CITIZEN, EnergyProfile.CONSUMER)
    world.chain.send(world.admin, joining.register_call(world.contracts, signed))
    joining.approve(world.reader, world.admin, world.stranger.address)
    return world.stranger


def give_tokens(world: World, payee: Address, amount: int) -> None:
    """An ordinary payment of the treasury: proposed, approved by a second person, paid after its notice."""
    second = world.operators[0]
    world.chain.send(world.admin, joining.grant_call(world.contracts, "COMMUNITY_ADMIN", second.address))
    propose = treasury.propose_call(world.contracts, world.contracts.token.address, payee, amount, "for a test")
    world.chain.send(world.admin, propose)
    number = len(treasury.payments(world.reader))
    world.chain.send(second, treasury.approve_call(world.contracts, number))
    payment = world.chain.call(world.contracts.treasury.call("paymentOf", number))
    world.jump_to(payment.due_at)
    world.chain.send(second, treasury.pay_call(world.contracts, number))
