"""The arithmetic of reports and pictures, and which blocks wear somebody out."""

from datetime import date, datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from staffing.rules.charts import (
    BOTTOM,
    HEIGHT,
    LEFT,
    RIGHT,
    TOP,
    WIDTH,
    Chart,
    Series,
    breadth,
    draw,
    gists,
    labels,
    scale,
)
from staffing.rules.fatigue import DEFAULT, Interval, breaches, strains
from staffing.rules.reports import AHEAD, BACK, Days, bin_of, days, percent, running, wrong
from tests.factories.staffing import TAIYUAN

TODAY = date(2022, 4, 4)
numbers = st.lists(st.integers(0, 100_000), min_size=1, max_size=60)


@given(st.integers(0, 10**6), st.integers(1, 10**6))
def test_a_share_is_full_only_when_nothing_is_missing_and_none_only_when_there_is_nothing(part, whole):
    found = percent(min(part, whole), whole)
    assert (found == 100) is (part >= whole)
    assert (found == 0) is (part == 0)
    assert abs(found - 100 * min(part, whole) / whole) <= 1


def test_the_shares_of_the_story():
    assert [percent(84, 106), percent(22, 106), percent(84, 123), percent(0, 0)] == [79, 21, 68, None]


def test_days_that_are_not_asked_for_are_a_fortnight_back_and_two_ahead():
    assert days(TODAY) == Days(TODAY - BACK, TODAY + AHEAD)
    assert days(TODAY, first=TODAY) == Days(TODAY, TODAY + BACK + AHEAD)
    assert days(TODAY, last=TODAY) == Days(TODAY - BACK - AHEAD, TODAY)
    assert [found.code for found in wrong(Days(TODAY, TODAY - timedelta(days=1)))] == ["days_reversed"]
    assert [found.code for found in wrong(Days(TODAY, TODAY + timedelta(days=400)))] == ["too_many_days_asked"]
    assert wrong(days(TODAY)) == []


def test_bins_begin_where_they_say_and_sums_go_on():
    assert [bin_of(minutes) for minutes in (0, 119, 120, 2399, 2400, 10**6)] == [0, 0, 1, 5, 6, 6]
    assert running([1, 2, 3], before=4) == [5, 7, 10]


@given(numbers, numbers)
def test_everything_drawn_is_on_the_sheet_and_bars_stand_on_each_other(have, gap):
    size = min(len(have), len(gap))
    bars = [Series("have", "have", have[:size]), Series("gap", "gap", gap[:size])]
    chart = Chart("x", [str(index) for index in range(size)], bars=bars, lines=[Series("line", "goal", have[:size])])
    sheet = draw(chart)
    assert all(bar.x >= LEFT and bar.x + bar.width <= WIDTH for bar in sheet.bars)
    assert all(bar.y >= TOP - 0.1 and bar.y + bar.height <= HEIGHT - BOTTOM + 0.2 for bar in sheet.bars)
    assert len(sheet.bars) == sum(value > 0 for value in have[:size] + gap[:size])
    assert [gist.most for gist in gists(chart)] == [max(have[:size]), max(gap[:size]), max(have[:size])]


@given(st.lists(st.sampled_from(["05:30", "11-28 19:00", "社区人员", "x"]), min_size=1, max_size=80))
def test_labels_do_not_touch_and_the_first_is_always_there(words):
    found = labels(Chart("x", words, bars=[Series("x", "have", [1] * len(words))]))
    edges = [(x - breadth(word) / 2, x + breadth(word) / 2) for x, word in found]
    assert found[0][1] == words[0]
    assert all(after[0] > before[1] for before, after in pairwise(edges))


@given(st.integers(0, 10**9))
def test_the_scale_is_of_round_numbers_and_reaches_the_most(most):
    found = scale(most)
    assert found[0] == 0
    assert found[-1] >= most
    assert len(found) <= 6
    assert len({later - earlier for earlier, later in pairwise(found)}) == 1


def test_points_in_time_stand_as_far_apart_as_they_are():
    line = Series("x", "have", [0, 1, 2])
    sheet = draw(Chart("x", ["a", "b", "c"], lines=[line], at=[0, 1, 10]))
    assert [x for x, _word in sheet.labels] == [LEFT, LEFT + 55.6, WIDTH - RIGHT]
    assert draw(Chart("x", [], lines=[Series("x", "have", [])])).bars == []


blocks = st.lists(
    st.tuples(st.integers(0, 24 * 12), st.integers(1, 10)), min_size=1, max_size=12, unique_by=lambda pair: pair[0]
)


@given(blocks)
def test_whoever_breaks_a_rest_rule_is_on_the_list_and_nobody_else(hours):
    """The list and the rule that refuses a seat say the same of the same blocks."""
    start, found, end = datetime(2022, 4, 1, tzinfo=TAIYUAN), [], 0
    for begin, length in sorted(hours):
        if begin >= end:
            found.append(Interval(start + timedelta(hours=begin), start + timedelta(hours=begin + length)))
            end = begin + length
    refused = {
        refusal.code
        for index, block in enumerate(found)
        for refusal in strains(block, found[:index] + found[index + 1 :], TAIYUAN)
    }
    assert {breach.code for breach in breaches(found, TAIYUAN, DEFAULT)} == refused
