"""Communities as sets of clones: `CommunityFactory`, and that no clone or implementation can be set up again."""

from typing import Any

import pytest

from tests.contracts.chain import contract_at, deploy, refusal_of, refused, send
from tests.contracts.community import (
    DAY,
    EMISSION_CAP,
    LEAVER_PERIOD_S,
    NOTICE_S,
    WINDOW_LIMITS,
    ZERO,
    Contracts,
    Implementations,
    Person,
    create_community,
    parameters,
)


def creation(platform: Implementations, *arguments: Any, **changes: Any) -> tuple[Any, ...]:
    """`createCommunity` with its argument."""
    return platform.factory.createCommunity, parameters(*arguments, **changes)


def test_creation__by_another_than_the_platform_admin__is_refused(
    platform: Implementations, admin: Person, euro: Any, operators: list[Person]
) -> None:
    role = bytes(platform.factory.PLATFORM_ADMIN_ROLE())
    call = creation(platform, admin, euro, operators)
    refused("AccessControlUnauthorizedAccount", *call, by=admin, account=admin, neededRole=role)


@pytest.mark.parametrize("change", [{"name": ""}, {"symbol": ""}])
def test_creation__without_a_name__is_refused(
    platform: Implementations, platform_admin: Person, admin: Person, euro: Any, operators: list[Person], change: Any
) -> None:
    refused("EmptyName", *creation(platform, admin, euro, operators, **change), by=platform_admin)


def test_creation__over_a_token_without_code__is_refused(
    platform: Implementations, platform_admin: Person, admin: Person, stranger: Person, operators: list[Person]
) -> None:
    call = creation(platform, admin, stranger.address, operators)
    refused("NotAContract", *call, by=platform_admin, account=stranger)


@pytest.mark.parametrize("decimals", [5, 7, 18])
def test_creation__over_a_token_that_does_not_count_millionths__is_refused(
    platform: Implementations,
    platform_admin: Person,
    admin: Person,
    operators: list[Person],
    odd_tokens: Any,
    decimals: int,
) -> None:
    token = deploy(odd_tokens.PlainToken, decimals, by=admin)
    call = creation(platform, admin, token, operators)
    refused("WrongDecimals", *call, by=platform_admin, token=token, decimals=decimals, required=6)


@pytest.mark.parametrize("delay", [DAY - 1, 365 * DAY + 1])
def test_creation__with_a_replacement_delay_out_of_range__is_refused(
    platform: Implementations, platform_admin: Person, admin: Person, euro: Any, operators: list[Person], delay: int
) -> None:
    call = creation(platform, admin, euro, operators, replacement_delay_s=delay)
    refused("ReplacementDelayOutOfRange", *call, by=platform_admin, delay=delay, least=DAY, most=365 * DAY)


@pytest.mark.parametrize("notice", [0, DAY - 1, 365 * DAY + 1])
def test_creation__with_a_notice_out_of_range__is_refused(
    platform: Implementations, platform_admin: Person, admin: Person, euro: Any, operators: list[Person], notice: int
) -> None:
    call = creation(platform, admin, euro, operators, notice_s=notice)
    refused("NoticePeriodOutOfRange", *call, by=platform_admin, period=notice, least=DAY, most=365 * DAY)


@pytest.mark.parametrize("delay", [DAY, 365 * DAY])
def test_creation__with_a_replacement_delay_at_its_limits__is_done(
    project: Any,
    platform: Implementations,
    platform_admin: Person,
    admin: Person,
    euro: Any,
    operators: list[Person],
    delay: int,
) -> None:
    values = parameters(admin, euro, operators, replacement_delay_s=delay)
    create_community(project, platform.factory, platform_admin, euro, values)


def test_creation__without_an_admin__is_refused(
    platform: Implementations, platform_admin: Person, euro: Any, operators: list[Person]
) -> None:
    nobody = Person("nobody", ZERO, b"")
    refused("EmptyAddress", *creation(platform, nobody, euro, operators), by=platform_admin)


def test_creation__of_a_second_community__shares_nothing_but_code(
    project: Any,
    platform: Implementations,
    platform_admin: Person,
    fontana: Contracts,
    second_admin: Person,
    admin: Person,
    euro: Any,
    operators: list[Person],
    alice: Person,
) -> None:
    values = parameters(second_admin, euro, operators, name="Lago", symbol="LGO")
    done = send(platform.factory.createCommunity, values, by=platform_admin)
    told = done.event("CommunityCreated")
    assert told["index"] == 1
    assert told["name"] == "Lago"
    assert told["settlementToken"] == euro.address.lower()
    assert platform.factory.communityCount() == 2
    made = platform.factory.communityAt(1)
    assert told["contracts"] == tuple(address.lower() for address in made)
    assert told["community"] == made[0].lower()
    assert not set(made) & set(platform.factory.communityAt(0))
    lago = contract_at(project.Community, made[0])
    assert not lago.isActive(alice.address)
    assert not lago.hasRole(lago.COMMUNITY_ADMIN_ROLE(), admin.address)
    token = contract_at(project.CommunityToken, made[2])
    assert (token.name(), token.symbol()) == ("Lago", "LGO")
    refused("UnknownCommunity", platform.factory.communityAt, 2, by=alice, index=2, count=2)


def test_factory__over_an_implementation_without_code__is_refused(
    project: Any, platform: Implementations, platform_admin: Person, stranger: Person
) -> None:
    whole = list(platform.factory.implementations())
    for place in range(len(whole)):
        broken = [*whole[:place], stranger.address, *whole[place + 1 :]]
        constructor = project.CommunityFactory.deploy
        refused("NotAContract", constructor, platform_admin.address, broken, by=platform_admin, account=stranger)


