"""Joint posts: every agency its own seats, filled by it alone; and units reminded of the names they owe."""

from datetime import timedelta

import pytest
import time_machine

from communities.errors import Invalid, Refused
from communities.models import Message
from communities.states import RoleName
from staffing.access import joint_posts_filled_by, joint_posts_visible_to, joint_seats_visible_to
from staffing.actions import joint, pledges
from staffing.actions.joint import Share
from staffing.actions.newcomers import Newcomer
from staffing.models import Post, SignUp
from staffing.queries.joint import table
from tests.factories import communities as places
from tests.factories import staffing as make
from tests.factories.staffing import DAWN, NIGHT

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


class Checkpoint:
    def __init__(self):
        self.area = places.area()
        self.lead = places.lead(self.area)
        self.shift = make.shift(places.site(self.area, kind="checkpoint"), make.call(self.area))
        self.police, self.health = places.organisation(kind="police"), places.organisation(kind="health")
        self.officer = places.grant(RoleName.AGENCY_LEAD, organisation=self.police).user
        self.shares = [
            Share(self.police.pk, make.role("police").pk, 2),
            Share(self.health.pk, make.role("health").pk, 1),
        ]
        self.seats, self.other = joint.lay_out(self.shift.pk, self.shares, by=self.lead, now=NIGHT)


@pytest.fixture
def place():
    with time_machine.travel(NIGHT, tick=False):
        yield Checkpoint()


def officer_of(number):
    return Newcomer(f"警演示{number}", f"+861200966{number:04d}", consented=True)


def test_all_agencies_are_laid_out_at_once_and_again_changes_only_the_numbers(place):
    more = [Share(place.police.pk, place.seats.role_id, 3), place.shares[1]]
    posts = joint.lay_out(place.shift.pk, more, by=place.lead, now=NIGHT)
    assert [(post.pk, post.seats) for post in posts] == [(place.seats.pk, 3), (place.other.pk, 1)]
    with pytest.raises(Invalid):
        joint.lay_out(
            place.shift.pk, [place.shares[0], Share(place.health.pk, make.role("x").pk, 0)], by=place.lead, now=NIGHT
        )
    assert Post.objects.get(pk=place.seats.pk).seats == 3


def test_an_agency_sees_the_whole_table_and_fills_its_own_seats_alone(place):
    elsewhere = make.post(make.shift(places.site()), agency=place.health)
    assert set(joint_posts_visible_to(place.officer)) == {place.seats, place.other}
    assert set(joint_posts_filled_by(place.officer)) == {place.seats}
    assert elsewhere not in joint_posts_visible_to(place.officer)
    assert set(joint_posts_visible_to(place.lead)) == {place.seats, place.other}
    assert not joint_posts_filled_by(place.lead).exists()


def test_its_people_become_agency_staff_and_a_seat_is_filled_once(place):
    seat = joint.fill(place.seats.pk, officer_of(1), by=place.officer, now=NIGHT)
    assert joint.fill(place.seats.pk, officer_of(1), by=place.officer, now=NIGHT).pk == seat.pk
    assert (seat.status, seat.volunteer.kind, seat.seat_no) == ("confirmed", "agency", 1)
    joint.fill(place.seats.pk, officer_of(2), by=place.officer, now=NIGHT)
    with pytest.raises(Refused) as full:
        joint.fill(place.seats.pk, officer_of(3), by=place.officer, now=NIGHT)
    assert full.value.code == "seat_taken"
    assert SignUp.objects.count() == 2


def test_a_promised_seat_is_used_first(place):
    promise = pledges.promise(place.seats.pk, place.police.pk, 2, DAWN, by=place.officer, now=NIGHT)
    seat = joint.fill(place.seats.pk, officer_of(1), by=place.officer, now=NIGHT)
    promise.refresh_from_db()
    place.seats.refresh_from_db()
    assert (seat.pledge_id, promise.named, place.seats.taken, place.seats.pledged) == (promise.pk, 1, 1, 1)


def test_others_people_are_a_number(place):
    mine = joint.fill(place.seats.pk, officer_of(1), by=place.officer, now=NIGHT)
    theirs = joint.fill(place.other.pk, officer_of(2), by=places.user(), now=NIGHT)
    seen = joint_seats_visible_to(place.officer)
    posts = joint_posts_visible_to(place.officer).order_by("pk").select_related("shift", "agency")
    (line,) = table(posts, [place.seats.pk], seen)
    assert theirs not in set(seen)
    assert [(share.own, share.post.taken, list(share.people)) for share in line.shares] == [
        (True, 1, [mine]),
        (False, 1, []),
    ]
    assert (line.taken, line.seats) == (2, 3)


def test_a_seat_is_given_to_another_of_its_people(place):
    seat = joint.fill(place.other.pk, officer_of(1), by=place.officer, now=NIGHT)
    for _twice in range(2):
        joint.send_other(seat.pk, by=place.officer, now=NIGHT)
    assert joint.fill(place.other.pk, officer_of(2), by=place.officer, now=NIGHT).status == "confirmed"
    assert Message.objects.filter(kind="cancelled").count() == 1


def test_a_unit_is_reminded_of_the_names_due_once_an_hour(place):
    promise = pledges.promise(place.seats.pk, place.police.pk, 2, DAWN, by=place.officer, now=NIGHT)
    assert pledges.ask_again(promise.pk, by=place.lead, now=NIGHT) == 1
    with pytest.raises(Refused) as soon:
        pledges.ask_again(promise.pk, by=place.lead, now=NIGHT + HOUR / 2)
    pledges.ask_again(promise.pk, by=place.lead, now=NIGHT + HOUR)
    told = Message.objects.filter(kind="names_owed")
    assert (soon.value.code, list(told.values_list("reader", flat=True))) == (
        "reminded_recently",
        [place.officer.pk] * 2,
    )


def test_nobody_is_reminded_where_nothing_is_owed_or_nobody_answers(place):
    alone = pledges.promise(place.other.pk, place.health.pk, 1, DAWN, by=place.lead, now=NIGHT)
    with pytest.raises(Refused) as nobody:
        pledges.ask_again(alone.pk, by=place.lead, now=NIGHT)
    pledges.release(alone.pk, now=NIGHT)
    with pytest.raises(Refused) as nothing:
        pledges.ask_again(alone.pk, by=place.lead, now=NIGHT)
    assert (nobody.value.code, nothing.value.code) == ("nobody_answers", "nothing_owed")
