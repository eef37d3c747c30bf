"""Somebody is forgotten while others give them seats: nobody without a name is left on one."""

import pytest
from django.utils import timezone

from communities.errors import Busy, Refused
from staffing.actions import closeouts, erasing, signups
from staffing.actions.audit import recount
from staffing.models import Erasure, SignUp
from tests.factories import communities as places
from tests.factories import staffing as make
from tests.factories.incidents import AFTER, Scene
from tests.factories.staffing import BLOCK, DAWN, NIGHT
from tests.races.threads import rush
from volunteers.actions.people import Profile, enrol
from volunteers.models import Volunteer

pytestmark = pytest.mark.django_db(transaction=True)


def posts(count: int) -> list[int]:
    """Of shifts that do not touch each other."""
    call = make.call()
    return [make.post(make.shift(call_up=call, start=DAWN + 8 * day * BLOCK)).pk for day in range(count)]


def somebody() -> Volunteer:
    return enrol(places.user(), places.area().pk, Profile(is_adult=True), now=NIGHT)


def given(person: Volunteer, post: int) -> SignUp:
    return signups.sign_up(post, person.pk, now=NIGHT)


def test_nobody_keeps_a_seat_who_was_forgotten_at_the_same_moment():
    person = somebody()
    work = [lambda post=post: given(person, post) for post in posts(5)]
    found = rush(lambda job: job(), [*work, lambda: erasing.erase(person.user_id, now=NIGHT)])
    if isinstance(found[-1], Erasure):
        assert not SignUp.objects.alive().of(person.pk).exists()
    assert isinstance(found[-1], Erasure | Busy)
    assert {type(one) for one in found[:-1]} <= {SignUp, Refused}
    assert recount() == []


def test_control_without_the_rule_who_was_forgotten_is_given_a_seat():
    person = somebody()
    erasing.erase(person.user_id, now=NIGHT)
    (post,) = posts(1)
    with pytest.raises(Refused):
        given(person, post)
    Volunteer.objects.update(is_adult=True)
    assert given(person, post).status == "confirmed"


def test_two_workers_carry_a_close_out_out_once():
    scene = Scene()
    found = scene.agreed()
    later = found.purge_at
    done = rush(lambda pk: closeouts.work(pk, later), [found.pk] * 3)
    assert [type(one) for one in done if isinstance(one, Exception)] == []
    assert {(one.digest, one.counts["people"]) for one in done} == {(done[0].digest, 4)}
    assert Erasure.objects.count() == 4
    assert timezone.now() > AFTER
