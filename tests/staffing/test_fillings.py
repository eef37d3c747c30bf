"""Open seats proposed to people: from the question to adopted seats, changes on the way, and all the ways back."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from communities.errors import Invalid, Refused
from communities.models import Message
from staffing.actions import decisions, fillings, offers, signups, solving
from staffing.models import Filling, FillingFacts, FillingPart, Gap, Move, Post, SignUp
from staffing.queries import candidates as queries
from staffing.queries.matching_parts import parts
from staffing.states import FillingStatus, Mark, MoveStatus, SignUpStatus
from tests.factories import communities as places
from tests.factories import staffing as make
from tests.factories.staffing import BLOCK, DAWN, NIGHT
from volunteers.models import Companionship

pytestmark = pytest.mark.django_db
WINDOW = (NIGHT, NIGHT + timedelta(days=1))
MINUTE = timedelta(minutes=1)


class Scene:
    """Three seats at one point, people who live there, and a post that nobody has the training for."""

    def __init__(self, people=2, seats=3):
        self.area = places.area()
        self.home = places.compound(self.area)
        self.lead = places.lead(self.area)
        self.call = make.call(self.area)
        self.shift = make.shift(places.site(self.area, self.home), self.call)
        self.post = make.post(self.shift, seats, role=make.role("runner"))
        trained = make.role("disinfection")
        trained.requires.add(make.qualification("disinfection", self_declared=False))
        self.hard = make.post(self.shift, 1, role=trained)
        self.people = [make.volunteer(self.home) for _n in range(people)]

    def propose(self, **fields):
        return fillings.propose(self.area.pk, *WINDOW, by=self.lead, now=NIGHT, **fields)

    def solved(self, **fields):
        found = self.propose(**fields)
        assert solving.run(found.pk, NIGHT)
        return Filling.objects.get(pk=found.pk)

    def adopted(self):
        return fillings.adopt(self.solved().pk, by=self.lead, now=NIGHT)


@pytest.fixture
def scene():
    return Scene()


def refused(code, act, *args, **how):
    with pytest.raises(Refused) as found:
        act(*args, **how)
    assert found.value.code == code


def plan(found):
    return sorted(Move.objects.filter(filling=found).exclude(mark=Mark.BANNED).values_list("volunteer", "post"))


def test_a_proposal_fills_what_it_can_and_says_why_the_rest_stays_empty(scene):
    found = scene.solved()

    assert (found.status, plan(found)) == (FillingStatus.READY, [(p.pk, scene.post.pk) for p in scene.people])
    assert {key: found.summary[key] for key in ("before", "after", "asked", "placed", "considered")} == {
        "before": 4, "after": 2, "asked": 2, "placed": 0, "considered": 2,
    }  # fmt: skip
    gaps = {gap.post_id: (gap.seats, gap.binding, gap.near) for gap in Gap.objects.filter(filling=found)}
    assert gaps[scene.hard.pk][:2] == (1, "qualified")
    assert gaps[scene.hard.pk][2] == {"qualified": 2}
    assert gaps[scene.post.pk][0] == 1
    assert [reason["code"] for reason in Move.objects.filter(filling=found)[0].reasons][:1] == ["lives_there"]
    assert SignUp.objects.count() == Message.objects.count() == 0
    assert not FillingFacts.objects.exists()
    assert not FillingPart.objects.exists()


def test_asked_again_while_it_is_worked_out_it_is_one_proposal(scene):
    assert scene.propose() == scene.propose()
    assert Filling.objects.count() == 1


@pytest.mark.parametrize(
    ("start", "end", "code"),
    [(NIGHT, NIGHT, "after the start"), (NIGHT, NIGHT + timedelta(days=7), "six days"), (NIGHT - 9 * BLOCK, NIGHT - BLOCK, "past")],
)  # fmt: skip
def test_a_window_is_at_most_six_days_and_not_over(scene, start, end, code):
    with translation.override("en"), pytest.raises(Invalid) as found:
        fillings.propose(scene.area.pk, start, end, by=scene.lead, now=NIGHT)
    assert code in str(found.value.fields["ends_at"])


def test_adopting_asks_volunteers_and_places_the_seconded(scene):
    lent = make.seconded(scene.area, scene.home)
    found = scene.adopted()

    moves = {move.volunteer_id: move for move in Move.objects.filter(filling=found).select_related("sign_up")}
    assert (found.status, found.adopted_by) == (FillingStatus.ADOPTED, scene.lead)
    assert moves[lent.pk].status == MoveStatus.PLACED
    assert (moves[lent.pk].sign_up.status, moves[lent.pk].sign_up.secondment_id is not None) == ("confirmed", True)
    for person in scene.people:
        signup = moves[person.pk].sign_up
        assert (signup.status, signup.respond_by) == (SignUpStatus.INVITED, NIGHT + offers.CALM)
        assert Message.objects.get(reader=person.user).kind == "offered"
    assert Post.objects.get(pk=scene.post.pk).taken == 3


def test_put_aside_while_its_facts_are_read_nothing_comes_of_it(scene, monkeypatch):
    found, read = scene.propose(), solving.read

    def slow(filling, now):
        facts = read(filling, now)
        fillings.put_aside(found.pk, by=scene.lead, now=NIGHT)
        return facts

    monkeypatch.setattr(solving, "read", slow)
    assert solving.run(found.pk, NIGHT)
    found.refresh_from_db()
    assert found.status == FillingStatus.STOPPED
    assert not FillingFacts.objects.exists()
    assert not Move.objects.exists()


class TestExperience:
    """Somebody who has served three times is at every point, where that can be."""

    def test_of_two_experienced_people_each_point_gets_one_and_that_is_said_of_them(self):
        scene = Scene(people=4, seats=2)
        other = make.post(make.shift(places.site(scene.area, scene.home), scene.call), 2, role=scene.post.role)
        skilled = scene.people[:2]
        for person in skilled:
            make.served(person, times=3)
        found = scene.solved()

        points = dict(Move.objects.filter(filling=found, volunteer__in=skilled).values_list("volunteer", "post"))
        assert sorted(points.values()) == [scene.post.pk, other.pk]
        for move in Move.objects.filter(filling=found, volunteer__in=skilled):
            assert {"code": "shows_others", "times": "3"} in move.reasons
        assert found.summary["unguided"] == 0

    def test_where_somebody_experienced_has_a_seat_already_nobody_is_needed(self):
        scene = Scene(people=2)
        old_hand = make.volunteer(scene.home)
        make.served(old_hand, times=3)
        signups.sign_up(scene.post.pk, old_hand.pk, now=NIGHT)
        assert scene.solved().summary["unguided"] == 0

    def test_a_point_of_beginners_is_counted(self, scene):
        assert scene.solved().summary["unguided"] == 1


class TestCompany:
    """Two who come together get the same shift, where nothing is lost by it."""

    @pytest.mark.parametrize("other", [1, 2, 3])
    def test_they_are_proposed_for_one_shift_and_told_so_without_a_name(self, other):
        scene = Scene(people=4, seats=2)
        make.post(make.shift(places.site(scene.area, scene.home), scene.call), 2, role=scene.post.role)
        pair = scene.people[0], scene.people[other]
        together(*pair)
        found = scene.solved()

        assert found.summary["people"] == 4
        moves = Move.objects.filter(filling=found)
        assert len({move.post_id for move in moves.filter(volunteer__in=pair)}) == 1
        for move in moves:
            assert ({"code": "in_company"} in move.reasons) is (move.volunteer in pair)

    def test_who_has_ended_it_is_proposed_for_themselves(self, scene):
        together(*scene.people, over_at=NIGHT)
        moves = Move.objects.filter(filling=scene.solved())
        assert [{"code": "in_company"} in move.reasons for move in moves] == [False, False]

    def test_their_parts_are_worked_out_in_one(self, scene):
        apart = make.volunteer(places.compound(scene.area))
        together(scene.people[0], apart)
        facts = solving.read(scene.propose(), NIGHT)
        assert facts.people[facts.mates].tolist() == [[scene.people[0].pk, apart.pk]]
        part = parts(facts, size=1)
        assert part[facts.mates[0, 0]] == part[facts.mates[0, 1]]


def together(one, other, **fields):
    pair = {"number": other.number, "asked_at": NIGHT, "confirmed_at": NIGHT} | fields
    return Companionship.objects.create(asker=one, asked=other, **pair)


class TestLendings:
    """What two communities have agreed counts for proposals as for every other seat."""

    def test_staff_lent_on_are_proposed_where_they_are_lent_and_no_longer_at_home(self, scene):
        lent, guest = make.seconded(scene.area, scene.home), make.seconded(places.area(), scene.home)
        make.lending(lent, scene.area, places.area())
        make.lending(guest, places.area(), scene.area)
        moves = dict(Move.objects.filter(filling=scene.solved()).values_list("volunteer", "asked"))
        assert (lent.pk in moves, moves[guest.pk]) == (False, False)

    def test_a_volunteer_lent_on_is_asked_there_and_not_at_home(self, scene):
        lent, guest = scene.people[0], make.volunteer(scene.home, community=places.area())
        make.lending(lent, scene.area, places.area())
        make.lending(guest, places.area(), scene.area)
        moves = dict(Move.objects.filter(filling=scene.solved()).values_list("volunteer", "asked"))
        assert (lent.pk in moves, moves[guest.pk]) == (False, True)

    def test_who_was_lent_on_meanwhile_stays_out_and_the_others_get_their_seats(self, scene):
        lent = make.seconded(scene.area, scene.home)
        found = scene.solved()
        make.lending(lent, scene.area, places.area())
        fillings.adopt(found.pk, by=scene.lead, now=NIGHT)
        moves = dict(Move.objects.filter(filling=found).values_list("volunteer", "code"))
        assert moves == {lent.pk: "not_lent_here"} | {person.pk: "" for person in scene.people}


def test_adopted_twice_nothing_happens_twice(scene):
    found = scene.adopted()
    fillings.adopt(found.pk, by=scene.lead, now=NIGHT + MINUTE)
    assert SignUp.objects.count() == Message.objects.count() == 2


def test_what_no_longer_holds_is_told_and_the_rest_stands(scene):
    found = scene.solved()
    gone, stays = scene.people
    other = make.post(make.shift(places.site(scene.area)))
    signups.sign_up(other.pk, gone.pk, now=NIGHT)

    fillings.adopt(found.pk, by=scene.lead, now=NIGHT)

    moves = {move.volunteer_id: move for move in Move.objects.filter(filling=found)}
    assert (moves[gone.pk].status, moves[gone.pk].code, moves[gone.pk].sign_up) == (MoveStatus.GONE, "overlap", None)
    assert moves[stays.pk].status == MoveStatus.INVITED


def test_a_seat_that_somebody_has_taken_meanwhile_is_not_given_twice(scene):
    Post.objects.filter(pk=scene.post.pk).update(seats=1)
    found = scene.solved()
    quick = make.volunteer(scene.home)
    signups.sign_up(scene.post.pk, quick.pk, now=NIGHT)

    fillings.adopt(found.pk, by=scene.lead, now=NIGHT)

    assert [(move.status, move.code) for move in Move.objects.filter(filling=found)] == [
        (MoveStatus.GONE, "seat_taken")
    ]


def test_a_no_costs_nothing_and_is_not_asked_about_again(scene):
    found = scene.adopted()
    move = Move.objects.filter(filling=found, volunteer=scene.people[0]).get()
    offers.decline(move.sign_up_id, now=NIGHT + MINUTE)

    again = scene.solved()

    assert plan(again) == []
    tomorrow = make.post(make.shift(places.site(scene.area), make.call(scene.area)), 2)
    assert (scene.people[0].pk, tomorrow.pk) not in plan(again)
    later = make.shift(places.site(scene.area, scene.home), start=DAWN + timedelta(hours=20))
    other = make.post(later)
    wide = fillings.propose(scene.area.pk, NIGHT, NIGHT + timedelta(days=3), by=scene.lead, now=NIGHT)
    solving.run(wide.pk, NIGHT)
    assert other.pk in {post for _person, post in plan(wide)}


def test_pins_stay_and_what_is_not_wanted_does_not_come_back(scene):
    extra = [make.volunteer(scene.home) for _n in range(2)]
    found = scene.solved()
    first, second, third = Move.objects.filter(filling=found)
    fillings.mark(first.pk, Mark.PINNED, by=scene.lead, now=NIGHT)
    fillings.mark(second.pk, Mark.BANNED, by=scene.lead, now=NIGHT)

    fillings.rework(found.pk, by=scene.lead, now=NIGHT + MINUTE)
    solving.run(found.pk, NIGHT + MINUTE)

    people = {person for person, _post in plan(found)}
    everybody = {one.pk for one in [*scene.people, *extra]}
    assert people == everybody - {second.volunteer_id}
    assert Move.objects.get(filling=found, volunteer=first.volunteer_id).mark == Mark.PINNED
    assert Move.objects.get(filling=found, volunteer=second.volunteer_id).mark == Mark.BANNED
    assert third.volunteer_id in people


def test_a_seat_that_stays_empty_because_somebody_is_not_wanted_says_so(scene):
    found = scene.solved()
    for move in Move.objects.filter(filling=found):
        fillings.mark(move.pk, Mark.BANNED, by=scene.lead, now=NIGHT)
    fillings.rework(found.pk, by=scene.lead, now=NIGHT)
    solving.run(found.pk, NIGHT)

    gap = Gap.objects.get(filling=found, post=scene.post)
    assert (gap.seats, gap.binding, gap.near["banned"]) == (3, "banned", 2)
    refused("nothing_to_adopt", fillings.adopt, found.pk, by=scene.lead, now=NIGHT)


def test_only_what_is_ready_can_be_changed_or_adopted(scene):
    found = scene.propose()
    refused("filling_not_now", fillings.adopt, found.pk, by=scene.lead, now=NIGHT)
    solving.run(found.pk, NIGHT)
    move = Move.objects.filter(filling=found)[0]
    fillings.put_aside(found.pk, by=scene.lead, now=NIGHT)
    assert fillings.put_aside(found.pk, by=scene.lead, now=NIGHT).status == FillingStatus.STOPPED
    refused("filling_not_now", fillings.adopt, found.pk, by=scene.lead, now=NIGHT)
    refused("filling_not_now", fillings.mark, move.pk, Mark.PINNED, by=scene.lead, now=NIGHT)
    refused("filling_not_now", fillings.undo, found.pk, by=scene.lead, now=NIGHT)


def test_all_is_taken_back_until_somebody_has_answered(scene):
    make.seconded(scene.area, scene.home)
    found = scene.adopted()
    assert fillings.undo(found.pk, by=scene.lead, now=NIGHT).status == FillingStatus.UNDONE
    assert fillings.undo(found.pk, by=scene.lead, now=NIGHT).status == FillingStatus.UNDONE
    assert set(SignUp.objects.values_list("status", "reason")) == {("cancelled", "proposal_undone")}
    assert Post.objects.get(pk=scene.post.pk).taken == 0
    assert len(plan(scene.solved())) == 3


def test_once_somebody_has_answered_it_stands(scene):
    found = scene.adopted()
    one = Move.objects.filter(filling=found)[0]
    offers.accept(one.sign_up_id, now=NIGHT + MINUTE)
    refused("already_answered", fillings.undo, found.pk, by=scene.lead, now=NIGHT + MINUTE)
    assert SignUp.objects.filter(status=SignUpStatus.INVITED).count() == 1


def test_a_stop_keeps_the_best_found_so_far(scene):
    found = scene.propose()
    fillings.stop(found.pk, by=scene.lead, now=NIGHT)
    solving.run(found.pk, NIGHT)
    found.refresh_from_db()
    assert found.status == FillingStatus.READY
    assert fillings.stop(found.pk, by=scene.lead, now=NIGHT).status == FillingStatus.READY


def test_put_aside_while_it_is_worked_out_nothing_comes_of_it(scene):
    found = scene.propose()
    solving.prepare(found.pk, NIGHT)
    fillings.put_aside(found.pk, by=scene.lead, now=NIGHT)
    assert solving.run(found.pk, NIGHT)
    assert (plan(found), FillingPart.objects.count()) == ([], 0)


def crowd(area, villages=4, each=6):
    """Sealed compounds that share nobody: as many parts of the problem."""
    for _village in range(villages):
        home = places.compound(area)
        places.zone("lockdown", compound=home, since=NIGHT - MINUTE)
        for hours in (0, 4, 30):
            make.post(make.shift(places.site(area, home), start=DAWN + timedelta(hours=hours)), 3)
        for _person in range(each):
            make.volunteer(home)


def many(scene, seed=3):
    return fillings.propose(scene.area.pk, NIGHT, NIGHT + timedelta(days=3), by=scene.lead, now=NIGHT, seed=seed)


def test_a_worker_that_died_is_followed_by_one_that_gets_the_same_plan(scene, monkeypatch):
    crowd(scene.area)
    monkeypatch.setattr("staffing.queries.matching_parts.PART", 5)
    whole = many(scene)
    solving.run(whole.pk, NIGHT)

    broken = many(scene)
    solving.prepare(broken.pk, NIGHT)
    last, *others = FillingPart.objects.filter(filling=broken).order_by("-no").values_list("pk", flat=True)
    assert len(others) > 2
    solving.work_out(last)
    make.volunteer(scene.home)  # somebody new: the facts of this proposal were read before
    for part in others:
        assert not solving.choose(broken.pk, NIGHT)
        solving.work_out(part)
    assert solving.choose(broken.pk, NIGHT)
    assert not solving.finish(broken.pk, NIGHT)
    assert solving.run(broken.pk, NIGHT)
    assert plan(broken) == plan(whole)
    assert empties(broken) == empties(whole)


def empties(found):
    return list(Gap.objects.filter(filling=found).values_list("post", "seats", "binding", "eligible", "near"))


def test_a_part_that_was_done_is_not_done_again(scene):
    found = scene.propose()
    solving.prepare(found.pk, NIGHT)
    part = FillingPart.objects.get()
    solving.work_out(part.pk)
    FillingFacts.objects.update(data=b"")
    solving.work_out(part.pk)


def test_what_cannot_be_worked_out_fails_and_can_be_tried_again(scene, monkeypatch):
    found = scene.propose()

    def broken(*_args, **_how):
        raise ArithmeticError

    with monkeypatch.context() as patched:
        patched.setattr(solving, "solve", broken)
        assert solving.run(found.pk, NIGHT)
    assert Filling.objects.get(pk=found.pk).status == FillingStatus.FAILED
    fillings.rework(found.pk, by=scene.lead, now=NIGHT)
    solving.run(found.pk, NIGHT)
    assert Filling.objects.get(pk=found.pk).status == FillingStatus.READY


def test_reading_the_facts_costs_the_same_for_one_person_and_for_thirty():
    few, lots = Scene(people=1), Scene(people=30)
    counts = []
    for scene in (few, lots):
        with CaptureQueriesContext(connection) as caught:
            queries.candidates(queries.pool(scene.area), *WINDOW, NIGHT)
        counts.append(len(caught))
    assert counts[0] == counts[1] <= 16


def test_nobody_is_asked_who_took_back_their_consent_or_said_no_to_the_call(scene):
    first, second = scene.people
    said = make.consent(first)
    said.withdrawn_at = NIGHT
    said.save()
    second.user.muted_at = NIGHT
    second.user.save()
    assert plan(scene.solved()) == []


def test_a_lead_who_invites_by_hand_asks_the_same_rules(scene):
    lent_elsewhere = make.volunteer(scene.home, kind="seconded")
    refused("not_lent_here", decisions.assign, scene.post.pk, lent_elsewhere.pk, by=scene.lead, now=NIGHT)
    assert lent_elsewhere.pk not in {person for person, _post in plan(scene.solved())}
