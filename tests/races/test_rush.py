"""Those who sign up at the same moment are written together: each in their own name, and never a seat too many."""

from collections import Counter
from threading import Barrier
from uuid import uuid4

import pytest
from django.db import connection, transaction

from communities import history
from communities.errors import Refused
from communities.models import Message
from staffing.actions import parties, rush, seats, shifts, signups
from staffing.actions.parties import Destination, Wish
from staffing.models import Post, SignUp
from staffing.queries import kept_places
from tests.factories import communities as places
from tests.factories import staffing as make
from tests.factories.staffing import NIGHT
from tests.races import threads

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def sizes(monkeypatch):
    """How many were in each batch; the first waits until everybody else has come."""
    found, work = [], rush.BATCHES.work

    def noted(cases):
        found.append(len(cases))
        return work(cases)

    monkeypatch.setattr(rush.BATCHES, "work", noted)
    kept_places.SEEN.clear()
    return found


def in_own_name(act):
    def run(person):
        with history.Told(user=person.user_id, route="test"):
            return act(person)

    return run


def on(post):
    return in_own_name(lambda person: signups.sign_myself_up(post.pk, person.user_id, now=NIGHT))


def to(call, *, waitlist=True, key=None):
    def act(person):
        where = Destination(call.pk, call.community_id)
        wish = Wish([list(call.shifts.values_list("pk", flat=True))], waitlist=waitlist)
        (mine,) = parties.come(where, person.user, None, [], wish, key=key or uuid4(), now=NIGHT)
        return mine

    return in_own_name(act)


def people(count, where=None):
    found = [make.volunteer(community=where) if where else make.volunteer() for _person in range(count)]
    return [type(person).objects.select_related("user").get(pk=person.pk) for person in found]


def test_two_hundred_at_once_on_seventeen_seats_fill_exactly_seventeen(sizes):
    post = make.post(seats=17)
    found = threads.rush(on(post), people(200))
    assert Counter(result.status for result in found) == {"confirmed": 17, "waitlisted": 183}
    post.refresh_from_db()
    assert (post.taken, post.waiting, post.tickets) == (17, 183, 183)
    assert sorted(SignUp.objects.holding_seat().values_list("seat_no", flat=True)) == list(range(1, 18))
    line = SignUp.objects.waiting().order_by("position")
    assert list(line.values_list("position", flat=True)) == list(range(1, 184))
    assert max(sizes) > 1
    assert Message.objects.count() == 200
    assert set(Message.objects.values_list("target", flat=True)) == {result.pk for result in found}


def test_everybody_is_told_of_in_the_history_as_who_acted(sizes):
    post = make.post(seats=40)
    found = threads.rush(on(post), people(40))
    assert max(sizes) > 1
    for signup in found:
        (event,) = SignUp.objects.get(pk=signup.pk).events.select_related("pgh_context")
        assert event.pgh_context.metadata == {"user": signup.volunteer.user_id, "route": "test"}


def test_control_without_its_own_name_a_sign_up_would_be_told_of_as_somebody_elses(sizes, monkeypatch):
    monkeypatch.setattr(seats, "SILENCED", {"pgtrigger.ignore": "{}"})  # then the trigger tells, of who leads the batch
    post = make.post(seats=40)
    found = threads.rush(on(post), people(40))
    told = {signup.pk: signup.volunteer.user_id for signup in found}
    events = SignUp.events.rel.related_model.objects.select_related("pgh_context")
    assert any(event.pgh_context.metadata["user"] != told[event.pgh_obj_id] for event in events)


def test_the_history_of_a_batch_is_what_the_trigger_writes_of_one_alone(sizes):
    post = make.post(seats=1)
    threads.rush(on(post), people(6))
    assert max(sizes) > 1
    for person in people(2):
        with transaction.atomic():
            on(post)(person)
    events = [event for signup in SignUp.objects.order_by("pk") for event in signup.events.all()]
    for event, signup in zip(events, SignUp.objects.order_by("pk"), strict=True):
        assert (event.pgh_label, event.pgh_obj_id, event.pgh_context.metadata["user"]) == (
            "insert",
            signup.pk,
            signup.volunteer.user_id,
        )
        for field in type(event)._meta.concrete_fields:
            if not field.name.startswith("pgh_"):
                assert getattr(event, field.attname) == getattr(signup, field.attname), field.name


def test_a_seat_that_was_given_back_is_taken_again_in_a_rush(sizes):
    post = make.post(seats=12)
    first, *others = people(13)
    gone = [on(post)(person) for person in (first, others[0])]
    for signup in gone:
        signups.withdraw(signup.pk, now=NIGHT)
    found = threads.rush(on(post), others)
    assert {result.status for result in found} == {"confirmed"}
    assert sorted(SignUp.objects.holding_seat().values_list("seat_no", flat=True)) == list(range(1, 13))


def test_the_answer_is_what_is_stored(sizes):
    post = make.post(seats=9)
    for told in threads.rush(on(post), people(30)):
        stored = SignUp.objects.get(pk=told.pk)
        for name in ("status", "seat_no", "position", "post_id", "shift_id", "volunteer_id", "period", "created_at"):
            assert getattr(told, name) == getattr(stored, name), name


def test_a_rush_on_a_call_fills_its_posts_evenly_and_seats_nobody_twice(sizes):
    call = make.call(places.area(), status="open")
    posts = [make.post(make.shift(call_up=call), seats=6) for _post in range(4)]
    found = threads.rush(to(call), people(30))
    assert Counter(result.status for result in found) == {"confirmed": 24, "waitlisted": 6}
    assert [Post.objects.get(pk=post.pk).taken for post in posts] == [6, 6, 6, 6]
    assert max(sizes) > 1


