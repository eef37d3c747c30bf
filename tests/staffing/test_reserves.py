"""Who is in line "where I am needed" is asked for any seat of the call that comes free, in fair order and once."""

from datetime import timedelta

import pytest

from communities.models import Message
from staffing.actions import answers, offers, pledges, shifts, signups
from staffing.actions.audit import recount
from staffing.actions.shifts import PostPlan
from staffing.models import Post, SignUp
from tests.factories import communities as places
from tests.factories import staffing as make
from tests.factories.staffing import DAWN, NIGHT

pytestmark = pytest.mark.django_db


class Night:
    """A call with full posts, one seat each, and people in line."""

    def __init__(self, posts: int = 2) -> None:
        self.community = places.area()
        self.call = make.call(self.community)
        self.posts = [self.post() for _post in range(posts)]
        self.holders = [signups.sign_up(post.pk, make.volunteer().pk, now=NIGHT) for post in self.posts]

    def post(self, seats: int = 1, **fields):
        start = fields.pop("start", DAWN)
        return make.post(make.shift(call_up=self.call, start=start), seats, **fields)

    def in_reserve(self, person=None, **how) -> SignUp:
        person = person or make.volunteer()
        return signups.place_in_call(self.call.pk, person.pk, now=how.pop("now", NIGHT), **how)

    def in_line(self, post) -> SignUp:
        return signups.sign_up(post.pk, make.volunteer().pk, now=NIGHT)

    def free(self, number: int, now=NIGHT) -> None:
        signups.withdraw(self.holders[number].pk, now=now)


def asked(*signups_: SignUp) -> list[tuple[str, int]]:
    found = SignUp.objects.in_bulk([signup.pk for signup in signups_])
    return [(found[signup.pk].status, found[signup.pk].post_id) for signup in signups_]


def counters(*posts: Post) -> list[tuple[int, int]]:
    found = Post.objects.in_bulk([post.pk for post in posts])
    return [(found[post.pk].taken, found[post.pk].waiting) for post in posts]


def test_a_reserve_is_asked_for_a_seat_that_comes_free_on_another_post():
    night = Night()
    first, second = night.posts
    reserve = night.in_reserve()
    assert asked(reserve) == [("waitlisted", first.pk)]
    night.free(1)
    assert asked(reserve) == [("invited", second.pk)]
    assert counters(first, second) == [(1, 0), (1, 0)]
    moved = SignUp.objects.get(pk=reserve.pk)
    assert (moved.shift_id, moved.seat_no, moved.period.lower) == (second.shift_id, 1, DAWN)
    assert [message.target for message in Message.objects.filter(kind="offered")] == [reserve.pk]
    assert offers.accept(reserve.pk, now=NIGHT).status == "confirmed"
    assert recount() == []


def test_the_line_of_the_post_comes_first_then_the_reserves_by_arrival():
    night = Night(3)
    last = night.posts[2]
    early, late = night.in_reserve(), night.in_reserve(now=NIGHT + timedelta(minutes=1))
    own = night.in_line(last)
    assert [post for _status, post in asked(early, late)] == [night.posts[0].pk, night.posts[1].pk]
    night.free(2)
    assert asked(own, early, late)[0] == ("invited", last.pk)
    offers.decline(own.pk, now=NIGHT)
    assert asked(early, late) == [("invited", last.pk), ("waitlisted", night.posts[1].pk)]
    offers.decline(early.pk, now=NIGHT)
    assert asked(early, late) == [("declined", last.pk), ("invited", last.pk)]
    assert recount() == []


def test_a_priority_goes_before_arrival():
    night = Night()
    early, late = night.in_reserve(), night.in_reserve(now=NIGHT + timedelta(minutes=1))
    SignUp.objects.filter(pk=late.pk).update(priority=-1)
    other = night.post()
    signups.withdraw(signups.sign_up(other.pk, make.volunteer().pk, now=NIGHT).pk, now=NIGHT)
    assert asked(early, late) == [("waitlisted", night.posts[0].pk), ("invited", other.pk)]


def test_who_asked_for_one_post_is_not_asked_for_another():
    night = Night()
    own = night.in_line(night.posts[0])
    night.free(1)
    assert asked(own) == [("waitlisted", night.posts[0].pk)]
    assert counters(*night.posts) == [(1, 1), (0, 0)]


