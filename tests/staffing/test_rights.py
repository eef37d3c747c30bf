"""Who could see this on that day: from the history of grants, of task forces and of the leaders of shifts."""

from datetime import timedelta

import pytest
from django.utils import timezone

from communities.access import May
from communities.actions import grants
from communities.models import Grant
from communities.queries.rights import holders
from communities.states import Level, RoleName
from staffing.actions import task_forces
from staffing.actions.task_forces import ForcePlan
from staffing.models import Shift
from staffing.queries.rights import insight
from staffing.states import Duty
from tests.factories import communities as places
from tests.factories import staffing as make

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
EVENTS = Grant.events.rel.related_model


def aged(grant, by):
    """As if all that has happened to the grant so far had happened so much earlier."""
    for event in EVENTS.objects.filter(pgh_obj=grant):
        EVENTS.objects.filter(pk=event.pk).update(pgh_created_at=event.pgh_created_at - by)


def seen(area, capability, start, end):
    return [(one.user, one.role, one.since, one.until) for one in holders(area, capability, start, end)]


def test_roles_on_the_area_and_above_while_they_lasted_and_no_others():
    now = timezone.now()
    district = places.area(Level.DISTRICT)
    here, beside = places.area(parent=district), places.area(parent=district)
    since = {"starts_at": now - 10 * DAY}
    above = places.grant(RoleName.DISTRICT_LEAD, district, **since)
    lead = places.grant(RoleName.COMMUNITY_LEAD, here, ends_at=now - 2 * DAY, **since)
    places.grant(RoleName.COMMUNITY_LEAD, beside, **since)
    auditor = places.grant(RoleName.AUDITOR, district, **since)
    for grant in (above, lead, auditor):
        aged(grant, 10 * DAY)
    start, end = now - 3 * DAY, now - DAY
    assert seen(here, May.NAMES, start, end) == [
        (above.user, "district_lead", start, end),
        (lead.user, "community_lead", start, lead.ends_at),
    ]
    assert [one[0] for one in seen(here, May.SEE, start, end)] == [above.user, lead.user, auditor.user]
    assert [one[0] for one in seen(here, May.PHONES, start, end)] == [lead.user]
    assert seen(here, May.NAMES, now - 30 * DAY, now - 20 * DAY) == []


def test_a_grant_that_was_ended_early_counts_as_it_stood_on_each_day():
    now = timezone.now()
    here = places.area()
    grant = places.grant(RoleName.COMMUNITY_LEAD, here, starts_at=now - 10 * DAY, ends_at=now + 10 * DAY)
    aged(grant, 10 * DAY)
    grants.end(grant.pk, by=places.user(), now=now)
    aged(grant, DAY)  # so it was ended a day ago, after nine days
    assert seen(here, May.RUN, now - 5 * DAY, now - 4 * DAY) == [
        (grant.user, "community_lead", now - 5 * DAY, now - 4 * DAY)
    ]
    assert seen(here, May.RUN, now + HOUR, now + DAY) == []
    (whole,) = seen(here, May.RUN, now - 5 * DAY, now + DAY)
    assert whole[2] == now - 5 * DAY


def test_a_role_that_was_changed_by_hand_is_seen_as_it_was():
    now = timezone.now()
    here = places.area()
    grant = places.grant(RoleName.COMMUNITY_LEAD, here, starts_at=now - 10 * DAY)
    aged(grant, 10 * DAY)
    Grant.objects.filter(pk=grant.pk).update(role=RoleName.AUDITOR)
    assert [one[1] for one in seen(here, May.SEE, now - DAY, now + DAY)] == ["community_lead", "auditor"]
    assert [one[1] for one in seen(here, May.NAMES, now + HOUR, now + DAY)] == []


def test_a_task_force_is_named_and_so_is_who_led_a_shift():
    now = timezone.now()
    district = places.area(Level.DISTRICT)
    here = places.area(parent=district)
    above = places.grant(RoleName.DISTRICT_LEAD, district, starts_at=now - DAY).user
    force = task_forces.found(ForcePlan(here.pk, "专班", "值守", now + DAY), by=above, now=now)
    posting = task_forces.appoint(force.pk, places.user().pk, Duty.LEAD, by=above, now=now)
    shift = make.shift(places.site(here), start=now + 3 * HOUR, length=4 * HOUR, leader=places.user())
    found = insight(here, May.NAMES, now, now + 2 * DAY)
    named = {right.user: (right.until, posted and posted.task_force) for right, posted in found.rights}
    assert named[posting.user] == (now + DAY, force)
    assert [(one.user, one.shift, one.until) for one in found.leaders] == [
        (shift.leader, shift, now + 3 * HOUR + 4 * HOUR + 12 * HOUR)
    ]
    assert insight(here, May.PHONES, now, now + DAY).leaders == []
    Shift.objects.filter(pk=shift.pk).update(leader=None)
    assert [one.user for one in insight(here, May.NAMES, now + 2 * HOUR, now + DAY).leaders] == []
