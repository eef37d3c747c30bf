"""A call told in waves: how many at once, whom, when it stops, and what the desk and the API say of it."""

from datetime import timedelta

import pytest
import time_machine
from django.core.cache import cache
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as some

from communities.errors import Invalid, Refused
from communities.messages import links
from communities.messages.claims import claim
from communities.models import Area, GroupRobot, Message, User
from communities.models.areas import DEFAULT_ZONE
from staffing.actions import calls, callups, replies, signups, waves
from staffing.actions.waves import RunPlan
from staffing.models import Asking, Post, Reply, SignUp, Wave, WaveRun
from staffing.queries import waves as queries
from staffing.rules.waves import (
    Asked,
    Standing,
    Told,
    Verdict,
    chance,
    decide,
    later,
    outlook,
    ratio,
    size,
    still_to_come,
    wait,
)
from staffing.states import RunStatus
from tests.doors import Api, told
from tests.factories import communities as places
from tests.factories import staffing as make
from tests.factories.staffing import DAWN, NIGHT
from tests.staffing.desks import Desk, text
from volunteers.models import Absence

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
LATE = NIGHT + 3 * HOUR  # 23:00, in quiet hours
MORNING = NIGHT + 10 * HOUR

# -- how many ----------------------------------------------------------------------------------------------------------

counts = some.integers(0, 5000)
asked = some.integers(0, 3000).flatmap(
    lambda people: some.builds(Asked, some.just(people), some.integers(0, people), some.none())
)
ratios = some.floats(1, 50)


def test_nothing_is_known_so_one_in_four_comes():
    assert (chance(Asked()), ratio(Asked())) == (0.25, 4)
    assert size(12, 0, ratio(Asked()), 500) == 48


def test_what_was_learned_counts_as_sixty_people_and_the_call_itself_in_full():
    past = Asked(600, 60)
    assert chance(past) == pytest.approx((6 + 1) / (60 + 4))
    old = Told(200, 100, 100, 5 * HOUR)
    assert chance(past, [old]) == pytest.approx((6 + 100 + 1) / (60 + 200 + 4), abs=0.01)


@given(past=asked, gap=counts, more=counts, audience=counts)
def test_a_larger_gap_never_asks_fewer_and_nobody_beyond_the_audience_is_asked(past, gap, more, audience):
    few, many = (size(n, 0, ratio(past), audience) for n in (gap, gap + more))
    assert 0 <= few <= many <= audience


