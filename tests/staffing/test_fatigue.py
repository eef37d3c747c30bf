import itertools
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from staffing.rules.fatigue import Interval, chains, hours, longest_row, strains, worked

ZONE = ZoneInfo("Asia/Shanghai")
START = datetime(2022, 4, 4, 5, 30, tzinfo=ZONE)
H = timedelta(hours=1)


def block(offset: float, length: float) -> Interval:
    return Interval(START + offset * H, START + (offset + length) * H)


def codes(new, others, **how):
    return [refusal.code for refusal in strains(new, others, ZONE, **how)]


def test_one_block_alone_never_strains_even_if_it_is_long():
    assert codes(block(0, 6.5), [], max_block=4 * H) == []


def test_two_blocks_of_one_round_are_one_duty_and_do_not_break_the_rest_rule():
    assert codes(block(3.25, 3.25), [block(0, 3.25)], max_block=None) == []


def test_the_same_blocks_without_a_break_are_longer_than_the_rotation_allows():
    assert codes(block(3.25, 3.25), [block(0, 3.25)], max_block=4 * H) == ["rotation"]


def test_half_an_hour_between_them_is_a_break():
    assert codes(block(3.75, 3.25), [block(0, 3.25)], max_block=4 * H) == []


def test_a_duty_is_at_most_eight_hours():
    assert codes(block(5, 4), [block(0, 4)], max_block=4 * H) == []
    assert codes(block(5, 4.1), [block(0, 4)], max_block=5 * H) == ["duty_too_long"]


def test_eleven_hours_between_two_duties_on_both_sides():
    assert codes(block(0, 4), [block(15, 4)]) == []
    assert codes(block(0, 4), [block(14.9, 4)]) == ["too_little_rest"]
    assert codes(block(14.9, 4), [block(0, 4)]) == ["too_little_rest"]


def test_a_seventh_day_in_a_row_is_too_many_whichever_day_is_added():
    week = [block(24 * day, 4) for day in range(7)]
    for day in range(7):
        assert codes(week[day], week[:day] + week[day + 1 :]) == ["too_many_days"]
    assert codes(week[5], week[:5]) == []


def test_days_are_those_of_the_area_not_of_utc():
    late = [
        Interval(s := datetime(2022, 4, 1 + day, 17, 0, tzinfo=UTC), s + H) for day in range(6)
    ]  # 01:00 of the next day there
    assert longest_row({b.start.astimezone(ZONE).date() for b in late}, date(2022, 4, 8)) == 7


@given(st.lists(st.tuples(st.integers(0, 200), st.integers(1, 12)), min_size=1, max_size=8), st.data())
def test_the_order_in_which_blocks_are_told_does_not_matter(pairs, data):
    blocks, clock = [], 0
    for gap, length in pairs:
        clock += gap + 1
        blocks.append(block(clock, length))
        clock += length
    new = data.draw(st.sampled_from(blocks))
    others = [b for b in blocks if b != new]
    shuffled = data.draw(st.permutations(others))
    assert codes(new, others, max_block=4 * H) == codes(new, shuffled, max_block=4 * H)


@given(st.lists(st.tuples(st.integers(0, 300), st.integers(1, 10)), max_size=10))
def test_chains_lose_no_block_and_keep_their_gaps(pairs):
    blocks = sorted({block(offset, length) for offset, length in pairs})
    found = chains(blocks, 2 * H)
    assert [b for chain in found for b in chain] == blocks
    assert sum((worked(chain) for chain in found), timedelta()) == worked(blocks)
    for earlier, later in itertools.pairwise(found):
        assert later[0].start - earlier[-1].end >= 2 * H


def test_hours_are_told_to_the_hundredth():
    assert [hours(timedelta(minutes=minutes)) for minutes in (480, 515, 475)] == ["8", "8.58", "7.92"]
