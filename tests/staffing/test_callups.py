"""Who is told of a call, and when a call is no longer told."""

from datetime import timedelta

import pytest
from django.utils import timezone

from communities.errors import Refused
from communities.messages import delivery, links
from communities.messages.claims import claim
from communities.models import GroupRobot, Message
from staffing.actions import calls, callups, decisions, replies, shifts, signups
from staffing.messages.contexts import call_up
from staffing.messages.texts import call_text
from staffing.models import Post, Reply
from staffing.queries.audience import Audience, audience
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
    assert audience(call.pk).all == 2
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
    assert audience(call.pk).all == 2


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
        with django_assert_num_queries(7):  # savepoint twice, call, insert, community, robots, the round
            callups.call(call.pk, by=lead, now=NIGHT)
        claimed, _now = claim("callup", NIGHT)
        with django_assert_num_queries(6):  # calls, customs twice, names, who has signed up, who said no
            assert len(delivery.gather(claimed, NIGHT)) == count


# -- asking again ------------------------------------------------------------------------------------------------------


def sent(*people):
    """The first round has reached these."""
    readers = [person.user_id for person in people]
    Message.objects.filter(kind="call_up", reader__in=readers).update(status="sent", sent_at=NIGHT)


def round_of(number, call) -> set[int]:
    found = Message.objects.filter(kind="call_up", key=f"{call.pk}:{number}")
    return set(found.values_list("reader__volunteer", flat=True))


def test_who_has_not_answered_is_asked_again_two_hours_later_and_no_sooner(community, call):
    lead, people = places.lead(community), [neighbour(community) for _person in range(3)]
    quick, no, silent = people
    callups.call(call.pk, by=lead, now=NIGHT)
    sent(*people)
    signups.sign_up(call.shifts.get().posts.get().pk, quick.pk, now=NIGHT)
    replies.not_this_time(call.pk, by=no.user, now=NIGHT)
    with pytest.raises(Refused, match="asked_recently"):
        callups.call_again(call.pk, by=lead, now=NIGHT + 2 * HOUR - timedelta(seconds=1))
    assert callups.call_again(call.pk, by=lead, now=NIGHT + 2 * HOUR) == callups.Called(people=1, groups=0)
    assert round_of(2, call) == {silent.pk}
    assert list(call.askings.values_list("again", "people", "asked_by")) == [(False, 3, lead.pk), (True, 1, lead.pk)]


def test_whom_the_first_message_has_not_reached_yet_is_not_asked_twice(community, call):
    reached, _waiting, failed = [neighbour(community) for _person in range(3)]
    lead = places.lead(community)
    callups.call(call.pk, by=lead, now=NIGHT)
    sent(reached)
    Message.objects.filter(reader=failed.user_id).update(status="failed")
    callups.call_again(call.pk, by=lead, now=NIGHT + 2 * HOUR)
    assert round_of(2, call) == {reached.pk}


def test_it_is_sent_again_twice_at_most(community, call):
    lead, person = places.lead(community), neighbour(community)
    callups.call(call.pk, by=lead, now=NIGHT)
    for number in (1, 2):
        Message.objects.update(status="sent")
        assert callups.call_again(call.pk, by=lead, now=NIGHT + 2 * number * HOUR).people == 1
    Message.objects.update(status="sent")
    with pytest.raises(Refused, match="asked_enough"):
        callups.call_again(call.pk, by=lead, now=NIGHT + 7 * HOUR)
    assert Message.objects.filter(reader=person.user_id).count() == 3


def test_nobody_is_asked_again_who_was_never_asked(community, call):
    neighbour(community)
    with pytest.raises(Refused, match="nobody_asked"):
        callups.call_again(call.pk, by=places.lead(community), now=NIGHT)
    assert told() == set()


def test_who_said_no_is_not_asked_even_by_a_message_on_its_way(community, call):
    no, lead = neighbour(community), places.lead(community)
    callups.call(call.pk, by=lead, now=NIGHT)
    replies.not_this_time(call.pk, by=no.user, now=NIGHT)
    assert ready() == set()
    assert callups.call(call.pk, by=lead, now=NIGHT) == callups.Called(people=0, groups=0)
    assert audience(call.pk) == Audience()


def test_the_audience_counts_who_is_unasked_silent_and_came(community, call):
    first, second = neighbour(community), neighbour(community)
    assert audience(call.pk) == Audience(all=2, unasked=2)
    callups.call(call.pk, by=places.lead(community), now=NIGHT)
    sent(first, second)
    neighbour(community)
    assert audience(call.pk) == Audience(all=3, unasked=1, silent=2)
    signups.sign_up(call.shifts.get().posts.get().pk, first.pk, now=NIGHT)
    found = audience(call.pk)
    assert (found, found.one_in) == (Audience(all=2, unasked=1, silent=1, came=1), 2)


# -- before it opens ---------------------------------------------------------------------------------------------------