def test_clones__set_up_again__are_refused(fontana: Contracts, admin: Person) -> None:
    for contract, arguments in initializers(fontana, admin):
        refused("InvalidInitialization", contract.initialize, *arguments, by=admin)


def test_implementations__set_up_at_all__are_refused(
    platform: Implementations, fontana: Contracts, admin: Person
) -> None:
    clones = initializers(fontana, admin)
    originals = (
        platform.community,
        platform.treasury,
        platform.token,
        platform.sessions,
        platform.quorum,
        platform.refuter,
        platform.demands,
        platform.notary,
        platform.rewards,
        platform.desk,
        platform.services,
        platform.purchases,
        platform.loans,
        platform.works,
    )
    for original, (_, arguments) in zip(originals, clones, strict=True):
        refused("InvalidInitialization", original.initialize, *arguments, by=admin)


def test_marketplace__as_implementation_or_clone__has_nothing_to_set_up(
    platform: Implementations, fontana: Contracts, alice: Person
) -> None:
    assert not hasattr(fontana.marketplace, "initialize")
    market = platform.marketplace
    for call in (
        (market.deposit, 1),
        (market.submitCommitments, 1, b"\1" * 32, 1, b""),
        (market.openBook, 1),
        (market.cancel, 1),
        (market.payTreasury,),
    ):
        assert refusal_of(*call, by=alice) is not None


def initializers(contracts: Contracts, admin: Person) -> list[tuple[Any, tuple[Any, ...]]]:
    """Every contract that is set up by a call, and arguments that would be fine the first time."""
    community, euro = contracts.community.address, contracts.euro.address
    market, quorum, refuter = (part.address for part in (contracts.marketplace, contracts.quorum, contracts.refuter))
    own = contracts.community.contracts()
    sessions, notary = contracts.sessions.address, contracts.notary.address
    return [
        (contracts.community, ("Mine", admin.address, 30 * DAY, own)),
        (contracts.treasury, (community, euro, NOTICE_S)),
        (contracts.token, ("Mine", "MNE", EMISSION_CAP, NOTICE_S, 0)),
        (contracts.sessions, (community, market, quorum, notary, WINDOW_LIMITS)),
        (contracts.quorum, (community, euro, NOTICE_S, [market], refuter, [admin.address], (1, 0, 0))),
        (contracts.refuter, (market, quorum, contracts.demands.address)),
        (contracts.demands, (market, quorum, refuter)),
        (contracts.notary, (community, quorum, sessions, 0)),
        (contracts.rewards, (community, quorum, sessions, notary, contracts.token.address)),
        (contracts.desk, (community, contracts.token.address, contracts.treasury.address, euro)),
        (contracts.services, (community, contracts.token.address)),
        (contracts.purchases, (community, contracts.token.address)),
        (contracts.loans, (community, contracts.token.address)),
        (contracts.works, (community, contracts.token.address)),
    ]


def test_clones__know_each_other_and_what_they_were_given(fontana: Contracts) -> None:
    market = fontana.marketplace
    assert market.community() == fontana.community.address
    assert market.sessions() == fontana.sessions.address
    assert market.quorum() == fontana.quorum.address
    assert market.settlementToken() == fontana.euro.address
    assert fontana.sessions.community() == fontana.community.address
    assert fontana.sessions.marketplace() == market.address
    assert fontana.sessions.quorum() == fontana.quorum.address
    assert fontana.quorum.community() == fontana.community.address
    assert fontana.quorum.bondToken() == fontana.euro.address
    assert fontana.quorum.noticePeriod() == NOTICE_S
    assert fontana.quorum.isClient(market.address)
    assert all(fontana.quorum.isClient(part.address) for part in (fontana.notary, fontana.rewards, fontana.treasury))
    assert not fontana.quorum.isClient(fontana.sessions.address)
    assert fontana.sessions.notary() == fontana.rewards.notary() == fontana.notary.address
    assert fontana.notary.community() == fontana.rewards.community() == fontana.community.address
    assert fontana.notary.quorum() == fontana.rewards.quorum() == fontana.quorum.address
    assert fontana.notary.sessions() == fontana.rewards.sessions() == fontana.sessions.address
    assert fontana.rewards.token() == fontana.token.address
    assert fontana.token.rewards() == fontana.rewards.address
    assert fontana.quorum.refuter() == fontana.refuter.address
    assert fontana.refuter.marketplace() == fontana.demands.marketplace() == market.address
    assert fontana.refuter.quorum() == fontana.demands.quorum() == fontana.quorum.address
    assert fontana.refuter.demands() == fontana.demands.address
    assert fontana.demands.refuter() == fontana.refuter.address
    assert fontana.treasury.community() == fontana.community.address
    assert fontana.treasury.settlementToken() == fontana.euro.address
    assert fontana.treasury.noticePeriod() == NOTICE_S
    assert fontana.token.community() == fontana.community.address
    assert fontana.token.emissionCap() == EMISSION_CAP
    assert fontana.token.treasury() == fontana.desk.treasury() == fontana.treasury.address
    assert fontana.token.noticePeriod() == NOTICE_S
    assert fontana.token.leaverPeriod() == LEAVER_PERIOD_S
    assert fontana.desk.community() == fontana.community.address
    assert fontana.desk.token() == fontana.token.address
    for exchange in (fontana.services, fontana.purchases, fontana.loans, fontana.works):
        assert (exchange.community(), exchange.token()) == (fontana.community.address, fontana.token.address)
    assert fontana.desk.settlementToken() == fontana.euro.address
