"""Many phones at the same doors at the same time: nothing is lost, and the counts say what the doors say."""

from datetime import timedelta

import pytest
from django.db import connection, transaction

from communities.errors import Refused
from staffing.actions import door_rounds
from staffing.actions.door_visits import COUNTS, knocks_of, record
from staffing.models import DoorRound, DoorVisit, HomeService, RoundDoor
from staffing.rules.doors import standing
from tests.factories.doors import MINUTE, NOON, Yard, tap
from tests.factories.staffing import DAWN
from tests.races.threads import rush

pytestmark = pytest.mark.django_db(transaction=True)
SAID = ["notified", "vacant", "no_answer", "refused", "home_service"]


def consistent(yard: Yard) -> None:
    doors = list(RoundDoor.objects.order_by("pk"))
    knocks = knocks_of(doors)
    for door in doors:
        found = standing(knocks.get(door.pk, ()))
        assert (door.outcome, tuple(door.said), door.tries) == (found.outcome, found.said, found.tries)
    for row in yard.stairs:
        real = {name: RoundDoor.objects.filter(which, stairs=row).count() for name, which in COUNTS.items()}
        assert {name: getattr(row, name) for name in COUNTS} == real


def test_twelve_phones_at_the_same_stairwells_lose_no_tap():
    yard = Yard()
    people, doors = [yard.helper() for _person in range(12)], yard.doors()

    def walk(number: int) -> None:
        for place, door in enumerate(doors[number::2]):
            need = "care" if (word := SAID[(number + place) % 5]) == "home_service" else None
            record([tap(door, word, DAWN + number * MINUTE, need)], by=people[number].user, now=NOON)

    found = rush(walk, range(12), width=12)

    assert [error for error in found if error] == []
    assert DoorVisit.objects.count() == sum(len(doors[number::2]) for number in range(12))
    consistent(yard)
    live = HomeService.objects.filter(status="open").values_list("door", "need")
    assert sorted(live) == sorted((door.pk, need) for door in RoundDoor.objects.all() for need in door.needs)


def test_control_without_holding_the_entrance_a_word_is_lost():
    """Each reads what is there, adds the own word and writes the sum: who reads before the other writes forgets it."""
    yard = Yard()
    people, door = [yard.helper() for _person in range(8)], yard.door()

    @transaction.atomic
    def naive(number: int) -> None:
        said = list(RoundDoor.objects.get(pk=door.pk).said)
        with connection.cursor() as cursor:
            cursor.execute("select pg_sleep(0.05)")
        RoundDoor.objects.filter(pk=door.pk).update(said=[*said, str(number)])

    rush(naive, range(len(people)), width=8)

    assert len(yard.door().said) < len(people)


def test_the_same_batch_sent_by_a_phone_many_times_at_once_is_taken_once():
    yard = Yard()
    person, batch = yard.helper(), [tap(door) for door in yard.doors()[:20]]

    found = rush(lambda _time: record(batch, by=person.user, now=NOON), range(8), width=8)

    assert all(isinstance(one, list) for one in found)
    assert sorted(one.result for taken in found for one in taken) == ["known"] * 140 + ["taken"] * 20
    assert DoorVisit.objects.count() == 20
    consistent(yard)


def test_closing_while_the_last_taps_arrive_overlooks_none():
    yard = Yard()
    people, doors = [yard.helper() for _person in range(6)], yard.doors()
    work = [
        *(
            lambda number=number: record(
                [tap(door) for door in doors[number * 6 : number * 6 + 6]], by=people[number].user, now=NOON
            )
            for number in range(6)
        ),
        *(lambda: door_rounds.close(yard.round.pk, by=yard.lead, now=NOON + timedelta(seconds=1)) for _try in range(4)),
    ]

    found = rush(lambda job: job(), work, width=10)

    closed = [one for one in found if isinstance(one, DoorRound)]
    refused = [one for one in found if isinstance(one, Refused)]
    assert len(closed) + len(refused) == 4
    assert {one.code for one in refused} <= {"doors_pending"}
    consistent(yard)
    assert sum(row.done for row in yard.stairs) == 36