def test_who_named_roles_or_shifts_is_asked_for_those_only():
    night = Night()
    first, second = night.posts
    only_here = night.in_reserve(shifts=[first.shift_id])
    night.free(1)
    assert asked(only_here) == [("waitlisted", first.pk)]
    assert counters(second) == [(0, 0)]
    guides = night.post(role=make.role("guide"))
    guide = signups.sign_up(guides.pk, make.volunteer().pk, now=NIGHT)
    signups.sign_up(second.pk, make.volunteer().pk, now=NIGHT)
    person = make.volunteer()
    writes = signups.find_place(night.call.pk, person, NIGHT, signups.OWN, role=first.role_id)
    signups.withdraw(guide.pk, now=NIGHT)
    assert asked(writes)[0][0] == "waitlisted"
    assert counters(guides) == [(0, 0)]


def test_who_may_not_have_the_seat_stays_in_line_and_the_next_is_asked():
    night = Night()
    licence = make.qualification("licence", self_declared=False)
    drivers = night.post(role=make.role("driver"))
    drivers.role.requires.add(licence)
    driver, able = make.volunteer(), make.volunteer()
    for person in (driver, able):
        make.held(person, "licence", verified_at=NIGHT)
    holder = signups.sign_up(drivers.pk, driver.pk, now=NIGHT)
    unable = night.in_reserve()
    able_one = night.in_reserve(able, now=NIGHT + timedelta(minutes=1))
    signups.withdraw(holder.pk, now=NIGHT)
    assert asked(unable, able_one) == [("waitlisted", night.posts[0].pk), ("invited", drivers.pk)]
    assert not Message.objects.filter(kind="passed_over").exists()


def test_nobody_is_asked_for_two_seats_of_the_same_hours_at_once():
    night = Night(3)
    reserve = night.in_reserve()
    night.free(1)
    night.free(2)
    assert asked(reserve) == [("invited", night.posts[1].pk)]
    assert counters(*night.posts) == [(1, 0), (1, 0), (0, 0)]


def test_a_seat_of_another_call_is_nobodys_here():
    night, other = Night(1), Night(1)
    reserve = night.in_reserve()
    other.free(0)
    assert asked(reserve) == [("waitlisted", night.posts[0].pk)]


def test_seats_that_open_later_go_to_the_reserves_first():
    """More seats, a pledge given back, a post added, a shift published: newcomers stand behind who waits."""
    lead = places.user()
    night = Night(1)
    waiting = [night.in_reserve(now=NIGHT + timedelta(minutes=minute)) for minute in range(4)]
    other = night.post(2)
    promise = pledges.promise(other.pk, places.organisation().pk, 1, DAWN, by=lead, now=NIGHT)
    SignUp.objects.filter(pk__in=[one.pk for one in waiting]).update(only_shifts=[other.shift_id])
    signups.sign_up(other.pk, make.volunteer().pk, now=NIGHT)
    pledges.release(promise.pk, now=NIGHT)
    assert [status for status, _post in asked(*waiting)] == ["invited", "waitlisted", "waitlisted", "waitlisted"]
    shifts.set_seats(other.pk, 3, by=lead, now=NIGHT)
    assert [status for status, _post in asked(*waiting)] == ["invited", "invited", "waitlisted", "waitlisted"]
    added = shifts.add_post(other.shift_id, PostPlan(make.role("guide").pk, 1), by=lead, now=NIGHT)
    assert asked(*waiting)[2:] == [("invited", added.pk), ("waitlisted", night.posts[0].pk)]
    draft = make.shift(call_up=night.call, status="draft")
    fresh = make.post(draft, 1)
    SignUp.objects.filter(pk=waiting[3].pk).update(only_shifts=[])
    shifts.publish(draft.pk, by=lead, now=NIGHT)
    assert asked(waiting[3]) == [("invited", fresh.pk)]
    assert recount() == []


def test_who_keeps_standing_in_reserve_after_an_offer_is_still_asked_for_any_post():
    night = Night(3)
    reserve, other = night.in_reserve(), night.in_reserve(now=NIGHT + timedelta(minutes=1))
    night.free(2)
    again = answers.stay_in_line(reserve.pk, now=NIGHT + timedelta(minutes=2))
    assert asked(reserve, other) == [("declined", night.posts[2].pk), ("invited", night.posts[2].pk)]
    assert (again.status, again.placed) == ("waitlisted", True)
    night.free(0, NIGHT + timedelta(minutes=3))
    assert asked(again) == [("invited", night.posts[0].pk)]


def test_who_left_the_line_unfit_is_told_and_the_count_is_right():
    night = Night(1)
    unfit, fit = night.in_line(night.posts[0]), night.in_line(night.posts[0])
    unfit.volunteer.is_adult = False
    unfit.volunteer.save()
    night.free(0)
    assert asked(unfit, fit) == [("cancelled", night.posts[0].pk), ("invited", night.posts[0].pk)]
    assert counters(*night.posts) == [(1, 0)]
    assert recount() == []
