"""A seat that comes free while somebody joins the reserves is seen by one of the two (domain.md 4.5)."""

from collections import Counter
from threading import Event

import pytest

from staffing.actions import offers, signups
from staffing.actions.audit import recount
from staffing.models import Post, SignUp
from tests.factories import staffing as make
from tests.factories.staffing import NIGHT
from tests.races.threads import rush

pytestmark = pytest.mark.django_db(transaction=True)
PATIENCE = 1.0


def full_call(posts: int):
    call = make.call()
    made = [make.post(make.shift(call_up=call)) for _post in range(posts)]
    return call, [signups.sign_up(post.pk, make.volunteer().pk, now=NIGHT) for post in made]


def leaving_while_joining(monkeypatch) -> tuple[str, int]:
    """One looks for reserves and finds none; before they give the seat back, another finds all full and joins."""
    call, (_other, holder) = full_call(2)
    looked, joined, look = Event(), Event(), offers.reserves_for

    def and_pause(post_id, now):
        found = look(post_id, now)
        looked.set()
        joined.wait(PATIENCE)
        return found

    def join(person):
        looked.wait(10)
        try:
            return signups.place_in_call(call.pk, person, now=NIGHT)
        finally:
            joined.set()

    monkeypatch.setattr(offers, "reserves_for", and_pause)
    person = make.volunteer().pk
    rush(lambda job: job(), [lambda: signups.withdraw(holder.pk, now=NIGHT), lambda: join(person)])
    return SignUp.objects.get(volunteer=person).status, Post.objects.get(pk=holder.post_id).taken


def test_who_joins_while_a_seat_comes_free_gets_it(monkeypatch):
    assert leaving_while_joining(monkeypatch) == ("confirmed", 1)


def test_control_without_the_lock_they_wait_beside_a_free_seat(monkeypatch):
    for module in (signups, offers):
        monkeypatch.setattr(module, "lock_reserves", lambda *_call, **_how: None)
    assert leaving_while_joining(monkeypatch) == ("waitlisted", 0)


def test_many_seats_coming_free_in_a_rush_of_newcomers_leave_no_seat_empty_and_nobody_asked_twice():
    call, holders = full_call(6)
    waiting = [signups.place_in_call(call.pk, make.volunteer().pk, now=NIGHT).pk for _person in range(4)]
    people = [make.volunteer().pk for _person in range(12)]
    work = [lambda h=h: signups.withdraw(h.pk, now=NIGHT) for h in holders]
    work += [lambda p=p: signups.place_in_call(call.pk, p, now=NIGHT) for p in people]
    work = [job for pair in zip(work[:6], work[6:12], work[12:], strict=True) for job in pair]
    assert [found for found in rush(lambda job: job(), work) if isinstance(found, Exception)] == []
    assert Counter(SignUp.objects.alive().values_list("status", flat=True))["waitlisted"] == 4 + 12 - 6
    assert sum(Post.objects.values_list("taken", flat=True)) == 6
    assert set(SignUp.objects.filter(pk__in=waiting).values_list("status", flat=True)) == {"invited"}
    assert recount() == []


def test_the_same_reserve_for_many_seats_at_once_is_asked_for_one():
    call, holders = full_call(5)
    reserve = signups.place_in_call(call.pk, make.volunteer().pk, now=NIGHT)
    rush(lambda holder: signups.withdraw(holder.pk, now=NIGHT), holders)
    reserve.refresh_from_db()
    assert reserve.status == "invited"
    assert sorted(Post.objects.values_list("taken", flat=True)) == [0, 0, 0, 0, 1]
    assert recount() == []
