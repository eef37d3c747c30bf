"""Who is told of a call, and when a call is no longer told."""

from datetime import timedelta

import pytest

from communities.errors import Refused
from communities.messages import delivery
from communities.messages.claims import claim
from communities.models import GroupRobot, Message
from staffing.actions import calls, callups, decisions, shifts, signups
from tests.factories import communities as places
from tests.factories import staffing as make
from tests.factories.staffing import DAWN, NIGHT
from volunteers.models import Absence, Consent

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def community():
    return places.area()


@pytest.fixture
def call(community):
    """One post with two seats."""
    found = make.call(community)
    make.post(make.shift(places.site(community), found), seats=2)
    return found


def neighbour(community, **fields):
    return make.volunteer(community=community, **fields)


def told() -> set[int]:
    return set(Message.objects.filter(kind="call_up", reader__isnull=False).values_list("reader__volunteer", flat=True))


def ready(now=NIGHT) -> set[int]:
    """Whose call would leave now."""
    claimed, _now = claim("callup", now)
    contexts = delivery.gather(claimed, now)
    return {one.reader for one in claimed if one.id in contexts}


def test_a_call_is_told_to_the_people_of_the_community_and_its_parts_once(community, call):
    grid = places.area("grid", community)
    people = {neighbour(community).pk, neighbour(grid).pk}
    neighbour(places.area())
    make.volunteer()
    lead = places.lead(community)
    assert callups.audience_size(call.pk) == 2
    assert callups.call(call.pk, by=lead, now=NIGHT) == callups.Called(people=2, groups=0)
    assert told() == people
    late = neighbour(community)
    assert callups.call(call.pk, by=lead, now=NIGHT) == callups.Called(people=1, groups=0)
    assert told() == people | {late.pk}


def test_nobody_is_asked_who_is_not_free_to_be_asked(community, call):
    asked = neighbour(community)
    neighbour(community, user=places.user(muted_at=NIGHT))
    neighbour(community, user=places.user(is_active=False))
    neighbour(community, kind="community_staff")
    neighbour(community, is_adult=False)
    left = neighbour(community)
    left.enrolments.update(ended_at=NIGHT)
    unwilling = neighbour(community)
    Consent.objects.create(
        volunteer=unwilling, purpose="service", text_version="1", channel="web", given_at=NIGHT, withdrawn_at=NIGHT
    )
    away, back = neighbour(community), neighbour(community)
    Absence.objects.create(volunteer=away, period=(DAWN - HOUR, call.ends_at))
    Absence.objects.create(volunteer=back, period=(DAWN - HOUR, DAWN + HOUR))
    signed_up, gone = neighbour(community), neighbour(community)
    post = call.shifts.get().posts.get()
    signups.sign_up(post.pk, signed_up.pk, now=NIGHT)
    signups.withdraw(signups.sign_up(post.pk, gone.pk, now=NIGHT).pk, now=NIGHT)
    callups.call(call.pk, by=places.lead(community), now=NIGHT)
    assert told() == {asked.pk, back.pk}
    assert callups.audience_size(call.pk) == 2


def test_the_groups_of_the_community_are_told_once(community, call):
    robots = [
        GroupRobot.objects.create(area=area, name="群", kind="wecom", url="https://x", active=active)
        for area, active in ((community, True), (community, False), (places.area(), True))
    ]
    lead = places.lead(community)
    assert callups.call(call.pk, by=lead, now=NIGHT).groups == 1
    assert callups.call(call.pk, by=lead, now=NIGHT).groups == 0
    assert list(Message.objects.filter(robot__isnull=False).values_list("robot", flat=True)) == [robots[0].pk]


@pytest.mark.parametrize(
    "fields",
    [
        {"status": "draft"},
        {"status": "closed"},
        {"sign_up_until": NIGHT},
        {"ends_at": NIGHT, "starts_at": NIGHT - HOUR},
    ],
)
def test_a_call_that_is_not_open_is_not_told(community, call, fields):
    neighbour(community)
    type(call).objects.filter(pk=call.pk).update(**fields)
    with pytest.raises(Refused):
        callups.call(call.pk, by=places.lead(community), now=NIGHT)
    assert told() == set()


def test_a_call_stops_when_it_is_full_closed_or_cancelled(community, call):
    readers = {neighbour(community).user_id for _person in range(3)}
    lead = places.lead(community)
    callups.call(call.pk, by=lead, now=NIGHT)
    assert ready() == readers
    post = call.shifts.get().posts.get()
    seats = [signups.sign_up(post.pk, neighbour(community).pk, now=NIGHT) for _seat in range(2)]
    assert ready(NIGHT + HOUR) == set()
    decisions.cancel(seats[0].pk, by=lead, now=NIGHT, reason="double_entry")
    assert ready(NIGHT + 2 * HOUR) == readers
    calls.close(call.pk, by=lead, now=NIGHT)
    assert ready(NIGHT + 3 * HOUR) == set()
    calls.reopen(call.pk, by=lead, now=NIGHT)
    shifts.cancel([call.shifts.get().pk], by=lead, now=NIGHT, reason="下雨")
    assert ready(NIGHT + 4 * HOUR) == set()


def test_who_has_signed_up_meanwhile_is_not_called_any_more(community, call):
    quick, slow = neighbour(community), neighbour(community)
    callups.call(call.pk, by=places.lead(community), now=NIGHT)
    signups.sign_up(call.shifts.get().posts.get().pk, quick.pk, now=NIGHT)
    assert ready() == {slow.user_id}


def test_calling_one_person_and_thirty_takes_the_same_number_of_queries(community, call, django_assert_num_queries):
    lead = places.lead(community)
    for count in (1, 29):
        for _person in range(count):
            neighbour(community)
        with django_assert_num_queries(5):  # savepoint twice, call, insert, robots
            callups.call(call.pk, by=lead, now=NIGHT)
        claimed, _now = claim("callup", NIGHT)
        with django_assert_num_queries(5):  # calls, customs twice, names, who has signed up
            assert len(delivery.gather(claimed, NIGHT)) == count
