"""The world of the other tests is what it says."""

from commons.records import MemberStatus
from tests.support.chain import BOND, ESCROW, POCKET, World


def test_world__made__members_have_escrow_and_operators_their_bond(world: World) -> None:
    members = world.reader.members([m.address for m in world.members])
    assert [m.status for m in members] == [MemberStatus.ACTIVE] * 4
    assert [f.free for f in world.reader.funds_of([m.address for m in world.members])] == [ESCROW] * 4
    assert world.reader.euro_balance(world.alice.address) == POCKET
    assert all(world.reader.bond(o.address).amount == BOND for o in world.operators)


def test_open_session__by_the_market_operator__is_read_back_as_it_was_given(world: World) -> None:
    parameters = world.session_parameters()
    session = world.open_session()
    assert world.reader.parameters(session) == parameters
