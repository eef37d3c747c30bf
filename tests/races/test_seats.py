"""No seat too many, none lost, and the line in order, under a rush (domain.md 4.5 and 5.8)."""

from collections import Counter

import pytest
from django.db import connection, transaction
from django.db.models import F

from staffing.actions import decisions, offers, shifts, signups
from staffing.models import Post, SignUp
from tests.factories import communities as places
from tests.factories import staffing as make
from tests.factories.staffing import NIGHT
from tests.races.threads import rush

pytestmark = pytest.mark.django_db(transaction=True)


def test_two_hundred_people_on_seventeen_seats_fill_exactly_seventeen():
    post = make.post(seats=17)
    people = [make.volunteer().pk for _person in range(200)]
    found = Counter(
        result.status for result in rush(lambda person: signups.sign_up(post.pk, person, now=NIGHT), people)
    )
    assert found == {"confirmed": 17, "waitlisted": 183}
    post.refresh_from_db()
    assert (post.taken, post.waiting, post.tickets) == (17, 183, 183)
    assert sorted(SignUp.objects.holding_seat().values_list("seat_no", flat=True)) == list(range(1, 18))
    assert list(SignUp.objects.waiting().values_list("position", flat=True)) == list(range(1, 184))


def test_control_counting_before_inserting_oversells():
    """The same rush without the conditional statement: this is what the guard is for."""
    post = make.post(seats=3)
    people = [make.volunteer().pk for _person in range(24)]
    taken = []

    @transaction.atomic
    def naive(person: int) -> None:
        if len(taken) < Post.objects.get(pk=post.pk).seats:
            with connection.cursor() as cursor:
                cursor.execute("select pg_sleep(0.05)")
            taken.append(person)

    rush(naive, people)
    assert len(taken) > 3


def test_the_same_person_signing_up_many_times_at_once_has_one_place():
    post = make.post(seats=5)
    person = make.volunteer().pk
    found = rush(lambda _try: signups.sign_up(post.pk, person, now=NIGHT).pk, range(16))
    assert len(set(found)) == 1
    post.refresh_from_db()
    assert (post.taken, SignUp.objects.count()) == (1, 1)


def test_one_person_on_two_overlapping_posts_at_once_gets_one():
    person = make.volunteer().pk
    posts = [make.post(seats=5).pk for _post in range(8)]
    found = rush(lambda post: signups.sign_up(post, person, now=NIGHT), posts)
    assert sum(isinstance(result, SignUp) for result in found) == 1
    assert {result.code for result in found if not isinstance(result, SignUp)} == {"overlap"}
    assert sorted(Post.objects.values_list("taken", flat=True)) == [0] * 7 + [1]


def test_seats_given_back_while_others_rush_in_go_to_the_line_first():
    post = make.post(seats=4)
    holders = [signups.sign_up(post.pk, make.volunteer().pk, now=NIGHT) for _seat in range(4)]
    first = [signups.sign_up(post.pk, make.volunteer().pk, now=NIGHT).pk for _place in range(3)]
    late = [make.volunteer().pk for _person in range(9)]
    work = [lambda h=h: signups.withdraw(h.pk, now=NIGHT) for h in holders[:3]]
    work += [lambda v=v: signups.sign_up(post.pk, v, now=NIGHT) for v in late]
    assert not [result for result in rush(lambda job: job(), work) if isinstance(result, Exception)]
    assert set(SignUp.objects.filter(status="invited").values_list("pk", flat=True)) == set(first)
    post.refresh_from_db()
    assert (post.taken, post.waiting) == (4, 9)


def test_two_leads_confirming_and_the_person_leaving_at_once_end_in_one_state():
    post = make.post(seats=1, auto_confirm=False)
    lead = places.user()
    seat = signups.sign_up(post.pk, make.volunteer().pk, now=NIGHT)
    work = [lambda: decisions.confirm(seat.pk, by=lead, now=NIGHT)] * 2 + [lambda: signups.withdraw(seat.pk, now=NIGHT)]
    rush(lambda job: job(), work)
    seat.refresh_from_db()
    post.refresh_from_db()
    assert (seat.status, post.taken) == ("cancelled", 0)


def test_a_shift_cancelled_while_people_sign_up_keeps_nobody():
    post = make.post(seats=50)
    lead = places.user()
    people = [make.volunteer().pk for _person in range(30)]
    work = [lambda p=p: signups.sign_up(post.pk, p, now=NIGHT) for p in people]
    work.insert(10, lambda: shifts.cancel([post.shift_id], by=lead, now=NIGHT, reason="雷雨"))
    rush(lambda job: job(), work, width=12)
    assert not SignUp.objects.alive().exists()
    post.refresh_from_db()
    assert (post.taken, post.waiting) == (0, 0)


def test_an_offer_accepted_and_expired_at_once_has_one_end():
    post = make.post(seats=1)
    holder = signups.sign_up(post.pk, make.volunteer().pk, now=NIGHT)
    heir = signups.sign_up(post.pk, make.volunteer().pk, now=NIGHT)
    signups.withdraw(holder.pk, now=NIGHT)
    heir.refresh_from_db()
    late = heir.respond_by
    rush(lambda job: job(), [lambda: offers.accept(heir.pk, now=NIGHT), lambda: offers.expire(heir.pk, now=late)])
    heir.refresh_from_db()
    post.refresh_from_db()
    assert (heir.status, post.taken) in {("confirmed", 1), ("expired", 0)}


def test_the_database_itself_refuses_a_seat_too_many():
    post = make.post(seats=1)
    with pytest.raises(Exception, match="post_not_oversold"):
        Post.objects.filter(pk=post.pk).update(taken=F("taken") + 2)
