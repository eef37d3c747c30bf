"""What a lead is told about a shift and may decide otherwise about."""

from datetime import timedelta

import pytest

from staffing.rules.shifts import PostFacts, ShiftFacts, warnings
from tests.factories.staffing import BLOCK, DAWN


def shift(leads, seats, leader=False, limit=None):
    posts = [PostFacts("组长", leads, False, True, timedelta(hours=8))] if leads else []
    posts += [PostFacts("录入", seats, False, False, timedelta(hours=8))] if seats else []
    facts = {"risks": True, "protection": True, "insured": True, "briefing": True, "override": False}
    return ShiftFacts(DAWN, DAWN + BLOCK, posts, leader=leader, gathering_limit=limit, **facts)


@pytest.mark.parametrize(
    ("leads", "seats", "leader", "limit", "found"),
    [
        (0, 5, False, None, []),
        (1, 5, False, None, ["no_deputy"]),
        (1, 5, True, None, []),
        (0, 5, True, None, ["no_deputy"]),
        (2, 5, False, None, []),
        (1, 9, True, 5, ["few_leads", "gathering"]),
    ],
)
def test_every_lead_seat_needs_somebody_who_stands_in_and_seven_people_one_lead(leads, seats, leader, limit, found):
    assert [warning.code for warning in warnings(shift(leads, seats, leader, limit))] == found
