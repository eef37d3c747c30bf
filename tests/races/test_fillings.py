"""One proposal adopted by many at once, while its people sign up by themselves: each seat is given once."""

from datetime import timedelta

import pytest
from django.db import connection, transaction

from communities.errors import DomainError
from staffing import tasks
from staffing.actions import audit, fillings, signups, solving
from staffing.models import Filling, Move, Post, SignUp
from staffing.states import Mark
from tests.factories import communities as places
from tests.factories import staffing as make
from tests.factories.staffing import DAWN, NIGHT
from tests.races.threads import rush
from volunteers.models import Volunteer

pytestmark = pytest.mark.django_db(transaction=True)
SEATS, PEOPLE = 6, 12


@pytest.fixture
def found():
    area = places.area()
    home, call = places.compound(area), make.call(area)
    for hours in (0, 24):
        make.post(make.shift(places.site(area, home), call, start=DAWN + timedelta(hours=hours)), SEATS)
    for _person in range(PEOPLE):
        make.volunteer(home)
    filling = fillings.propose(area.pk, NIGHT, NIGHT + timedelta(days=2), by=places.lead(area), now=NIGHT)
    solving.run(filling.pk, NIGHT)
    assert Move.objects.count() == 2 * SEATS
    return filling


def test_adopted_by_four_while_its_people_sign_up_every_seat_is_given_once(found):
    first = Post.objects.order_by("pk")[0]
    people = list(Volunteer.objects.order_by("pk").values_list("pk", flat=True))

    def act(who):
        if who:
            return signups.sign_up(first.pk, who, now=NIGHT)
        return fillings.adopt(found.pk, by=found.made_by, now=NIGHT)

    answers = rush(act, [0, *people[:6], 0, *people[6:], 0, 0])

    assert [one for one in answers if isinstance(one, Exception) and not isinstance(one, DomainError)] == []
    assert set(Move.objects.values_list("status", flat=True)) <= {"invited", "gone"}
    for move in Move.objects.filter(status="invited"):
        assert SignUp.objects.alive().filter(volunteer=move.volunteer_id, post=move.post_id).count() == 1
    assert all(post.taken <= post.seats for post in Post.objects.all())
    audit.recount()


def test_control_looking_before_giving_gives_the_same_seat_to_many(found):
    """The same without the person's lock: everybody finds it not given yet. The constraint alone would have to say no."""
    move = Move.objects.order_by("pk")[0]
    gave = []

    @transaction.atomic
    def naive(who: int) -> None:
        if Move.objects.filter(pk=move.pk, status="proposed").exists():
            with connection.cursor() as cursor:
                cursor.execute("select pg_sleep(0.2)")
            gave.append(who)

    rush(naive, range(4))
    assert len(gave) > 1


def test_seats_that_were_too_many_while_somebody_waited_are_given_by_the_clock(found, monkeypatch):
    banned = Move.objects.order_by("-pk")[0]
    fillings.mark(banned.pk, Mark.BANNED, by=found.made_by, now=NIGHT)
    monkeypatch.setattr(fillings, "AT_ONCE", 1)
    monkeypatch.setattr(tasks, "database_now", lambda: NIGHT)
    fillings.adopt(found.pk, by=found.made_by, now=NIGHT)
    wanted = Move.objects.exclude(mark=Mark.BANNED)
    assert wanted.filter(status="invited").count() == SEATS

    tasks.give_seats()

    assert set(wanted.values_list("status", flat=True)) == {"invited"}
    assert Move.objects.get(pk=banned.pk).status == "proposed"
    assert not Filling.objects.unfinished()
