"""Who gets to which place: the levels of the story, overlays, groups, passes; and whatever the levels, stricter is stricter."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from communities.rules.reach import (
    OPEN,
    Pass,
    Whereabouts,
    Zone,
    blocked,
    needs_approval,
    no_looser,
    strictest,
)
from communities.states import Entry

CONTROLLED = Zone(Entry.GROUP, residents_may_leave=False, strictness=2, group="north")
ALONE = replace(CONTROLLED, group="")
SOUTH = replace(CONTROLLED, group="south")
LOCKDOWN = Zone(Entry.RESIDENTS, residents_may_leave=False, needs_approval=True, strictness=3)
PRECAUTION = Zone(strictness=1)
STANDSTILL = Zone(Entry.GROUP, residents_may_leave=False, strictness=2, group="area 5")
EVACUATED = Zone(Entry.HOLDERS, strictness=2)


def at(compound, *zones, kind="sampling_point"):
    return Whereabouts(compound, zones, kind=kind)


def code(home, place, **passes):
    refusal = blocked(home, place, **passes)
    return refusal.code if refusal else None


@pytest.mark.parametrize(
    ("home", "place", "expected"),
    [
        (at(1), at(2), None),
        (at(1, PRECAUTION), at(2, PRECAUTION), None),
        (at(1, LOCKDOWN), at(1, LOCKDOWN), None),
        (at(1), at(2, LOCKDOWN), "zone_residents_only"),
        (at(None), at(2, LOCKDOWN), "zone_residents_only"),
        (at(1, LOCKDOWN), at(2), "zone_cannot_leave"),
        (at(1, LOCKDOWN), at(None), "zone_cannot_leave"),
        (at(1, CONTROLLED), at(2, CONTROLLED), None),
        (at(1), at(2, CONTROLLED), "zone_group_only"),
        (at(1, CONTROLLED), at(2), "zone_cannot_leave"),
        (at(1, SOUTH), at(2, CONTROLLED), "zone_group_only"),
        (at(1, ALONE), at(2, ALONE), "zone_group_only"),
        (at(1, ALONE), at(1, ALONE), None),
        (at(1), at(1, EVACUATED), "zone_needs_pass"),
        (at(1, EVACUATED), at(2), None),
    ],
)
def test_who_can_get_to_a_place(home, place, expected):
    assert code(home, place) == expected


@pytest.mark.parametrize(
    ("home", "place", "expected"),
    [
        (at(1, STANDSTILL), at(2, STANDSTILL), None),
        (at(1, STANDSTILL), at(None, STANDSTILL), None),
        (at(1), at(None, STANDSTILL), "zone_group_only"),
        (at(1, STANDSTILL), at(2), "zone_cannot_leave"),
        (at(1, STANDSTILL), at(2, LOCKDOWN, STANDSTILL), "zone_residents_only"),
        (at(1, LOCKDOWN, STANDSTILL), at(2, STANDSTILL), "zone_cannot_leave"),
        (at(1, SOUTH, STANDSTILL), at(2, CONTROLLED, STANDSTILL), "zone_group_only"),
    ],
)
def test_with_an_overlay_over_the_whole_area_the_strictest_counts(home, place, expected):
    assert code(home, place) == expected


def test_the_zone_that_people_are_told_of_is_the_strictest():
    assert strictest([PRECAUTION, LOCKDOWN, CONTROLLED]) == LOCKDOWN
    assert strictest([]) == OPEN


def test_a_pass_opens_the_fence_it_is_for_and_no_other():
    home, place = at(1, LOCKDOWN), at(2, LOCKDOWN)
    assert code(home, place, may_enter=True) == "zone_cannot_leave"
    assert code(home, place, may_leave=True) == "zone_residents_only"
    assert code(home, place, may_enter=True, may_leave=True) is None


def test_what_a_zone_does_not_allow_no_pass_opens():
    only_doors = Zone(allows=frozenset({"door_beat"}), pass_for=frozenset({"door_beat"}))
    assert code(at(1), at(1, only_doors), may_enter=True, may_leave=True) == "zone_activity"
    assert code(at(1), at(1, only_doors, kind="door_beat")) == "zone_needs_pass"
    assert code(at(1), at(1, only_doors, kind="door_beat"), may_enter=True) is None


START = datetime(2022, 4, 4, 5, 30, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("held", "opens"),
    [
        (Pass(START, START + HOUR, compound=2), True),
        (Pass(START, START + HOUR, area=5), True),
        (Pass(START, START + HOUR, compound=3), False),
        (Pass(START, START + HOUR, area=6), False),
        (Pass(START + HOUR / 2, START + HOUR, compound=2), False),
        (Pass(START, START + HOUR / 2, compound=2), False),
    ],
)
def test_a_pass_covers_the_whole_shift_or_is_none(held, opens):
    assert held.opens(Whereabouts(2, areas=(1, 5)), START, START + HOUR) is opens


def test_a_pass_for_a_compound_opens_no_place_outside_of_all():
    assert not Pass(START, START + HOUR, area=5).opens(Whereabouts(None), START, START + HOUR)


KINDS = ["sampling_point", "door_beat", "checkpoint"]
kinds = st.frozensets(st.sampled_from(KINDS))
zones = st.builds(
    Zone,
    entry=st.sampled_from(Entry),
    residents_may_leave=st.booleans(),
    needs_approval=st.booleans(),
    strictness=st.integers(0, 3),
    group=st.sampled_from(["", "north", "area 5"]),
    allows=kinds,
    pass_for=kinds,
)
over = st.lists(zones, max_size=3).map(tuple)
places = st.builds(Whereabouts, compound=st.sampled_from([None, 1, 2]), zones=over, kind=st.sampled_from(KINDS))


@given(home=places, place=places, more=zones, where=st.sampled_from(["home", "place", "both"]))
def test_one_more_zone_never_lets_more_people_through(home, place, more, where):
    """One that stands for itself: a place that joins a group opens to those of the group, who are in it already."""
    more = replace(more, group="")
    there = replace(home, zones=(*home.zones, more)) if where != "place" else home
    here = replace(place, zones=(*place.zones, more)) if where != "home" else place

    assert blocked(there, here) or not blocked(home, place)
    assert needs_approval(there, here) >= needs_approval(home, place)


@given(home=places, place=places, looser=zones, stricter=zones, others=over, both=st.booleans())
def test_a_stricter_zone_never_lets_more_people_through(home, place, looser, stricter, others, both):
    stricter = replace(stricter, group=looser.group)
    if not no_looser(stricter, looser):
        return

    def way(zone):
        here = replace(place, zones=(*others, zone))
        there = replace(home, zones=(*others, zone)) if both else home
        return blocked(there, here), needs_approval(there, here)

    (old, approved), (new, waits) = way(looser), way(stricter)
    assert new or not old
    assert waits >= approved


@given(zone=zones)
def test_no_zone_is_looser_than_itself(zone):
    assert no_looser(zone, zone)