def opens(call, at):
    type(call).objects.filter(pk=call.pk).update(sign_up_from=at)


def told_of_opening():
    return list(Message.objects.filter(kind="opened").values_list("reader", flat=True))


def test_who_wants_to_know_is_told_once_when_the_call_opens(community, call):
    opens(call, NIGHT + HOUR)
    eager, other = neighbour(community).user, neighbour(community).user
    for _tap in range(2):
        replies.remind_me(call.pk, by=eager, now=NIGHT)
    replies.remind_me(call.pk, by=other, now=NIGHT)
    replies.forget(call.pk, by=other)
    assert (replies.tell_opened(NIGHT + HOUR - timedelta(seconds=1)), told_of_opening()) == (0, [])
    assert (replies.tell_opened(NIGHT + HOUR), replies.tell_opened(NIGHT + 2 * HOUR)) == (1, 0)
    assert told_of_opening() == [eager.pk]


def test_a_full_call_that_opens_is_told_of_too_a_closed_one_is_not(community, call):
    opens(call, NIGHT + HOUR)
    replies.remind_me(call.pk, by=neighbour(community).user, now=NIGHT)
    post = call.shifts.get().posts.get()
    Post.objects.filter(pk=post.pk).update(taken=2)
    calls.close(call.pk, by=places.lead(community), now=NIGHT)
    assert replies.tell_opened(NIGHT + HOUR) == 0
    calls.reopen(call.pk, by=places.lead(community), now=NIGHT)
    assert replies.tell_opened(NIGHT + HOUR) == 1
    assert len(ready(NIGHT + HOUR)) == 1


def test_nobody_signs_up_before_the_call_opens_but_staff_enter_people(community, call):
    opens(call, NIGHT + HOUR)
    post, lead = call.shifts.get().posts.get(), places.lead(community)
    with pytest.raises(Refused, match="not_open"):
        signups.sign_up(post.pk, neighbour(community).pk, now=NIGHT)
    with pytest.raises(Refused, match="not_open"):
        callups.call(call.pk, by=lead, now=NIGHT)
    entered = signups.Entry(channel="desk", by=lead, on_behalf=True)
    assert signups.sign_up(post.pk, neighbour(community).pk, now=NIGHT, entry=entered).status == "confirmed"
    assert signups.sign_up(post.pk, neighbour(community).pk, now=NIGHT + HOUR).status == "confirmed"


# -- the pages ---------------------------------------------------------------------------------------------------------


def test_the_link_in_the_message_says_no_for_good_and_opening_it_says_nothing(community, call, client, settings):
    person = neighbour(community)
    callups.call(call.pk, by=places.lead(community), now=NIGHT)
    message = Message.objects.get(reader=person.user_id)
    address = "/a/" + links.make(links.Purpose.CALL, message.pk, timezone.now() + HOUR)
    assert client.get(address).status_code == 200
    assert not Reply.objects.exists()
    for _tap in range(2):
        assert client.post(address).status_code == 303
    assert Reply.objects.get().said == "not_this_time"
    assert audience(call.pk) == Audience()
    late = "/a/" + links.make(links.Purpose.CALL, message.pk, timezone.now() - HOUR)
    assert client.get(late).status_code == 410
    assert client.get("/a/" + links.make(links.Purpose.CALL, message.pk + 1, timezone.now() + HOUR)).status_code == 404


def test_the_text_has_the_no_link_for_people_and_none_for_groups(community, call):
    neighbour(community)
    GroupRobot.objects.create(area=community, name="群", kind="wecom", url="https://x", active=True)
    callups.call(call.pk, by=places.lead(community), now=NIGHT)
    claimed, _now = claim("callup", NIGHT)
    texts = {bool(one.reader): call_text(asked[one.id]) for asked in [call_up(claimed, NIGHT)] for one in claimed}
    assert ["/a/" in texts[True], "/a/" in texts[False]] == [True, False]


def test_a_reader_asks_to_be_reminded_and_changes_their_mind(client):
    soon = timezone.now() + HOUR
    call = make.call(starts_at=soon + HOUR, ends_at=soon + 5 * HOUR, sign_up_from=soon)
    make.post(make.shift(call_up=call, start=soon + HOUR), seats=2)
    page, address = f"/c/{call.slug}/", f"/c/{call.slug}/remind/"
    assert "/accounts/" in client.get(address)["Location"]
    user = make.volunteer().user
    client.force_login(user)
    before = client.get(page)
    assert client.get(address).status_code == 200
    assert not Reply.objects.exists()
    assert client.post(address).status_code == 303
    assert (Reply.objects.get().user, Reply.objects.get().said) == (user, "remind_me")
    after = client.get(page, headers={"if-none-match": before["ETag"]})
    assert (after.status_code, "undo" in after.content.decode()) == (200, True)
    assert client.post(address, {"undo": "1"}).status_code == 303
    assert not Reply.objects.exists()
