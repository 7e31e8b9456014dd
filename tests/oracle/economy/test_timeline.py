"""Which terms are in force when, as announcements follow and replace each other."""

from commons.records.economy import CategoryTerms, TokenAmount, TokenCategory
from commons.units import BasisPoints, EpochSeconds
from oracle.economy.timeline import Announcement, Timeline, Track
from oracle.economy.types import NO_TERMS

DAY = 24 * 3600


def said(day: int, effective: int, value: int) -> Announcement[int]:
    return Announcement(EpochSeconds(day * DAY), EpochSeconds(effective * DAY), value)


def at(track: Track[int], day: int) -> int:
    return track.at(EpochSeconds(day * DAY), -1)


def test_track__before_anything__is_what_was_before() -> None:
    assert at(Track.of([]), 0) == -1
    assert at(Track.of([said(0, 7, 5)]), 6) == -1


def test_track__from_the_moment_named__is_in_force() -> None:
    track = Track.of([said(0, 0, 1), said(3, 10, 2)])

    assert [at(track, day) for day in (0, 9, 10, 99)] == [1, 1, 2, 2]


def test_track__announced_anew_before_it_is_in_force__never_was() -> None:
    track = Track.of([said(0, 0, 1), said(1, 8, 2), said(4, 11, 3)])

    assert [at(track, day) for day in (7, 8, 10, 11)] == [1, 1, 1, 3]


def test_track__announced_the_moment_it_is_in_force__stays() -> None:
    track = Track.of([said(0, 0, 1), said(1, 8, 2), said(8, 15, 3)])

    assert [at(track, day) for day in (8, 14, 15)] == [2, 2, 3]


def test_timeline__table__has_terms_and_limits_of_the_moment() -> None:
    terms = CategoryTerms(BasisPoints(100), BasisPoints(0), BasisPoints(0), 0, 0, 0, False, EpochSeconds(0))
    announced = Announcement(EpochSeconds(0), EpochSeconds(5), terms)
    timeline = Timeline(
        {TokenCategory.SELLER_BONUS: Track.of([announced])},
        {TokenAmount.TOKEN_PRICE: Track.of([said(0, 0, 9)])},
    )

    before, after = timeline.table(EpochSeconds(4)), timeline.table(EpochSeconds(5))
    assert before.of(TokenCategory.SELLER_BONUS) == NO_TERMS
    assert after.of(TokenCategory.SELLER_BONUS) == terms
    assert after.of(TokenCategory.TO_COMMUNITY) == NO_TERMS
    assert timeline.amount(TokenAmount.TOKEN_PRICE, EpochSeconds(0)) == 9
    assert timeline.amount(TokenAmount.YEARLY_FEE, EpochSeconds(0)) == 0