@given(people=some.integers(1, 3000), yes=some.integers(0, 3000), gap=some.integers(1, 500))
def test_where_fewer_come_more_are_asked(people, yes, gap):
    yes = min(yes, people)
    rare, often = ratio(Asked(people, yes // 2)), ratio(Asked(people, yes))
    assert size(gap, 0, rare, 10**9) >= size(gap, 0, often, 10**9)


@given(past=asked, gap=some.integers(1, 1000), expected=some.floats(0, 1000))
def test_enough_are_asked_for_the_gap_to_close_on_the_average(past, gap, expected):
    people = size(gap, expected, ratio(past), 10**9)
    assert people / ratio(past) + expected >= gap - 1e-6
    assert people == 0 or (people - 1) / ratio(past) + expected < gap + 1e-6


@given(p=some.floats(0.01, 0.99), early=some.floats(0, 1), late=some.floats(0, 1))
def test_the_longer_somebody_is_silent_the_less_likely_they_come(p, early, late):
    early, late = sorted((early, late))
    assert 0 <= later(p, late) <= later(p, early) <= p + 1e-9


def test_while_enough_are_expected_to_say_yes_nobody_else_is_asked():
    fresh = [Told(40, 0, 40, timedelta())]
    assert still_to_come(Asked(), fresh) == pytest.approx(10)
    standing = Standing(gap=10, next_at=NIGHT, until=DAWN, told=fresh, audience=100)
    assert decide(standing, NIGHT).verdict is Verdict.WAIT
    silent = Standing(gap=10, next_at=NIGHT, until=DAWN, told=[Told(40, 0, 40, 5 * HOUR)], audience=1000)
    assert decide(silent, NIGHT).people > 40


def test_four_of_five_answers_are_waited_for_within_bounds():
    assert wait(Asked(9, 9, 12 * MINUTE), urgent=False) == 20 * MINUTE
    assert wait(Asked(9, 9, 12 * MINUTE), urgent=True) == 15 * MINUTE
    assert wait(Asked(9, 9, 5 * HOUR), urgent=False) == HOUR
    assert wait(Asked(9, 9, MINUTE), urgent=False) == 10 * MINUTE


@pytest.mark.parametrize(
    ("changed", "found"),
    [
        ({"gap": 0}, (Verdict.END, RunStatus.FILLED)),
        ({"gap": None}, (Verdict.END, RunStatus.OVER)),
        ({"until": NIGHT}, (Verdict.END, RunStatus.OVER)),
        ({"next_at": NIGHT + MINUTE}, (Verdict.WAIT, None)),
        ({"audience": 0}, (Verdict.END, RunStatus.DONE)),
        ({"audience": 0, "told": [Told(40, 0, 40, timedelta())]}, (Verdict.WAIT, None)),
        ({}, (Verdict.SEND, None)),
    ],
)
def test_a_run_sends_waits_or_ends(changed, found):
    usual = {"gap": 3, "next_at": NIGHT, "until": DAWN, "audience": 50}
    decision = decide(Standing(**usual | changed), NIGHT)
    assert (decision.verdict, decision.ends) == found


def test_a_wave_is_told_in_numbers():
    found = outlook(46, 0.25, ahead=0, per_second=20)
    assert (found.people, found.expected, found.seconds) == (46, 12, 3)
    assert outlook(46, 0.25, ahead=14, per_second=20).seconds == 3
    assert outlook(0, 0.25, ahead=14, per_second=20).seconds == 0


# -- whom --------------------------------------------------------------------------------------------------------------


@pytest.fixture
def community(db):
    cache.clear()
    return places.area()


@pytest.fixture
def lead(community):
    return places.lead(community)


@pytest.fixture
def call(community):
    """One post with two seats."""
    found = make.call(community)
    make.post(make.shift(places.site(community), found), seats=2)
    return found


def people(community, count: int, **fields):
    return [make.volunteer(community=community, **fields) for _person in range(count)]


def of_wave(number: int, run: WaveRun) -> set[int]:
    wave = Wave.objects.get(run=run, number=number)
    return set(Message.objects.filter(facts__wave=wave.pk).values_list("reader", flat=True))


def sent(at=NIGHT) -> None:
    Message.objects.filter(status="scheduled").update(status="sent", sent_at=at)


def begin(call, lead, now=NIGHT, **plan) -> WaveRun:
    return waves.start(call.pk, RunPlan(**{"groups": False} | plan), by=lead, now=now)


def test_the_first_wave_asks_as_many_as_it_takes_and_leaves_the_others_alone(community, call, lead):
    people(community, 12)
    run = begin(call, lead)
    assert (run.status, run.wait_minutes, run.until) == ("running", 20, DAWN)
    assert len(of_wave(1, run)) == 8
    wave = run.waves.get()
    assert (wave.number, wave.gap, wave.people, wave.chance) == (1, 2, 8, 0.25)
    assert list(call.askings.values_list("people", "groups", "asked_by")) == [(8, 0, lead.pk)]


def test_started_twice_is_started_once(community, call, lead):
    people(community, 12)
    assert begin(call, lead) == begin(call, lead)
    assert (Wave.objects.count(), Message.objects.count()) == (1, 8)


def test_who_has_not_been_asked_for_longest_comes_first(community, call, lead):
    other = make.call(community)
    old, new, never = people(community, 3)
    for person, days in ((old, 30), (new, 1)):
        Message.objects.create(
            kind="call_up", key=str(other.pk), target=other.pk, reader=person.user, due_at=NIGHT,
            sent_at=NIGHT - timedelta(days=days), status="sent",
        )  # fmt: skip
    assert queries.candidates(call.pk, NIGHT, agreed=False) == [one.user_id for one in (never, old, new)]


def test_only_who_may_take_a_free_seat_is_asked(community, call, lead):
    fine, busy, away, unfit = people(community, 4)
    signups.sign_up(make.post(make.shift(start=DAWN + HOUR)).pk, busy.pk, now=NIGHT)
    Absence.objects.create(volunteer=away, period=(DAWN + HOUR, DAWN + 2 * HOUR))
    role = call.shifts.get().posts.get().role
    assert set(queries.candidates(call.pk, NIGHT, agreed=False)) == {fine.user_id, unfit.user_id}
    role.requires.add(make.qualification("licence", self_declared=False))
    make.held(fine, "licence", verified_at=NIGHT)
    assert queries.candidates(call.pk, NIGHT, agreed=False) == [fine.user_id]
    Post.objects.filter(shift__call_up=call).update(taken=2)
    assert queries.candidates(call.pk, NIGHT, agreed=False) == []


def test_the_audience_of_a_wave_is_welcome_by_the_rules_of_sign_up_one_by_one(community, call, lead):
    somebody = people(community, 6)
    signups.sign_up(make.post(make.shift(start=DAWN - HOUR)).pk, somebody[0].pk, now=NIGHT)
    signups.sign_up(make.post(make.shift(start=DAWN + 30 * HOUR)).pk, somebody[1].pk, now=NIGHT)
    Post.objects.filter(shift__call_up=call).update(seats=6)
    found = set(queries.candidates(call.pk, NIGHT, agreed=False))
    post = call.shifts.get().posts.get()
    taken = {person.user_id for person in somebody if accepted(post, person)}
    assert found == taken == {person.user_id for person in somebody[1:]}


def accepted(post, person) -> bool:
    try:
        return bool(signups.sign_up(post.pk, person.pk, now=NIGHT))
    except Refused:
        return False


def test_one_candidate_and_thirty_take_the_same_number_of_queries(community, call, queries_of):
    people(community, 1)
    few = queries_of(lambda: queries.candidates(call.pk, NIGHT, agreed=False))
    people(community, 29)
    assert queries_of(lambda: queries.candidates(call.pk, NIGHT, agreed=False)) == few == 3


def test_nobody_is_asked_twice_whichever_way_the_call_is_told(community, call, lead):
    people(community, 12)
    begin(call, lead)
    first = set(Message.objects.values_list("reader", flat=True))
    assert callups.call(call.pk, by=lead, now=NIGHT).people == 4
    assert Message.objects.count() == 12
    waves.stop(call.pk, by=lead, now=NIGHT)
    assert set(Message.objects.filter(status="cancelled").values_list("reader", flat=True)) == first


def test_who_said_no_is_never_asked_again(community, call, lead):
    one, other = people(community, 2)
    replies.not_this_time(call.pk, by=one.user, now=NIGHT)
    run = begin(call, lead)
    assert of_wave(1, run) == {other.user_id}
    replies.not_this_time(call.pk, by=other.user, now=NIGHT)
    assert Message.objects.get().status == "cancelled"
    assert waves.advance(run.pk, NIGHT + HOUR).ends is RunStatus.DONE


@pytest.mark.parametrize(
    ("prepare", "code"),
    [
        (lambda: Post.objects.update(taken=2), "nobody_missing"),
        (lambda: None, "nobody_to_ask"),
        (lambda: calls_closed(), "closed"),
    ],
)
def test_a_call_that_needs_nobody_or_has_nobody_to_ask_is_not_begun(community, call, lead, prepare, code):
    prepare()
    with pytest.raises(Refused, match=code):
        begin(call, lead)
    assert not WaveRun.objects.exists()


def calls_closed() -> None:
    from staffing.models import CallUp

    CallUp.objects.update(status="closed")


@pytest.mark.parametrize("wrong", [{"per_seat": 0}, {"per_seat": 51}, {"wait_minutes": 721}, {"until": NIGHT}])
def test_a_plan_that_cannot_be_is_refused_by_its_field(community, call, lead, wrong):
    people(community, 1)
    with pytest.raises(Invalid) as error:
        begin(call, lead, **wrong)
    assert list(error.value.fields) == list(wrong)


def test_chat_groups_hear_of_it_with_the_first_wave_when_asked_to(community, call, lead):
    people(community, 12)
    GroupRobot.objects.create(area=community, name="群", kind="wecom", url="https://x", active=True)
    assert waves.preview(call, RunPlan(), NIGHT).groups == 1
    begin(call, lead, groups=True)
    assert Message.objects.filter(robot__isnull=False).count() == 1
    assert Asking.objects.get().groups == 1


# -- the next wave, and the end ----------------------------------------------------------------------------------------


def test_the_next_wave_goes_when_its_time_has_come_and_people_are_still_missing(community, call, lead):
    people(community, 40)
    run = begin(call, lead)
    sent()
    assert waves.advance(run.pk, NIGHT + 19 * MINUTE).verdict is Verdict.WAIT
    assert waves.advance(run.pk, NIGHT + 20 * MINUTE).verdict is Verdict.SEND
    assert waves.advance(run.pk, NIGHT + 20 * MINUTE).verdict is Verdict.WAIT
    first, second = (of_wave(number, run) for number in (1, 2))
    assert (len(first), bool(second), first & second) == (8, True, set())


def test_messages_that_have_not_left_yet_are_waited_for(community, call, lead):
    people(community, 40)
    run = begin(call, lead)
    assert waves.advance(run.pk, NIGHT + HOUR).verdict is Verdict.WAIT
    assert run.waves.count() == 1


def test_a_filled_call_ends_its_waves_and_keeps_back_what_has_not_left(community, call, lead):
    people(community, 12)
    run = begin(call, lead)
    post = call.shifts.get().posts.get()
    for person in people(community, 2):
        signups.sign_up(post.pk, person.pk, now=NIGHT)
    assert waves.advance(run.pk, NIGHT + MINUTE).ends is RunStatus.FILLED
    run.refresh_from_db()
    assert (run.status, run.ended_at) == ("filled", NIGHT + MINUTE)
    assert set(Message.objects.filter(kind="call_up").values_list("status", flat=True)) == {"cancelled"}


@pytest.mark.parametrize("end", ["deadline", "closed"])
def test_at_the_deadline_or_with_the_call_it_is_over(community, call, lead, end):
    people(community, 12)
    run = begin(call, lead, until=NIGHT + HOUR)
    if end == "closed":
        calls.close(call.pk, by=lead, now=NIGHT)
    assert waves.advance(run.pk, NIGHT + (HOUR if end == "deadline" else MINUTE)).ends is RunStatus.OVER
    assert WaveRun.objects.get().status == "over"


def test_when_everybody_was_asked_and_nobody_is_expected_any_more_it_is_done(community, call, lead):
    people(community, 3)
    run = begin(call, lead)
    sent()
    assert waves.advance(run.pk, NIGHT + 110 * MINUTE).ends is RunStatus.DONE


def test_stopped_nothing_leaves_and_a_later_run_asks_those_who_were_not_reached(community, call, lead):
    people(community, 12)
    run = begin(call, lead)
    reached = Message.objects.order_by("pk").first()
    Message.objects.filter(pk=reached.pk).update(status="sent", sent_at=NIGHT)
    stopped = waves.stop(call.pk, by=lead, now=NIGHT + MINUTE)
    assert (stopped.status, stopped.stopped_by, stopped.ended_at) == ("stopped", lead, NIGHT + MINUTE)
    assert waves.stop(call.pk, by=places.user(), now=NIGHT + HOUR).stopped_by == lead
    assert waves.advance(run.pk, NIGHT + HOUR).verdict is Verdict.END
    assert claim("callup", NIGHT + HOUR)[0] == []
    again = begin(call, lead, now=NIGHT + HOUR)
    assert again.pk != run.pk
    assert reached.reader_id not in of_wave(1, again)
    assert Message.objects.values("reader").distinct().count() == Message.objects.count()


def test_a_call_that_was_never_told_in_waves_cannot_be_stopped(community, call, lead):
    with pytest.raises(Refused, match="no_waves"):
        waves.stop(call.pk, by=lead, now=NIGHT)


def test_what_must_not_leave_any_more_is_known_just_before_it_would(community, call, lead):
    people(community, 12)
    run = begin(call, lead)
    held, _now = claim("callup", NIGHT)
    ids = {one.id for one in held}
    assert queries.halted(held, NIGHT) == set()
    assert queries.halted(held, run.until) == ids
    Post.objects.update(taken=2)
    assert queries.halted(held, NIGHT) == ids
    Post.objects.update(taken=0)
    waves.stop(call.pk, by=lead, now=NIGHT)
    assert queries.halted(held, NIGHT) == ids


# -- at night ----------------------------------------------------------------------------------------------------------


def test_at_night_the_first_wave_waits_for_the_morning_and_the_next_ones_for_it(community, lead):
    call = make.call(community, starts_at=DAWN + 6 * HOUR, ends_at=DAWN + 9 * HOUR)
    make.post(make.shift(places.site(community), call, start=DAWN + 6 * HOUR), seats=2)
    people(community, 40)
    assert waves.preview(call, RunPlan(), LATE).leaves_at == MORNING
    run = begin(call, lead, now=LATE)
    assert set(Message.objects.values_list("due_at", flat=True)) == {MORNING}
    run.refresh_from_db()
    assert run.next_at == MORNING + 20 * MINUTE


def test_an_urgent_call_at_night_asks_those_alone_who_agreed_to_it(community, lead):
    call = make.call(community, urgent=True)
    make.post(make.shift(places.site(community), call), seats=2)
    people(community, 3)
    (awake,) = people(community, 1, user=places.user(urgent_calls=True))
    run = begin(call, lead, now=LATE)
    assert of_wave(1, run) == {awake.user_id}
    assert Message.objects.get().due_at == LATE


@pytest.mark.parametrize(("urgent", "sent", "waits"), [(False, False, True), (True, True, False)])
def test_at_night_the_desk_says_when_they_are_asked_and_never_that_they_were(db, urgent, sent, waits):
    desk = Desk(starts_in=20 * HOUR, urgent=urgent)
    local = desk.now.astimezone(DEFAULT_ZONE)
    loud = (local + 2 * HOUR).replace(second=0, microsecond=0)
    Area.objects.update(quiet_from=(local - HOUR).time(), quiet_to=loud.time())
    User.objects.filter(pk__in=[person.user_id for person in people(desk.area, 4)]).update(urgent_calls=True)
    until = local + 10 * HOUR
    said = {"day": f"{until:%Y-%m-%d}", "clock": f"{until:%H:%M}"}
    client = desk.as_lead()
    client.cookies["django_language"] = "en"
    page = text(client.post(f"/desk/calls/{desk.call.pk}/waves/", said, follow=True))
    assert ("Sent to 4 people." in page, f"4 people are asked at {loud:%H:%M}." in page) == (sent, waits)
    assert ("They leave at" in page) == waits


# -- what is learned ---------------------------------------------------------------------------------------------------


def test_the_last_calls_teach_how_many_come_and_how_soon(community, call, lead):
    before = make.call(community, published_at=NIGHT - timedelta(days=3))
    post = make.post(make.shift(places.site(community), before, start=DAWN + timedelta(days=9)), seats=9)
    asked = people(community, 8)
    callups.call(before.pk, by=lead, now=NIGHT)
    Message.objects.update(status="delivered", sent_at=NIGHT - timedelta(days=2))
    for person in asked[:2]:
        signups.sign_up(post.pk, person.pk, now=NIGHT)
    SignUp.objects.update(created_at=NIGHT - timedelta(days=2) + 30 * MINUTE)
    assert queries.learn(call, NIGHT) == Asked(8, 2, 30 * MINUTE)


def test_progress_counts_what_was_sent_and_what_people_say(community, call, lead):
    people(community, 12)
    run = begin(call, lead)
    messages = list(Message.objects.order_by("pk"))
    for message, status in zip(messages, ["sent", "sent", "delivered", "delivered", "failed"], strict=False):
        Message.objects.filter(pk=message.pk).update(status=status, sent_at=NIGHT)
    signups.sign_up(call.shifts.get().posts.get().pk, messages[0].reader.volunteer.pk, now=NIGHT)
    replies.not_this_time(call.pk, by=messages[1].reader, now=NIGHT)
    (found,) = queries.progress(run)
    assert (found.queued, found.sent, found.delivered, found.failed, found.yes, found.no) == (3, 2, 2, 1, 1, 1)
    assert (found.left, found.silent) == (4, 2)


# -- the answers -------------------------------------------------------------------------------------------------------


@pytest.fixture
def desk(db):
    cache.clear()
    return Desk(starts_in=20 * HOUR)


def link_of(desk, person, purpose=links.Purpose.COME) -> str:
    callups.call(desk.call.pk, by=desk.lead, now=timezone.now())
    message = Message.objects.get(kind="call_up", reader=person.user_id)
    return "/a/" + links.make(purpose, message.pk, desk.call.ends_at)


def settled(desk):
    person = make.volunteer(desk.home)
    make.consent(person)
    return person


def test_yes_is_one_tap_and_counts_at_once(desk, client):
    person = settled(desk)
    address = link_of(desk, person)
    assert client.get(address).status_code == 200
    assert not SignUp.objects.exists()
    answer = client.post(address, {"answer": "come"})
    assert (answer.status_code, answer["Location"][:3]) == (303, "/a/")
    place = SignUp.objects.get()
    assert (place.volunteer, place.status, place.placed) == (person, "confirmed", True)
    assert client.get(address)["Location"] == answer["Location"]
    assert client.get(answer["Location"]).status_code == 200


def test_who_comes_too_late_is_asked_to_stay_in_reserve(desk, client):
    late = settled(desk)
    address = link_of(desk, late)
    for _seat in range(2):
        signups.sign_up(desk.post.pk, make.volunteer(desk.home).pk, now=timezone.now())
    page = text(client.get(address))
    assert ('value="reserve"' in page, 'value="come"' in page) == (True, False)
    refused = client.post(address, {"answer": "come"})
    assert (refused.status_code, 'value="reserve"' in text(refused)) == (409, True)
    assert not SignUp.objects.filter(volunteer=late).exists()
    assert client.post(address, {"answer": "reserve"}).status_code == 303
    place = SignUp.objects.get(volunteer=late)
    assert (place.status, place.placed) == ("waitlisted", True)


def test_who_has_not_agreed_to_the_terms_answers_on_the_form(desk, client):
    page = text(client.get(link_of(desk, make.volunteer(desk.home))))
    assert (f"/c/{desk.call.slug}/sign-up/" in page, 'value="come"' in page) == (True, False)


def test_no_is_one_tap_from_either_link(desk, client):
    person = settled(desk)
    assert client.post(link_of(desk, person), {"answer": "no"}).status_code == 303
    assert Reply.objects.get().user == person.user
    assert "/sign-up/" not in text(client.get(link_of(desk, person, links.Purpose.CALL)))


# -- desk and API ------------------------------------------------------------------------------------------------------


def test_the_desk_previews_starts_shows_and_stops(desk):
    for _person in range(12):
        make.volunteer(desk.home)
    browser, address = desk.as_lead(), f"/desk/calls/{desk.call.pk}/waves/"
    page = browser.get(address)
    assert (page.context["preview"].wave.people, page.context["preview"].wave.expected) == (8, 2)
    form = {"day": page.context["form"]["day"].value(), "clock": page.context["form"]["clock"].value()}
    again = browser.post(address, form | {"per_seat": "3", "again": "1"})
    assert (again.status_code, again.context["preview"].wave.people) == (200, 6)
    assert not WaveRun.objects.exists()
    assert browser.post(address, form | {"per_seat": "3"}).status_code == 303
    assert WaveRun.objects.get().waves.get().people == 6
    shown = browser.get(address)
    assert (shown.context["going"], "form" in shown.context) == (True, False)
    live = browser.get(f"{address}live/")
    assert browser.get(f"{address}live/", headers={"if-none-match": live["ETag"]}).status_code == 304
    assert browser.post(f"{address}stop/").status_code == 303
    assert WaveRun.objects.get().status == "stopped"


def test_a_ratio_of_the_leads_own_is_not_told_as_what_answers_teach(desk):
    make.volunteer(desk.home)
    browser, address = desk.as_lead(), f"/desk/calls/{desk.call.pk}/waves/"
    browser.cookies["django_language"] = "en"
    page = browser.get(address)
    form = {"day": page.context["form"]["day"].value(), "clock": page.context["form"]["clock"].value()}
    said = text(browser.post(address, form | {"per_seat": "1", "again": "1"}))
    assert ("One of 4 who are asked comes" in said, "One of 1" in said) == (True, False)


def test_the_desk_says_since_when_nothing_leaves_and_does_not_promise_seconds(desk):
    make.volunteer(desk.home)
    browser, now = desk.as_lead(), timezone.now()
    browser.cookies["django_language"] = "en"
    waves.start(desk.call.pk, RunPlan(), by=desk.lead, now=now)
    address = f"/desk/calls/{desk.call.pk}/waves/live/"
    assert "until all are sent" in text(browser.get(address))
    with time_machine.travel(now + MINUTE):
        page = text(browser.get(address))
    assert ("nothing has left since" in page, "until all are sent" in page) == (True, False)


def test_the_desk_says_of_each_wave_what_did_not_arrive_and_where_to_see_why(desk):
    make.volunteer(desk.home)
    browser = desk.as_lead()
    waves.start(desk.call.pk, RunPlan(), by=desk.lead, now=timezone.now())
    assert "/desk/messages/" not in text(browser.get(f"/desk/calls/{desk.call.pk}/waves/live/"))
    Message.objects.update(status="failed")
    page = text(browser.get(f"/desk/calls/{desk.call.pk}/waves/live/"))
    assert (f"/desk/messages/?call={desk.call.pk}" in page, page.count("没送到")) == (True, 2)


def test_who_only_sees_the_desk_sees_how_it_goes_and_starts_nothing(desk):
    make.volunteer(desk.home)
    browser = places.client(desk.holder("auditor"))
    address = f"/desk/calls/{desk.call.pk}/waves/"
    page = browser.get(address)
    assert (page.status_code, "form" in page.context) == (200, False)
    assert browser.post(address, {}).status_code == 403


def test_one_person_and_thirty_take_as_many_queries_on_the_page(desk, queries_of):
    address = f"/desk/calls/{desk.call.pk}/waves/"
    make.volunteer(desk.home)
    waves.start(desk.call.pk, RunPlan(), by=desk.lead, now=timezone.now())
    browser = desk.as_lead()
    browser.get(address)
    few = queries_of(lambda: browser.get(address))
    for _person in range(29):
        make.volunteer(desk.home)
    waves.stop(desk.call.pk, by=desk.lead, now=timezone.now())
    waves.start(desk.call.pk, RunPlan(per_seat=15), by=desk.lead, now=timezone.now())
    assert queries_of(lambda: browser.get(address)) == few


def test_over_rest_a_wave_is_previewed_started_once_watched_and_stopped(desk):
    for _person in range(12):
        make.volunteer(desk.home)
    api, at = Api(desk.lead), f"call-ups/{desk.call.pk}/waves"
    preview = api.post(f"{at}:preview/").json()
    assert [preview[name] for name in ("people", "expected", "audience", "missing", "wait_minutes")] == [
        8,
        2,
        12,
        2,
        20,
    ]
    assert api.post(f"{at}:start/", {"per_seat": 2}).status_code == 201
    assert api.post(f"{at}:start/", {"per_seat": 2}).status_code == 200
    (run,) = api.get(f"{at}/").json()["runs"]
    assert (run["status"], run["per_seat"], [wave["queued"] for wave in run["waves"]]) == ("running", 2, [4])
    assert api.post(f"{at}:stop/").json()["status"] == "stopped"
    assert told(Api(places.lead(places.area())).post(f"{at}:start/")) == (403, "not_your_role")
    wrong = api.post(f"{at}:start/", {"until": "2022-01-01T00:00:00+08:00"})
    assert (wrong.status_code, list(wrong.json()["errors"])) == (400, ["until"])


def test_while_a_call_is_told_in_waves_the_desk_shows_them_instead_of_asking_everybody(desk):
    make.volunteer(desk.home)
    browser, address = desk.as_lead(), f"/desk/calls/{desk.call.pk}/"
    assert f"{address}ask/" in text(browser.get(address))
    waves.start(desk.call.pk, RunPlan(), by=desk.lead, now=timezone.now())
    page = text(browser.get(address))
    assert (f'action="{address}waves/"' in page, f"{address}ask/" in page) == (True, False)
