"""Both seats of a swap change hands, or none, whatever happens at the same time (domain.md 5.2)."""

import pytest
from django.db import connection, transaction

from communities.errors import Refused
from staffing.actions import signups, swaps
from staffing.actions.audit import recount
from staffing.models import SignUp, Swap
from tests.factories import communities as places
from tests.factories import staffing as make
from tests.factories.staffing import NIGHT
from tests.races.threads import rush

pytestmark = pytest.mark.django_db(transaction=True)


def night(seats: int = 2, **fields):
    """A call with posts at the same hours, and somebody with a confirmed seat on each."""
    call = make.call()
    posts = [make.post(make.shift(call_up=call), **fields) for _post in range(seats)]
    return [signups.sign_up(post.pk, make.volunteer().pk, now=NIGHT) for post in posts]


def holders() -> dict[int, int]:
    return dict(SignUp.objects.confirmed().values_list("post_id", "volunteer_id"))


def test_of_many_who_say_yes_to_one_link_one_has_the_seat():
    (seat,) = night(1)
    key = swaps.propose(seat.pk, now=NIGHT).key
    people = [make.volunteer().pk for _person in range(12)]
    found = rush(lambda person: swaps.agree(key, person, now=NIGHT), people)
    won = [person for person, result in zip(people, found, strict=True) if isinstance(result, Swap)]
    assert holders() == {seat.post_id: won[0]}
    assert len(won) == 1
    assert {result.code for result in found if isinstance(result, Refused)} == {"invalid_transition"}
    assert recount() == []


def test_control_looking_before_taking_gives_one_seat_to_many():
    """The same without the locks: everybody finds the proposal open."""
    (seat,) = night(1)
    swap = swaps.propose(seat.pk, now=NIGHT)
    won = []

    @transaction.atomic
    def naive(person: int) -> None:
        if Swap.objects.get(pk=swap.pk).status == "proposed":
            with connection.cursor() as cursor:
                cursor.execute("select pg_sleep(0.05)")
            won.append(person)
            Swap.objects.filter(pk=swap.pk).update(status="done", partner=person)

    rush(naive, [make.volunteer().pk for _person in range(8)], width=8)
    assert len(won) > 1


def test_a_swap_and_a_withdrawal_at_once_end_in_one_of_the_two():
    first, second = night()
    key = swaps.propose(first.pk, now=NIGHT, wanted=second.post_id).key
    work = [
        lambda: swaps.agree(key, second.volunteer_id, now=NIGHT),
        lambda: signups.withdraw(second.pk, now=NIGHT),
    ]
    agreed, left = rush(lambda job: job(), work)
    if isinstance(agreed, Swap):
        assert holders() == {first.post_id: second.volunteer_id, second.post_id: first.volunteer_id}
        assert SignUp.objects.get(pk=second.pk).reason == "swapped"
        assert isinstance(left, SignUp)
    else:
        assert holders() == {first.post_id: first.volunteer_id}
        assert agreed.code in {"swap_needs_seat", "swap_not_confirmed"}
    assert recount() == []


def test_a_ring_of_swaps_agreed_to_at_once_leaves_everybody_with_one_seat():
    """Each wants the next one's seat; a person who has just swapped has no longer what the other wanted."""
    seats = night(4)
    pairs = [(seat, seats[(index + 1) % 4]) for index, seat in enumerate(seats)]
    keys = [(swaps.propose(own.pk, now=NIGHT, wanted=other.post_id).key, other.volunteer_id) for own, other in pairs]
    found = rush(lambda pair: swaps.agree(pair[0], pair[1], now=NIGHT), keys)
    done = [result for result in found if isinstance(result, Swap)]
    assert {type(result) for result in found} <= {Swap, Refused}
    assert len(done) in {1, 2}
    assert len(holders()) == len(set(holders().values())) == 4
    assert recount() == []


def test_the_leads_yes_and_taking_it_back_at_once_end_in_one_of_the_two():
    lead = places.user()
    first, second = night(auto_confirm=False)
    SignUp.objects.update(status="confirmed")
    swap = swaps.propose(first.pk, now=NIGHT, wanted=second.post_id)
    swaps.agree(swap.key, second.volunteer_id, now=NIGHT)
    before = holders()
    rush(
        lambda job: job(),
        [lambda: swaps.approve(swap.pk, by=lead, now=NIGHT), lambda: swaps.withdraw(swap.pk, now=NIGHT)],
    )
    swap.refresh_from_db()
    exchanged = {first.post_id: second.volunteer_id, second.post_id: first.volunteer_id}
    assert (swap.status, holders()) in [("done", exchanged), ("withdrawn", before)]
    assert recount() == []
