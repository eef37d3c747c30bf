"""A round of doors: dealt, knocked at, taken in once each, closed, and forgotten but for the counts."""

from datetime import timedelta
from io import StringIO
from uuid import uuid4

import pytest
from django.core.management import call_command

from communities.actions import doors as entering
from communities.errors import Invalid, Refused
from communities.models import Building, Compound, Door, Entrance
from communities.states import Level, RoleName
from staffing import access
from staffing.actions import beats, door_rounds, door_visits, homes
from staffing.actions.door_visits import Tap, record
from staffing.models import BeatHolding, DoorVisit, HomeService, RoundDoor, RoundEntrance, SignUp
from staffing.queries.door_rounds import entrances_of, grounds, total
from staffing.states import DoorOutcome, Need
from tests.factories import communities as places
from tests.factories.doors import MINUTE, NOON, Yard, knock, seat_of, tap
from tests.factories.staffing import DAWN, NIGHT

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def yard():
    return Yard()


def results(taken):
    return [(one.result, one.refusal.code if one.refusal else "") for one in taken]


def counts(yard):
    found = total(yard.stairs)
    return found.notified, found.no_answer, found.home_service, found.vacant, found.refused, found.again


def code(act, *args, **kwargs):
    with pytest.raises(Refused) as caught:
        act(*args, **kwargs)
    return [reason.code for reason in caught.value.reasons]


class TestDoors:
    def test_a_pattern_entered_twice_is_entered_once(self, yard):
        before = Door.objects.count()

        again = entering.build(yard.home.pk, "4号楼", "3单元", 7, 3, has_lift=False, by=yard.lead)

        assert (before, again.doors, Door.objects.count()) == (36, 3, 39)
        assert list(Building.objects.order_by("pk").values_list("no", "storeys", "has_lift")) == [
            ("4号楼", 6, False),
            ("6号楼", 6, False),
        ]

    def test_a_pattern_beyond_measure_is_refused_by_field(self, yard):
        with pytest.raises(Invalid) as caught:
            entering.build(yard.home.pk, " ", "1单元", 61, 0, has_lift=True, by=yard.lead)

        assert set(caught.value.fields) == {"building", "storeys", "flats"}

    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
    def test_a_list_is_shown_before_it_is_taken_in(self, yard, encoding):
        text = "楼栋,单元,房号,电梯\n4号楼,3单元,101,\n7号楼,1单元,1001,有\n".encode(encoding)

        shown = entering.read(yard.home.pk, text)
        entered = [entering.take_in(yard.home.pk, text, by=yard.lead).doors for _again in range(2)]

        assert ([one.place.number for one in shown.new], len(shown.known), shown.wrong) == (["1001"], 1, [])
        assert entered == [1, 0]
        house = Building.objects.get(no="7号楼")
        assert (house.storeys, house.has_lift) == (10, True)

    def test_one_bad_row_keeps_the_whole_list_out(self, yard):
        text = "楼栋,单元,房号\n7号楼,1单元,101\n7号楼,,102\n".encode()

        with pytest.raises(Invalid):
            entering.take_in(yard.home.pk, text, by=yard.lead)

        assert [one.problems for one in entering.read(yard.home.pk, text).wrong] == [("entrance_missing",)]
        assert not Building.objects.filter(no="7号楼").exists()


