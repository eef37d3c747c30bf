"""One truth: what the arrays allow is what the rules of sign-up allow, and every plan can be said yes to, seat by seat."""

from datetime import timedelta

import numpy as np
import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from staffing.actions import decisions, fillings, offers, solving
from staffing.matching.reasons import near_misses
from staffing.models import Move, SignUp
from staffing.queries.matching import arrays
from staffing.queries.matching_misses import Misses
from staffing.queries.matching_parts import packed, part_of, parts, unpacked
from staffing.rules import fillings as rules
from staffing.rules.filling_checks import against
from staffing.states import FillingStatus, MoveStatus, SignUpStatus
from tests.factories.staffing import NIGHT
from tests.staffing.filling_worlds import TWINS, allowed_one_by_one, build, worlds

pytestmark = pytest.mark.django_db
some = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
fewer = settings(some, max_examples=25)
MINUTE = timedelta(minutes=1)


def pairs_of(found):
    people = [int(found.people[v]) for v in range(len(found.people)) for _pair in range(found.ptr[v], found.ptr[v + 1])]
    return set(zip(people, found.posts[found.row].tolist(), strict=True))


def costs_of(found):
    people = [int(found.people[v]) for v in range(len(found.people)) for _pair in range(found.ptr[v], found.ptr[v + 1])]
    return dict(zip(zip(people, found.posts[found.row].tolist(), strict=True), found.cost.tolist(), strict=True))


def price(candidate, opening):
    return sum(points(candidate, opening) for points in (rules.distance, rules.practice, rules.wish))


@pytest.mark.parametrize("world", TWINS)
def test_people_and_posts_that_differ_in_one_thing_are_told_apart(world):
    village = build(world)
    people, openings = village.candidates(), village.openings()
    every = {(one.person.volunteer, opening.place.post): (one, opening) for one in people for opening in openings}
    found = pairs_of(arrays(people, openings))
    assert found == {pair for pair, case in every.items() if allowed_one_by_one(*case)}
    assert found != set(every) or world is TWINS[-1]


@some
@given(worlds)
def test_the_arrays_allow_exactly_the_pairs_that_the_rules_of_sign_up_allow_one_by_one(world):
    with transaction.atomic():
        village = build(world)
        people, openings = village.candidates(), village.openings()
        every = {(one.person.volunteer, opening.place.post): (one, opening) for one in people for opening in openings}

        whole = arrays(people, openings)
        found = pairs_of(whole)

        assert found == {pair for pair, case in every.items() if allowed_one_by_one(*case)}
        assert found == {pair for pair, case in every.items() if not against(*case)}
        assert costs_of(whole) == {pair: price(*every[pair]) for pair in found}
        transaction.set_rollback(True)


@some
@given(worlds)
def test_a_problem_survives_its_file_and_falls_into_parts_that_share_nothing(world):
    with transaction.atomic():
        village = build(world)
        whole = arrays(village.candidates(), village.openings())
        part = parts(whole, 3)
        read, cut = unpacked(packed(whole, part))
        assert cut.tolist() == part.tolist()
        assert pairs_of(read) == pairs_of(whole)
        assert [rule.name for rule in read.rules()] == [rule.name for rule in whole.rules()]
        pieces = [part_of(read, np.flatnonzero(part == no)) for no in range(part.max(initial=-1) + 1)]
        rows = [set(read.row[piece.pairs].tolist()) for piece in pieces]
        assert sum(len(one) for one in rows) == len(set().union(*rows))
        assert sum(len(piece.pairs) for piece in pieces) == len(read.row)
        transaction.set_rollback(True)


@fewer
@given(worlds, st.randoms(use_true_random=False))
def test_every_plan_can_be_said_yes_to_one_by_one_in_any_order(world, dice):
    with transaction.atomic():
        village = build(world)
        found = village.propose()
        assert solving.run(found.pk, NIGHT)
        found.refresh_from_db()
        assert found.status == FillingStatus.READY
        moves = list(Move.objects.filter(filling=found))
        dice.shuffle(moves)
        for move in moves:
            if move.asked:
                asked = decisions.invite(move.post_id, move.volunteer_id, by=village.lead, now=NIGHT)
                assert offers.accept(asked.pk, now=NIGHT + MINUTE).status == SignUpStatus.CONFIRMED
            else:
                assert decisions.assign(move.post_id, move.volunteer_id, by=village.lead, now=NIGHT).seat_no
        gaps = sum(found.gaps.values_list("seats", flat=True))
        assert found.summary["before"] == len(moves) + gaps == found.summary["after"] + len(moves)
        transaction.set_rollback(True)


@fewer
@given(worlds, st.randoms(use_true_random=False))
def test_an_adopted_plan_holds_whole_and_everybody_asked_can_say_yes(world, dice):
    with transaction.atomic():
        village = build(world)
        found = village.propose()
        solving.run(found.pk, NIGHT)
        if not Move.objects.filter(filling=found).exists():
            transaction.set_rollback(True)
            return
        fillings.adopt(found.pk, by=village.lead, now=NIGHT)
        while fillings.left(found.pk):
            fillings.give(found.pk, NIGHT)

        moves = list(Move.objects.filter(filling=found).select_related("sign_up"))
        assert {move.status for move in moves} <= {MoveStatus.INVITED, MoveStatus.PLACED}
        dice.shuffle(moves)
        for move in moves:
            if move.asked:
                offers.accept(move.sign_up_id, now=NIGHT + MINUTE)
        assert set(SignUp.objects.filter(move__filling=found).values_list("status", flat=True)) == {"confirmed"}
        transaction.set_rollback(True)


@some
@given(worlds)
def test_near_misses_are_those_of_each_person_one_by_one(world):
    with transaction.atomic():
        village = build(world)
        people, openings = village.candidates(), village.openings()
        banned = [(people[0].person.volunteer, openings[-1].place.post)] if people and openings else []
        whole = arrays(people, openings, banned=banned)
        misses = Misses(whole)
        for r in reversed(range(len(openings))):
            one_by_one = near_misses(whole.problem(), r, whole.rules())
            assert misses.of(r) == {name: len(found) for name, found in one_by_one.items() if len(found)}
        transaction.set_rollback(True)
