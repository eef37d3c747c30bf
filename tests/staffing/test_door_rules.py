"""What taps at a door come to, how stairwells are dealt, and lists of doors: rules without a database."""

from datetime import datetime, timedelta
from itertools import combinations, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from communities.rules.doors import columns, lines, pattern
from staffing.rules.beats import Holding, Stairs, deal, load, made_while, sees
from staffing.rules.doors import NEXT, TRIES, WEIGHT, Knock, closing, due, next_try, settled, standing, step
from staffing.states import DoorOutcome as O
from staffing.states import HomeStatus, Need, SignUpStatus
from tests.factories.staffing import DAWN, TAIYUAN

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
HOMES = [(O.HOME_SERVICE, need) for need in Need]
WORDS = [(outcome, None) for outcome in (O.NOTIFIED, O.NO_ANSWER, O.VACANT, O.REFUSED)] + HOMES


def knocks(*said, every=MINUTE):
    """(by, outcome) one after the other."""
    return [Knock(DAWN + place * every, by, place, outcome) for place, (by, outcome) in enumerate(said)]


taps = st.lists(
    st.tuples(st.integers(0, 600), st.integers(1, 3), st.sampled_from(WORDS), st.booleans()), max_size=8
).map(
    lambda rows: [
        Knock(DAWN + minute * MINUTE, by, place, outcome, need, desk and outcome is not O.NO_ANSWER)
        for place, (minute, by, (outcome, need), desk) in enumerate(rows)
    ]
)


@given(taps, st.randoms())
def test_the_order_in_which_taps_arrive_changes_nothing(found, random):
    shuffled = list(found)
    random.shuffle(shuffled)

    assert standing(shuffled) == standing(found)


@given(taps)
def test_a_need_that_stands_is_never_lost_to_another_persons_word(found):
    sum_ = standing(found)
    desk = max((place for place, knock in enumerate(sorted(found)) if knock.desk), default=0)
    last = {knock.by: knock for knock in sorted(found)[desk:]}

    wanted = {knock.need for knock in last.values() if knock.outcome is O.HOME_SERVICE}
    assert set(sum_.needs) == wanted - {None}
    assert (sum_.outcome is O.HOME_SERVICE) == any(knock.outcome is O.HOME_SERVICE for knock in last.values())


@given(taps)
def test_everything_that_was_said_is_kept_and_a_dispute_is_two_different_words(found):
    sum_ = standing(found)

    assert sum_.disputed == (len(set(sum_.said)) > 1)
    assert list(sum_.said) == sorted(set(sum_.said), key=lambda word: -WEIGHT[word])
    assert sum_.outcome == (sum_.said[0] if sum_.said else O.NO_ANSWER if found else O.PENDING)


def test_a_door_nobody_has_knocked_at_is_pending():
    assert (standing([]).outcome, standing([]).settled) == (O.PENDING, False)


def test_a_persons_later_word_replaces_their_earlier_one():
    assert standing(knocks((1, O.VACANT), (1, O.NOTIFIED))).said == (O.NOTIFIED,)
    assert standing(knocks((1, O.NOTIFIED), (1, O.NO_ANSWER))).outcome is O.NO_ANSWER


def test_two_people_who_differ_are_both_kept_and_the_weightier_word_counts():
    found = standing(knocks((1, O.VACANT), (2, O.NOTIFIED), (1, O.VACANT)))

    assert (found.outcome, found.said, found.disputed) == (O.NOTIFIED, (O.NOTIFIED, O.VACANT), True)


def test_who_was_met_outweighs_no_answer_whoever_came_first():
    for said in ([(1, O.NO_ANSWER), (2, O.NOTIFIED)], [(2, O.NOTIFIED), (1, O.NO_ANSWER)]):
        assert (standing(knocks(*said)).outcome, standing(knocks(*said)).disputed) == (O.NOTIFIED, False)


def test_the_desks_word_ends_a_dispute_until_somebody_finds_something_new():
    found = knocks((1, O.VACANT), (2, O.NOTIFIED))
    decided = [*found, Knock(DAWN + HOUR, 9, 2, O.VACANT, desk=True)]

    assert (standing(decided).outcome, standing(decided).disputed) == (O.VACANT, False)
    later = [*decided, Knock(DAWN + 2 * HOUR, 1, 3, O.NOTIFIED)]
    assert (standing(later).outcome, standing(later).disputed) == (O.NOTIFIED, True)


def test_three_tries_at_other_hours_settle_a_door_and_three_in_a_row_do_not():
    quick = standing(knocks(*[(1, O.NO_ANSWER)] * 5))
    spread = standing(knocks(*[(by, O.NO_ANSWER) for by in (1, 2, 1)], every=2 * HOUR))

    assert (quick.tries, quick.settled) == (1, False)
    assert (spread.tries, spread.settled, spread.outcome) == (TRIES, True, O.NO_ANSWER)
    assert [settled(outcome, 0) for outcome in O] == [False, True, False, True, True, True]


@pytest.mark.parametrize(
    ("knocked", "again"),
    [("04 06:10", "04 18:30"), ("04 16:30", "04 18:30"), ("04 16:31", "05 10:00"), ("04 20:00", "05 10:00")],
)
def test_the_next_try_is_in_the_evening_and_after_an_evening_in_the_morning(knocked, again):
    at, then = (
        datetime.strptime(f"2022-04-{text}", "%Y-%m-%d %H:%M").replace(tzinfo=TAIYUAN) for text in (knocked, again)
    )

    assert next_try(at, TAIYUAN) == then