class TestRound:
    def test_a_round_has_every_door_of_its_entrances(self, yard):
        assert [(row.doors_count, row.pending) for row in yard.stairs] == [(18, 18), (18, 18)]
        assert RoundDoor.objects.count() == 36

    def test_entrances_of_others_and_times_that_are_over_are_refused(self, yard):
        other = Entrance.objects.create(building=Building.objects.create(compound=places.compound(), no="1"), no="1")

        for fields in ({"entrances": [other.pk]}, {"entrances": []}, {"ends_at": NIGHT}, {"title": " "}):
            with pytest.raises(Invalid):
                yard.begin(**fields)

    def test_entrances_are_dealt_by_their_work_and_not_again_once_given_out(self):
        yard = Yard(dealt=2)
        assert [beat.entrances.count() for beat in yard.beats] == [1, 1]
        beats.deal(yard.round.pk, 1, by=yard.lead, now=NIGHT)
        yard.beats = list(yard.round.beats.all())
        yard.helper()

        assert code(beats.deal, yard.round.pk, 2, by=yard.lead, now=NIGHT) == ["beats_held"]
        assert [beat.entrances.count() for beat in yard.round.beats.all()] == [2]

    def test_a_beat_goes_to_confirmed_seats_of_the_community_and_twice_is_once(self, yard):
        person = yard.helper()
        seat = seat_of(person)

        again = beats.give(yard.beats[0].pk, seat.pk, by=yard.lead, now=DAWN)
        SignUp.objects.filter(pk=seat.pk).update(status="cancelled")

        assert (again.since, BeatHolding.objects.count()) == (NIGHT, 1)
        assert code(beats.give, yard.beats[0].pk, seat.pk, by=yard.lead, now=DAWN) == ["beat_needs_seat"]

    def test_beats_are_handed_out_to_the_seats_of_the_shift_in_their_order(self):
        yard = Yard(dealt=2)
        people = [yard.helper() for _person in range(3)]
        BeatHolding.objects.all().delete()

        given = beats.hand_out(yard.round.pk, by=yard.lead, now=NIGHT)
        again = beats.hand_out(yard.round.pk, by=yard.lead, now=NIGHT)

        assert [(one.beat.no, one.sign_up.volunteer) for one in given] == [(1, people[0]), (2, people[1])]
        assert list(again) == []

    def test_coverage_adds_up_by_entrance_building_and_compound(self, yard):
        person = yard.helper()
        knock(person, *(tap(door) for door in yard.doors()[:20]))

        (ground,) = grounds(list(entrances_of([yard.round])))

        assert (ground.compound, ground.figures.done, ground.figures.doors) == (yard.home, 20, 36)
        assert [(house.no, house.figures.done) for house in ground.houses] == [("4号楼", 18), ("6号楼", 2)]
        assert ground.figures.share == 55


