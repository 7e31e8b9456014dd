"""Members for what the page shows of the economy."""

from commons.actions import community as joining
from commons.chain import Receipt
from commons.records import EnergyProfile, MemberKind
from commons.records.economy import TokenAmount
from commons.wallets import Signer
from tests.support.page import Site

TOKEN = 10**18


def token_call(site: Site, sender: Signer, function: str, *arguments: object) -> Receipt:
    """Call the community's token."""
    return site.world.chain.send(sender, site.world.contracts.token.call(function, *arguments))


def member_with_tokens(site: Site) -> Signer:
    """A new member with a welcome bonus of 20 tokens; the treasury has enough."""
    world = site.world
    world.chain.send(world.admin, joining.grant_call(world.contracts, "TOKEN_ADMIN", world.admin.address))
    token_call(site, world.admin, "scheduleAmount", TokenAmount.WELCOME_CITIZEN, 20 * TOKEN)
    token_call(site, world.admin, "issue", 1000 * TOKEN)
    signed = joining.application_for(world.reader, world.stranger, MemberKind.CITIZEN, EnergyProfile.CONSUMER)
    world.chain.send(world.admin, joining.register_call(world.contracts, signed))
    joining.approve(world.reader, world.admin, world.stranger.address)
    return world.stranger