def test_who_wants_a_seat_only_is_refused_when_none_is_left_and_leaves_nothing(sizes):
    call = make.call(places.area(), status="open")
    make.post(make.shift(call_up=call), seats=3)
    found = threads.rush(to(call, waitlist=False), people(12))
    assert Counter(getattr(result, "code", None) or result.status for result in found) == {"confirmed": 3, "full": 9}
    assert (SignUp.objects.count(), Message.objects.count()) == (3, 3)


def test_the_same_form_sent_many_times_at_once_is_one_sign_up(sizes):
    call = make.call(places.area(), status="open")
    make.post(make.shift(call_up=call), seats=5)
    (person,) = people(1)
    found = threads.rush(to(call, key=uuid4()), [person] * 12)
    assert len({result.pk for result in found}) == 1
    assert SignUp.objects.count() == Message.objects.count() == 1


def test_one_person_on_two_overlapping_posts_at_once_gets_one(sizes):
    (person,) = people(1)
    posts = [make.post(seats=5) for _post in range(8)]
    found = threads.rush(lambda post: on(post)(person), posts)
    assert sum(isinstance(result, SignUp) for result in found) == 1
    assert {result.code for result in found if isinstance(result, Refused)} == {"overlap"}
    assert sorted(Post.objects.values_list("taken", flat=True)) == [0] * 7 + [1]


def test_many_posts_in_any_order_do_not_wait_for_each_other_in_a_ring(sizes):
    posts = [make.post(seats=30) for _post in range(6)]
    items = [(posts[(number * 5) % 6], person) for number, person in enumerate(people(60))]
    found = threads.rush(lambda item: on(item[0])(item[1]), items)
    assert {result.status for result in found} == {"confirmed"}
    assert [Post.objects.get(pk=post.pk).taken for post in posts] == [10] * 6


def test_a_shift_cancelled_meanwhile_keeps_nobody(sizes):
    post, lead = make.post(seats=50), places.user()
    work = [lambda p=p: on(post)(p) for p in people(30)]
    work.insert(10, lambda: shifts.cancel([post.shift_id], by=lead, now=NIGHT, reason="雷雨"))
    threads.rush(lambda job: job(), work, width=12)
    assert not SignUp.objects.alive().exists()
    post.refresh_from_db()
    assert (post.taken, post.waiting) == (0, 0)


def test_control_without_the_version_a_kept_post_would_give_seats_of_a_cancelled_shift(sizes, monkeypatch):
    post = make.post(seats=5)
    first, second = people(2)
    on(post)(first)
    shifts.cancel([post.shift_id], by=places.user(), now=NIGHT, reason="雷雨")
    unguarded = seats.TAKE_MANY.replace("version = %(version)s::int", "%(version)s::int > 0")
    monkeypatch.setattr(seats, "TAKE_MANY", unguarded.replace("and free_seats = '{}'", ""))
    same = kept_places.COUNTS.replace("p.version", "p.version - 1")
    monkeypatch.setattr(kept_places, "COUNTS", same)
    assert on(post)(second).status == "confirmed"


def test_what_is_kept_of_a_post_that_has_changed_gives_no_seat(sizes):
    post = make.post(seats=5)
    first, second = people(2)
    assert on(post)(first).status == "confirmed"
    shifts.cancel([post.shift_id], by=places.user(), now=NIGHT, reason="雷雨")
    with pytest.raises(Refused) as refused:
        on(post)(second)
    assert refused.value.code == "shift_cancelled"


def test_a_batch_that_fails_is_done_one_by_one_and_leaves_nothing_half_written(sizes, monkeypatch):
    post, failed = make.post(seats=20), []
    read = rush.decided

    def dies(cases, held):
        if len(cases) > 1:
            failed.append(len(cases))
            with connection.cursor() as cursor:
                cursor.execute("select 1 / 0")
        return read(cases, held)

    monkeypatch.setattr(rush, "decided", dies)
    found = threads.rush(on(post), people(20))
    assert failed
    assert {result.status for result in found} == {"confirmed"}
    assert (SignUp.objects.count(), Message.objects.count()) == (20, 20)
    post.refresh_from_db()
    assert post.taken == 20


def test_a_connection_that_dies_with_a_batch_costs_nobody_their_seat(sizes, monkeypatch):
    post, killed = make.post(seats=20), []
    write = rush.written

    def dies(cases, yes):
        sent = write(cases, yes)
        if len(cases) > 1 and not killed:
            killed.append(connection.connection.info.backend_pid)
            kill(killed[0])
        return sent

    monkeypatch.setattr(rush, "written", dies)
    found = threads.rush(on(post), people(20))
    assert killed
    assert {result.status for result in found} == {"confirmed"}
    assert (SignUp.objects.count(), Message.objects.count()) == (20, 20)


def kill(pid):
    other = connection.copy()
    with other.cursor() as cursor:
        cursor.execute("select pg_terminate_backend(%s, 5000)", [pid])
    other.close()


def test_who_is_held_by_somebody_else_holds_nobody_up(sizes):
    """Their own turn waits for them; the others of the batch have their seats before."""
    post = make.post(seats=20)
    held, *others = people(9)
    has_lock, may_go = Barrier(2), Barrier(2)

    def holder(_nobody):
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("select from volunteers_volunteer where id = %s for no key update", [held.pk])
            has_lock.wait(10)
            may_go.wait(10)

    def late(_nobody):
        has_lock.wait(10)
        done = [on(post)(person).status for person in others]
        may_go.wait(10)
        return done, on(post)(held).status

    found = threads.rush(lambda job: job(None), [holder, late])
    assert found[1] == (["confirmed"] * 8, "confirmed")