class TestVisits:
    def test_a_tap_is_counted_and_sent_again_it_is_known(self, yard):
        person, one = yard.helper(), tap(yard.door())

        first, second = knock(person, one), knock(person, one, now=NOON)

        assert (results(first), results(second)) == ([("taken", "")], [("known", "")])
        assert (DoorVisit.objects.count(), counts(yard)) == (1, (1, 0, 0, 0, 0, 0))

    def test_the_same_client_id_for_another_door_is_refused_and_changes_nothing(self, yard):
        person, one = yard.helper(), tap(yard.door())
        knock(person, one)

        found = knock(person, tap(yard.door("102"), client_id=one.client_id))

        assert results(found) == [("refused", "tap_reused")]
        assert counts(yard) == (1, 0, 0, 0, 0, 0)

    def test_two_people_may_have_the_same_client_id_by_chance(self, yard):
        same, first, second = uuid4(), yard.helper(), yard.helper()

        knock(first, tap(yard.door(), client_id=same))
        found = knock(second, tap(yard.door("102"), client_id=same))

        assert results(found) == [("taken", "")]

    def test_an_undone_tap_counts_no_more_and_undoing_twice_is_once(self, yard):
        person, one = yard.helper(), tap(yard.door(), "home_service", need="care")
        back = Tap(one.client_id, DAWN + 2 * MINUTE, undo=True)
        knock(person, one)

        found = knock(person, back), knock(person, back)

        assert [results(each) for each in found] == [[("taken", "")], [("known", "")]]
        assert (yard.door().outcome, yard.door().needs, counts(yard)) == ("pending", [], (0, 0, 0, 0, 0, 0))
        assert list(HomeService.objects.values_list("status", "reason")) == [("cancelled", "taken_back")]

    def test_a_tap_and_its_undoing_may_come_together(self, yard):
        person, one = yard.helper(), tap(yard.door())

        found = knock(person, one, Tap(one.client_id, DAWN + 2 * MINUTE, undo=True))

        assert results(found) == [("taken", ""), ("taken", "")]
        assert yard.door().outcome == "pending"

    def test_nobody_undoes_what_another_has_tapped(self, yard):
        first, second, one = yard.helper(), yard.helper(), tap(yard.door())
        knock(first, one)

        found = knock(second, Tap(one.client_id, DAWN + 2 * MINUTE, undo=True))

        assert results(found) == [("refused", "no_such_tap")]
        assert yard.door().outcome == "notified"

    def test_two_helpers_who_differ_are_shown_and_the_desk_decides(self, yard):
        first, second = yard.helper(), yard.helper()
        knock(first, tap(yard.door(), "vacant"))
        knock(second, tap(yard.door(), "notified", DAWN + 5 * MINUTE))

        door = yard.door()
        assert (door.outcome, door.said, total(yard.stairs).disputed) == ("notified", ["notified", "vacant"], 1)
        door_visits.decide(door.pk, DoorOutcome.VACANT, by=yard.lead, now=DAWN + HOUR)
        assert (yard.door().outcome, yard.door().said, total(yard.stairs).disputed) == ("vacant", ["vacant"], 0)
        assert DoorVisit.objects.count() == 3

    def test_a_door_that_is_not_on_ones_beat_is_refused_and_the_rest_is_taken(self):
        yard = Yard(dealt=2)
        person = yard.helper(yard.beats[0])

        found = knock(person, tap(yard.door("101", 1)), tap(yard.door("101", 0)), tap(10**9))

        assert results(found) == [("refused", "not_your_door"), ("taken", ""), ("refused", "not_your_door")]

    def test_taps_made_offline_count_after_the_beat_went_to_another_and_later_ones_do_not(self, yard):
        person = yard.helper()
        beats.take_back(BeatHolding.objects.get().pk, by=yard.lead, now=DAWN + HOUR)

        found = knock(person, tap(yard.door()), tap(yard.door("102"), at=DAWN + HOUR), now=NOON)

        assert results(found) == [("taken", ""), ("refused", "not_your_door")]

    def test_a_phone_whose_clock_is_wrong_is_put_right(self, yard):
        person, fast = yard.helper(), timedelta(minutes=40)

        record([tap(yard.door(), at=DAWN + fast)], by=person.user, now=DAWN + MINUTE, sent_at=DAWN + MINUTE + fast)
        record([tap(yard.door("102"), at=NOON)], by=person.user, now=DAWN + MINUTE)

        assert list(DoorVisit.objects.order_by("pk").values_list("made_at", flat=True)) == [DAWN, DAWN + MINUTE]

    def test_a_batch_is_at_most_two_hundred_taps(self, yard):
        with pytest.raises(Invalid):
            knock(yard.helper(), *[tap(yard.door())] * 201)

    def test_many_taps_cost_as_many_statements_as_few(self, queries_of):
        yard = Yard()
        person, rows = yard.helper(), yard.doors()

        few = queries_of(lambda: knock(person, tap(rows[0])))
        many = queries_of(lambda: knock(person, *(tap(row) for row in rows[1:31])))

        assert many == few


