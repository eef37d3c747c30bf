"""Who sees and who runs what of staffing."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import Http404
from django.utils import timezone

from communities.errors import Forbidden
from communities.states import Level, RoleName
from staffing import access
from staffing.actions import pledges
from tests.factories import communities as places
from tests.factories import staffing as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def here():
    return places.area(parent=places.area(Level.DISTRICT))


def test_a_lead_sees_and_runs_the_calls_of_the_own_community_only(here):
    call, _other = make.call(here), make.call(places.area())
    lead = places.lead(here)

    assert list(access.calls_visible_to(lead)) == [call]
    assert list(access.calls_run_by(lead)) == [call]


@pytest.mark.parametrize("role", [RoleName.SUBDISTRICT_LEAD, RoleName.AUDITOR, RoleName.CITY_COMMAND])
def test_a_role_above_sees_the_call_and_does_not_run_it(here, role):
    call = make.call(here)
    above = places.lead(here.parent, role)

    assert list(access.calls_visible_to(above)) == [call]
    with pytest.raises(Forbidden):
        access.load(access.calls_visible_to(above), access.calls_run_by(above), pk=call.pk)


@pytest.mark.parametrize("outsider", ["stranger", "volunteer", "lead elsewhere", "lead whose grant ended"])
def test_an_outsider_does_not_find_the_shift(here, outsider):
    shift = make.shift(places.site(here))
    user = {
        "stranger": AnonymousUser,
        "volunteer": lambda: make.volunteer(community=here).user,
        "lead elsewhere": lambda: places.lead(places.area()),
        "lead whose grant ended": lambda: places.grant(area=here, ends_at=timezone.now()).user,
    }[outsider]()

    assert list(access.shifts_visible_to(user)) == []
    with pytest.raises(Http404):
        access.load(access.shifts_visible_to(user), access.shifts_run_by(user), pk=shift.pk)


def test_a_path_that_only_begins_alike_is_not_below(here):
    other = places.area()
    lead = places.lead(here)
    type(here).objects.filter(pk=other.pk).update(path=here.path[:-1] + "9/")
    make.call(other)

    assert list(access.calls_visible_to(lead)) == []


@pytest.mark.parametrize(
    ("starts_in", "ended_ago", "found"),
    [
        (timedelta(hours=2, minutes=1), None, False),
        (timedelta(hours=2), None, True),
        (None, timedelta(hours=11, minutes=59), True),
        (None, timedelta(hours=12), False),
    ],
)
def test_the_leader_of_a_shift_has_its_board_from_two_hours_before_to_twelve_after(here, starts_in, ended_ago, found):
    now = timezone.now()
    start = now + starts_in if starts_in else now - ended_ago - make.BLOCK
    leader = places.user()
    shift = make.shift(places.site(here), start=start, leader=leader)
    make.shift(places.site(here), start=start)

    assert list(access.boards_of(leader, now=now)) == ([shift] if found else [])


def test_a_point_leader_takes_attendance_and_does_not_run_the_shift(here):
    shift = make.shift(places.site(here))
    leader = places.lead(here, RoleName.POINT_LEAD)

    assert list(access.boards_of(leader)) == [shift]
    assert list(access.shifts_run_by(leader)) == []


def test_sign_ups_are_seen_by_their_owner_and_by_who_may_see_names(here):
    seats = make.seats(2, shift_=make.shift(places.site(here)))
    mine = seats[0]

    assert list(access.signups_visible_to(mine.volunteer.user)) == [mine]
    assert set(access.signups_visible_to(places.lead(here, RoleName.GRID_MEMBER))) == set(seats)
    assert list(access.signups_visible_to(places.lead(here, RoleName.AUDITOR))) == []
    assert list(access.signups_run_by(mine.volunteer.user)) == []


def test_a_pledge_is_named_by_its_organisation_and_by_the_lead_it_was_made_to(here):
    post = make.post(make.shift(places.site(here)), seats=8)
    unit, other = places.organisation(), places.organisation()
    lead = places.lead(here)
    pledge = pledges.promise(post.pk, unit.pk, 8, make.NIGHT + timedelta(hours=2), by=lead, now=make.NIGHT)
    hr = places.grant(RoleName.ORG_HR, organisation=unit).user
    stranger = places.grant(RoleName.ORG_HR, organisation=other).user

    assert list(access.pledges_run_by(lead)) == [pledge]
    assert list(access.pledges_run_by(hr)) == [pledge]
    assert list(access.pledges_visible_to(stranger)) == []
