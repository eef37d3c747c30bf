import pytest

from communities.rules.reach import OPEN, Whereabouts, Zone, blocked, strictest
from communities.states import Entry

CONTROLLED = Zone(Entry.GROUP, residents_may_leave=False, strictness=2, group="north")
LOCKDOWN = Zone(Entry.RESIDENTS, residents_may_leave=False, needs_approval=True, strictness=3)
PRECAUTION = Zone(strictness=1)


@pytest.mark.parametrize(
    ("home", "place", "code"),
    [
        (Whereabouts(1), Whereabouts(2), None),
        (Whereabouts(1, PRECAUTION), Whereabouts(2, PRECAUTION), None),
        (Whereabouts(1, LOCKDOWN), Whereabouts(1, LOCKDOWN), None),
        (Whereabouts(1), Whereabouts(2, LOCKDOWN), "zone_residents_only"),
        (Whereabouts(), Whereabouts(2, LOCKDOWN), "zone_residents_only"),
        (Whereabouts(1, LOCKDOWN), Whereabouts(2), "zone_cannot_leave"),
        (Whereabouts(1, LOCKDOWN), Whereabouts(), "zone_cannot_leave"),
        (Whereabouts(1, CONTROLLED), Whereabouts(2, CONTROLLED), None),
        (Whereabouts(1), Whereabouts(2, CONTROLLED), "zone_group_only"),
        (Whereabouts(1, CONTROLLED), Whereabouts(2), "zone_cannot_leave"),
        (
            Whereabouts(1, Zone(Entry.GROUP, False, strictness=2, group="south")),
            Whereabouts(2, CONTROLLED),
            "zone_group_only",
        ),
        (
            Whereabouts(1, Zone(Entry.GROUP, False, strictness=2)),
            Whereabouts(2, Zone(Entry.GROUP, False, strictness=2)),
            "zone_group_only",
        ),
    ],
)
def test_who_can_get_to_a_place(home, place, code):
    refusal = blocked(home, place)
    assert (refusal.code if refusal else None) == code


def test_a_pass_opens_every_way():
    assert blocked(Whereabouts(1, LOCKDOWN), Whereabouts(2, LOCKDOWN), has_pass=True) is None


def test_of_a_compound_and_the_areas_above_it_the_strictest_zone_wins():
    assert strictest([PRECAUTION, LOCKDOWN, CONTROLLED]) == LOCKDOWN
    assert strictest([]) == OPEN