class TestHomes:
    def test_a_need_is_a_task_of_the_rounds_owner_with_a_time_and_asked_twice_is_once(self, yard):
        first, second = yard.helper(), yard.helper()
        knock(first, tap(yard.door(), "home_service", need="sampling"))
        knock(second, tap(yard.door(), "home_service", DAWN + 9 * MINUTE, need="sampling"))

        (home,) = HomeService.objects.all()
        assert (home.owner, home.due_at, home.status, home.need) == (yard.lead, NOON, "open", "sampling")
        assert not yard.door().disputed

    def test_two_helpers_who_hear_of_two_needs_leave_two_tasks(self, yard):
        first, second = yard.helper(), yard.helper()
        knock(first, tap(yard.door(), "home_service", need="care"))
        knock(second, tap(yard.door(), "home_service", DAWN + 9 * MINUTE, need="food"))

        assert sorted(HomeService.objects.values_list("need", flat=True)) == ["care", "food"]

    def test_who_has_planned_it_keeps_it_when_the_tap_is_taken_back(self, yard):
        person, one = yard.helper(), tap(yard.door(), "home_service", need="care")
        knock(person, one)
        homes.plan(HomeService.objects.get().pk, by=yard.lead, now=DAWN + HOUR)

        knock(person, Tap(one.client_id, DAWN + HOUR, undo=True))

        assert HomeService.objects.get().status == "planned"

    def test_a_need_that_was_seen_to_is_not_asked_for_again_by_a_later_tap(self, yard):
        person = yard.helper()
        knock(person, tap(yard.door(), "home_service", need="care"))
        homes.finish(HomeService.objects.get().pk, by=yard.lead, now=DAWN + HOUR)

        knock(person, tap(yard.door(), "home_service", DAWN + 2 * HOUR, need="care"))

        assert list(HomeService.objects.values_list("status", flat=True)) == ["done"]

    def test_what_is_over_stays_over_and_a_new_owner_takes_what_is_open(self, yard):
        person, other = yard.helper(), places.user()
        for number in ("101", "102"):
            knock(person, tap(yard.door(number), "home_service", need="care"))
        first, second = HomeService.objects.order_by("pk")
        homes.cancel(first.pk, by=yard.lead, now=DAWN + HOUR, reason="家人到了")

        knock(person, tap(yard.door("101"), "home_service", DAWN + 2 * HOUR, need="care"))
        door_rounds.hand_over(yard.round.pk, other.pk, by=yard.lead, now=DAWN + HOUR)

        assert HomeService.objects.count() == 2

        assert code(homes.plan, first.pk, by=yard.lead, now=NOON) == ["home_is_over"]
        assert code(homes.give, first.pk, other.pk, by=yard.lead, now=NOON) == ["home_is_over"]
        second.refresh_from_db()
        assert second.owner == other


class TestClosing:
    def everything(self, yard):
        """29 told, 4 home services, 3 vacant, as in the story."""
        said = [("vacant", None)] * 3 + [("home_service", "sampling")] * 4 + [("notified", None)] * 29
        rows = zip(yard.doors(), said, strict=True)
        knock(yard.helper(), *(tap(door, outcome, need=need) for door, (outcome, need) in rows))

    def test_the_round_of_the_story_closes_with_36_of_36(self, yard):
        self.everything(yard)

        closed = door_rounds.close(yard.round.pk, by=yard.lead, now=NOON)
        again = door_rounds.close(yard.round.pk, by=places.user(), now=NOON + HOUR)

        assert counts(yard) == (29, 0, 4, 3, 0, 0)
        assert (total(yard.stairs).share, total(yard.stairs).done) == (100, 36)
        assert (closed.closed_at, again.closed_at, again.closed_by) == (NOON, NOON, yard.lead)

    def test_an_open_door_keeps_it_open_until_a_reason_is_given(self, yard):
        first, second = yard.helper(), yard.helper()
        knock(first, tap(yard.door(), "no_answer"), tap(yard.door("102"), "vacant"))
        knock(second, tap(yard.door("102"), "refused", DAWN + 9 * MINUTE))

        assert code(door_rounds.close, yard.round.pk, by=yard.lead, now=NOON) == ["doors_pending", "doors_disputed"]
        closed = door_rounds.close(yard.round.pk, by=yard.lead, now=NOON, waiver="下雨，明天再来")
        assert (closed.closed_at, closed.waiver) == (NOON, "下雨，明天再来")

    def test_three_tries_at_other_hours_are_an_outcome(self, yard):
        person = yard.helper()
        knock(person, *(tap(yard.door(), "no_answer", DAWN + hours * HOUR) for hours in (0, 2, 4)))

        assert (yard.door().tries, counts(yard)) == (3, (0, 1, 0, 0, 0, 0))

    def test_a_tap_from_before_the_closing_still_counts_and_one_after_does_not(self, yard):
        person = yard.helper()
        door_rounds.close(yard.round.pk, by=yard.lead, now=DAWN + HOUR, waiver="试")

        found = knock(person, tap(yard.door()), tap(yard.door("102"), at=DAWN + HOUR), now=NOON)

        assert results(found) == [("taken", ""), ("refused", "door_round_closed")]
        assert code(door_visits.decide, yard.door().pk, DoorOutcome.VACANT, by=yard.lead, now=NOON) == [
            "door_round_closed"
        ]
        assert code(beats.give, yard.beats[0].pk, seat_of(person).pk, by=yard.lead, now=NOON) == ["door_round_closed"]

    def test_fourteen_days_later_the_doors_are_forgotten_and_the_counts_stand(self, yard):
        self.everything(yard)
        door_rounds.close(yard.round.pk, by=yard.lead, now=NOON)
        kept = HomeService.objects.order_by("pk").first()
        for home in HomeService.objects.exclude(pk=kept.pk):
            homes.finish(home.pk, by=yard.lead, now=NOON)
        late = NOON + timedelta(days=14)

        early, dry = door_rounds.forget(late - MINUTE), door_rounds.to_forget(late)
        assert (early, RoundDoor.objects.count()) == ([], 36)
        gone = door_rounds.forget(late)

        assert dry == gone
        assert [(one.doors, one.visits, one.homes, one.kept) for one in gone] == [(35, 36, 3, 1)]
        assert list(RoundDoor.objects.values_list("pk", flat=True)) == [kept.door_id]
        homes.finish(kept.pk, by=yard.lead, now=late)
        door_rounds.forget(late)
        assert (RoundDoor.objects.count(), DoorVisit.objects.count(), HomeService.objects.count()) == (0, 0, 0)
        assert HomeService.events.rel.related_model.objects.count() == 0
        assert counts(yard) == (29, 0, 4, 3, 0, 0)
        assert door_rounds.forget(late) == []

    def test_the_command_says_what_would_go_and_leaves_it(self, yard, monkeypatch):
        self.everything(yard)
        door_rounds.close(yard.round.pk, by=yard.lead, now=NOON)
        told = StringIO()

        call_command("forget_doors", "--dry-run", stdout=told)

        assert told.getvalue().startswith(f"round {yard.round.pk}: 32 doors, 36 visits, 0 homes; 4 homes")
        assert RoundDoor.objects.count() == 36


