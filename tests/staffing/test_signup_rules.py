"""Every reason why somebody may not take a place, one at a time and all at once."""

from dataclasses import replace
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest

from communities.rules.reach import Pass, Whereabouts, Zone
from communities.states import Entry
from staffing.rules.fatigue import Interval
from staffing.rules.placement import best
from staffing.rules.signups import Facts, Person, Place, refusals, still_fit, waits_for_approval
from staffing.states import CallStatus, ShiftStatus
from tests.factories.staffing import BLOCK, DAWN, NIGHT
from volunteers.rules.qualifications import Held
from volunteers.states import PersonKind

ZONE = ZoneInfo("Asia/Shanghai")
HERE = Interval(DAWN, DAWN + BLOCK)
SEALED = Zone(Entry.RESIDENTS, residents_may_leave=False, needs_approval=True, strictness=3)


def case(now=NIGHT, walk_in=False, by_staff=False, override=False, **changes):
    places = {name: value for name, value in changes.items() if name in Place.__slots__}
    people = {name: value for name, value in changes.items() if name in Person.__slots__}
    assert set(changes) == set(places) | set(people)
    place = replace(Place(post=1, shift=1, community=1, version=1, interval=HERE, zone=ZONE), **places)
    return Facts(replace(Person(volunteer=1), **people), place, now, walk_in, by_staff, override)


def codes(facts):
    return [refusal.code for refusal in refusals(facts)]


def test_an_adult_neighbour_in_time_is_welcome():
    assert codes(case()) == []


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"shift_status": ShiftStatus.CANCELLED}, "shift_cancelled"),
        ({"call_status": CallStatus.CANCELLED}, "shift_cancelled"),
        ({"shift_status": ShiftStatus.DRAFT}, "not_open"),
        ({"call_status": CallStatus.DRAFT}, "not_open"),
        ({"shift_status": ShiftStatus.CLOSED}, "closed"),
        ({"call_status": CallStatus.CLOSED}, "closed"),
        ({"sign_up_until": NIGHT}, "closed"),
        ({"shift_status": ShiftStatus.RUNNING}, "already_started"),
        ({"now": DAWN}, "already_started"),
        ({"now": DAWN + BLOCK}, "past"),
        ({"shift_status": ShiftStatus.FINISHED}, "past"),
        ({"person_kinds": ("medical",)}, "person_kind"),
        ({"agency": 5}, "other_agency"),
        ({"is_adult": False}, "minor"),
        ({"requires": ("disinfection",)}, "unqualified"),
        ({"requires": ("disinfection",), "held": (Held("disinfection", counts=False),)}, "unqualified"),
        (
            {"requires": ("disinfection",), "held": (Held("disinfection", True, expires_on=date(2022, 4, 3)),)},
            "unqualified",
        ),
        (
            {"requires": ("disinfection",), "held": (Held("disinfection", True, from_day=date(2022, 4, 5)),)},
            "unqualified",
        ),
        ({"where": Whereabouts(7, (SEALED,))}, "zone_residents_only"),
        ({"home": Whereabouts(7, (SEALED,))}, "zone_cannot_leave"),
        ({"duties": (Interval(DAWN - BLOCK, DAWN + timedelta(minutes=1)),)}, "overlap"),
        ({"absences": (Interval(DAWN, DAWN + timedelta(hours=1)),)}, "absent"),
        ({"duties": (Interval(DAWN - timedelta(hours=8), DAWN - timedelta(hours=4)),)}, "too_little_rest"),
        ({"risky": True, "briefed": True}, "uninsured"),
        ({"risky": True, "insured": True}, "no_briefing"),
    ],
)
def test_one_reason_at_a_time(changes, code):
    assert codes(case(**changes)) == [code]


@pytest.mark.parametrize(
    "changes",
    [
        {"agency": 5, "organisations": frozenset({1, 5})},
        {"person_kinds": ("medical",), "kind": PersonKind.MEDICAL},
        {"requires": ("disinfection",), "held": (Held("disinfection", True, expires_on=date(2022, 4, 4)),)},
        {"where": Whereabouts(7, (SEALED,)), "home": Whereabouts(7, (SEALED,))},
        {"where": Whereabouts(7, (SEALED,)), "kind": PersonKind.MEDICAL},
        {"where": Whereabouts(7, (SEALED,)), "passes": (Pass(DAWN, DAWN + BLOCK, compound=7),)},
        {"duties": (Interval(DAWN - BLOCK, DAWN),), "block_override": True},
        {"duties": (Interval(DAWN - timedelta(hours=8), DAWN - timedelta(hours=4)),), "override": True},
        {"risky": True, "insured": True, "briefed": True},
        {"risky": True, "briefed": True, "held": (Held("insurance", True),)},
        {"now": DAWN + timedelta(hours=1), "by_staff": True, "shift_status": ShiftStatus.RUNNING},
        {"shift_status": ShiftStatus.CLOSED, "by_staff": True},
    ],
)
def test_what_is_allowed_all_the_same(changes):
    assert codes(case(**changes)) == []


def test_all_reasons_come_at_once():
    facts = case(shift_status=ShiftStatus.CLOSED, is_adult=False, requires=("a", "b"), risky=True)
    assert codes(facts) == ["closed", "minor", "unqualified", "unqualified", "uninsured", "no_briefing"]


def test_a_place_given_before_outlives_the_closing_but_not_the_cancelling():
    assert still_fit(case(shift_status=ShiftStatus.CLOSED)) == []
    assert [refusal.code for refusal in still_fit(case(shift_status=ShiftStatus.CANCELLED))] == ["shift_cancelled"]


@pytest.mark.parametrize(
    ("changes", "waits"),
    [
        ({}, False),
        ({"auto_confirm": False}, True),
        ({"where": Whereabouts(7, (SEALED,)), "home": Whereabouts(7, (SEALED,))}, True),
        ({"where": Whereabouts(7, (SEALED,)), "home": Whereabouts(7, (SEALED,)), "approved": True}, False),
    ],
)
def test_whose_seat_waits_for_the_leads_word(changes, waits):
    assert waits_for_approval(case(**changes)) is waits


def test_the_emptiest_suitable_post_comes_first():
    posts = [case(post=1, seats=4, taken=2), case(post=2, seats=4, taken=1), case(post=3, seats=2, taken=1)]
    assert best(posts).place.post == 2


def test_a_free_seat_comes_before_a_waitlist_and_the_shortest_line_before_a_longer():
    full = [case(post=1, seats=1, taken=1, waiting=4), case(post=2, seats=1, taken=1, waiting=2)]
    assert best(full).place.post == 2
    assert best([*full, case(post=3, seats=9, taken=8)]).place.post == 3


def test_what_somebody_is_good_at_comes_before_emptiness():
    typing = case(post=1, seats=4, taken=2, prefers=("typing",), held=(Held("typing", True),))
    stairs = case(post=2, seats=4, taken=0, prefers=("stairs",), held=(Held("typing", True),))
    assert best([typing, stairs]).place.post == 1