def test_what_belongs_to_the_round_is_due_at_its_end_and_medicine_soon():
    noon = DAWN + 6 * HOUR

    assert due(Need.SAMPLING, DAWN, noon) == noon
    assert due(Need.SAMPLING, noon - MINUTE, noon) == noon + HOUR - MINUTE
    assert due(Need.MEDICINE, DAWN, noon) == DAWN + 4 * HOUR
    assert due(Need.CARE, DAWN, noon) == DAWN + 24 * HOUR


def test_a_round_closes_with_every_door_answered_or_with_a_reason():
    assert closing(0, 0, "") == []
    assert [(one.code, one.facts) for one in closing(2, 1, " ")] == [
        ("doors_pending", {"doors": 2}),
        ("doors_disputed", {"doors": 1}),
    ]
    assert closing(2, 1, "两户长期空置") == []


def test_every_step_of_a_home_service_that_is_not_in_the_table_is_refused():
    legal = {(here, there) for here, after in NEXT.items() for there in after}

    assert {(here, there) for here in HomeStatus for there in HomeStatus if step(here, there) is None} == legal
    assert step(HomeStatus.DONE, HomeStatus.OPEN).code == "home_is_over"


# Beats


def test_two_old_stairwells_are_as_much_work_as_sixty_doors_with_a_lift():
    old = [Stairs(number, 18, 6, has_lift=False) for number in (1, 2)]

    assert load(old) == load([Stairs(3, 60, 20, has_lift=True)]) == 195


ROWS = st.lists(st.tuples(st.integers(1, 40), st.integers(1, 30), st.booleans()), min_size=1, max_size=8).map(
    lambda rows: [Stairs(number, *row) for number, row in enumerate(rows)]
)


@given(ROWS, st.integers(1, 6))
def test_dealing_keeps_neighbours_together_and_no_cut_is_fairer(stairs, beats):
    dealt = deal(stairs, beats)

    assert [one for beat in dealt for one in beat] == stairs
    assert len(dealt) <= beats
    cuts = (
        [0, *inner, len(stairs)]
        for parts in range(min(beats, len(stairs)))
        for inner in combinations(range(1, len(stairs)), parts)
    )
    heaviest = [max(sum(one.seconds for one in stairs[start:end]) for start, end in pairwise(cut)) for cut in cuts]
    assert max(sum(one.seconds for one in beat) for beat in dealt) == min(heaviest)


def test_nothing_to_deal_is_no_beat():
    assert deal([], 3) == []


def held(**fields):
    said = {"since": DAWN - 9 * HOUR, "until": None, "starts_at": DAWN, "ends_at": DAWN + 6 * HOUR}
    return Holding(**said | {"status": SignUpStatus.CHECKED_IN, "changed_at": DAWN} | fields)


def test_doors_are_on_the_phone_from_an_hour_before_the_shift_to_two_hours_after():
    times = [DAWN - HOUR - MINUTE, DAWN - HOUR, DAWN + 8 * HOUR - MINUTE, DAWN + 8 * HOUR]

    assert [sees(held(), at) for at in times] == [False, True, True, False]


@pytest.mark.parametrize("status", [each for each in SignUpStatus if each not in {"confirmed", "checked_in"}])
def test_without_the_seat_there_are_no_doors(status):
    assert not sees(held(status=status), DAWN)


def test_a_tap_made_while_the_beat_was_theirs_counts_however_late_it_comes():
    taken = held(until=DAWN + HOUR)

    assert [made_while(taken, DAWN + minutes * MINUTE) for minutes in (0, 59, 60)] == [True, True, False]
    left = held(status=SignUpStatus.CANCELLED, changed_at=DAWN + HOUR)
    assert [made_while(left, DAWN + minutes * MINUTE) for minutes in (59, 60)] == [True, False]
    assert made_while(held(status=SignUpStatus.COMPLETED), DAWN + HOUR)
    assert not made_while(held(since=DAWN + HOUR), DAWN)


# Lists of doors


def test_a_pattern_is_floors_times_flats():
    numbers = [place.number for place in pattern("4", "3", 6, 3, has_lift=False)]

    assert (len(numbers), numbers[0], numbers[3], numbers[-1]) == (18, "101", "201", "603")


def test_a_list_is_read_under_its_own_headings_with_every_fault_of_a_row():
    at = columns(["楼栋", "单元", "房号", "备注", "电梯"])
    rows = [
        ["4号楼", "3单元", "1203", "x", "无"],
        ["4号楼", "", "", "", "也许"],
        ["4号楼", "3单元", "1203", "", ""],
    ]

    found = list(lines(rows, at.at))

    assert (at.missing, at.strange) == ((), ("备注",))
    assert (found[0].place.floor, found[0].place.has_lift, found[0].problems) == (12, False, ())
    assert found[1].problems == ("entrance_missing", "door_missing", "bad_lift")
    assert (found[2].no, found[2].problems) == (4, ("door_twice",))


def test_a_floor_that_is_no_number_is_a_fault_and_no_floor():
    at = columns(["楼栋", "单元", "房号", "楼层"]).at

    found = [(one.place.floor, one.problems) for one in lines([["4", "3", "101", "x"], ["4", "3", "902", "201"]], at)]

    assert found == [(None, ("bad_floor",)), (201, ("bad_floor",))]


def test_what_is_needed_and_not_there_is_named():
    assert columns(["Building", "Floor"]).missing == ("entrance", "number")