class TestWhoSees:
    def test_a_volunteer_has_their_own_doors_while_they_have_the_beat(self):
        yard = Yard(dealt=2)
        person = yard.helper(yard.beats[0])

        def seen(now):
            return set(access.round_doors_visible_to(person.user, now=now).values_list("stairs", flat=True))

        assert [seen(now) for now in (DAWN - 2 * HOUR, DAWN)] == [set(), {yard.stairs[0].pk}]
        beats.take_back(BeatHolding.objects.get().pk, by=yard.lead, now=DAWN + HOUR)
        assert seen(DAWN + HOUR) == set()

    def test_a_grid_member_sees_the_doors_of_the_own_grid_alone(self, yard):
        grid = places.area(Level.GRID, parent=yard.area)
        Building.objects.filter(no="6号楼").update(grid=grid)
        member, elsewhere = (
            places.lead(grid, RoleName.GRID_MEMBER),
            places.lead(places.area(Level.GRID, parent=yard.area), RoleName.GRID_MEMBER),
        )

        mine = access.round_doors_visible_to(member, now=DAWN)
        assert set(mine.values_list("stairs", flat=True)) == {yard.stairs[1].pk}
        assert list(access.door_rounds_visible_to(member)) == [yard.round]
        assert list(access.beats_given_by(member)) == yard.beats
        assert access.round_doors_visible_to(elsewhere, now=DAWN).count() == 0
        assert not access.door_rounds_visible_to(elsewhere).exists()

    @pytest.mark.parametrize("role", [RoleName.DISTRICT_LEAD, RoleName.AUDITOR, RoleName.POINT_LEAD])
    def test_others_see_counts_and_no_door(self, yard, role):
        reader = places.lead(yard.area, role)

        assert access.round_doors_visible_to(reader, now=DAWN).count() == 0
        assert access.homes_visible_to(reader).count() == 0
        assert RoundEntrance.objects.filter(pk__in=access.round_entrances_visible_to(reader)).count() == 2


def test_a_compound_with_a_round_is_kept(yard):
    from django.db.models import ProtectedError

    with pytest.raises(ProtectedError):
        Compound.objects.get(pk=yard.home.pk).delete()


def test_a_need_is_a_code_and_no_text(yard):
    assert {field.name for field in HomeService._meta.fields} == {
        "id", "door", "need", "status", "owner", "due_at", "finished_at", "reason", "created_at",
    }  # fmt: skip
    assert len(Need) == 5
