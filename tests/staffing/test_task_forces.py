"""Task forces: rights over their scope and until their end, two people for more time, notes from lead to lead."""

from datetime import timedelta

import pytest
import time_machine
from django.db import IntegrityError, transaction

from communities.access import May, may
from communities.errors import Forbidden, Invalid, Refused
from communities.models import Message, User
from communities.states import Level, RoleName
from staffing.access import task_forces_led_by, task_forces_visible_to
from staffing.actions import hand_overs, task_forces
from staffing.actions.task_forces import ForcePlan
from staffing.models import Extension, HandOver, Posting, TaskForce
from staffing.queries.hand_overs import left_for
from staffing.rules.task_forces import LONGEST, Above, against_extending, against_founding, against_handing_over
from staffing.states import Duty
from tests.factories import communities as places
from tests.factories import staffing as make
from tests.factories.staffing import BLOCK, DAWN, NIGHT

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


class Cast:
    def __init__(self):
        self.district = places.area(Level.DISTRICT)
        self.street = places.area(Level.SUBDISTRICT, parent=self.district)
        self.area, self.beside = places.area(parent=self.street), places.area(parent=self.street)
        since = {"starts_at": NIGHT - DAY}
        self.above = places.grant(RoleName.DISTRICT_LEAD, self.district, **since).user
        self.other_above = places.grant(RoleName.SUBDISTRICT_LEAD, self.street, **since).user
        self.lead, self.deputy, self.hand = places.user(), places.user(), places.user()

    def founded(self, area=None, by=None, days=5, parent=None, now=NIGHT, name="防控专班"):
        plan = ForcePlan((area or self.street).pk, name, "封控保障", now + days * DAY, parent=parent and parent.pk)
        return task_forces.found(plan, by=by or self.above, now=now)

    def staffed(self):
        force = self.founded()
        task_forces.appoint(force.pk, self.lead.pk, Duty.LEAD, by=self.above, now=NIGHT)
        return force


@pytest.fixture
def clock():
    with time_machine.travel(NIGHT, tick=False) as found:
        yield found


@pytest.fixture
def cast(clock):
    return Cast()


def fresh(user):
    return User.objects.get(pk=user.pk)


def can(user, area):
    return {capability for capability in May if may(fresh(user), capability, area)}


def codes(call):
    with pytest.raises(Refused) as found:
        call()
    return [reason.code for reason in found.value.reasons]


def test_the_rules_name_every_reason_at_once():
    above = Above("/1/", NIGHT + DAY)
    found = against_founding("/2/", NIGHT, NIGHT + 2 * LONGEST, above, may=False)
    assert [one.code for one in found] == [
        "task_force_not_yours", "task_force_length", "outside_parent", "outlives_parent",
    ]  # fmt: skip
    assert against_founding("/1/3/", NIGHT, NIGHT + DAY, above, may=True) == []
    assert [one.code for one in against_extending(NIGHT, NIGHT + DAY, None, NIGHT)] == ["task_force_over"]
    assert [one.code for one in against_extending(DAWN, NIGHT, None, NIGHT)] == ["extension_not_later"]
    assert against_extending(DAWN, DAWN + LONGEST, None, NIGHT) == []
    assert against_handing_over(None, None, anyway=False) == against_handing_over(NIGHT, DAWN, anyway=False) == []
    assert against_handing_over(NIGHT, NIGHT, anyway=False) == []
    assert [one.code for one in against_handing_over(DAWN, NIGHT, anyway=False)] == ["hand_over_missing"]


def test_rights_reach_over_the_scope_and_end_with_it(cast, clock):
    force = cast.staffed()
    assert {May.RUN, May.NAMES, May.CHECK_IN} <= can(cast.lead, cast.area)
    assert May.PHONES not in can(cast.lead, cast.area)
    assert can(cast.lead, cast.district) == set()
    clock.move_to(NIGHT + 5 * DAY)
    assert can(cast.lead, cast.area) == set()
    assert not task_forces_visible_to(fresh(cast.lead)).filter(pk=force.pk).exists()


def test_each_duty_has_its_own_rights(cast):
    force = cast.staffed()
    for user, duty in ((cast.deputy, Duty.DEPUTY), (cast.hand, Duty.RECORDS)):
        task_forces.appoint(force.pk, user.pk, duty, by=cast.lead, now=NIGHT)
    assert May.RUN in can(cast.deputy, cast.area)
    assert can(cast.hand, cast.area) == {May.SEE, May.HISTORY}
    assert codes(lambda: task_forces.appoint(force.pk, places.user().pk, Duty.DEPUTY, by=cast.lead, now=NIGHT)) == [
        "duty_taken"
    ]


def test_a_duty_is_given_once_and_another_one_takes_its_place(cast):
    force = cast.staffed()
    first = task_forces.appoint(force.pk, cast.hand.pk, Duty.POSTS, by=cast.lead, now=NIGHT)
    again = task_forces.appoint(force.pk, cast.hand.pk, Duty.POSTS, by=cast.lead, now=NIGHT)
    task_forces.appoint(force.pk, cast.hand.pk, Duty.RECORDS, by=cast.lead, now=NIGHT + timedelta(seconds=1))
    assert again.pk == first.pk
    assert list(force.postings.present().filter(user=cast.hand).values_list("duty", flat=True)) == ["records"]
    assert sorted(Message.objects.values_list("kind", flat=True)) == ["task_force_duty"] * 3


def test_nobody_gives_a_duty_to_themselves_and_a_lead_is_named_from_above(cast):
    force = cast.staffed()
    with pytest.raises(Forbidden):
        task_forces.appoint(force.pk, cast.above.pk, Duty.DEPUTY, by=cast.above, now=NIGHT)
    with pytest.raises(Forbidden):
        task_forces.appoint(force.pk, cast.hand.pk, Duty.LEAD, by=cast.lead, now=NIGHT)
    grant = places.grant(RoleName.TASKFORCE_LEAD, cast.street)
    with pytest.raises(IntegrityError), transaction.atomic():
        Posting.objects.create(
            task_force=force, user=cast.hand, duty=Duty.POSTS, grant=grant, given_by=cast.hand, joined_at=NIGHT
        )


def test_a_tree_of_one_and_seven_each_within_the_area_and_the_time_of_the_one_above(cast, clock):
    top = cast.staffed()
    communities = [places.area(parent=cast.street) for _number in range(7)]
    parts = [cast.founded(area, by=fresh(cast.lead), days=4, parent=top) for area in communities]
    assert TaskForce.objects.under(top).count() == 8
    assert codes(lambda: cast.founded(cast.district, by=fresh(cast.lead), days=6, parent=top)) == [
        "outside_parent", "outlives_parent",
    ]  # fmt: skip
    task_forces.appoint(parts[0].pk, cast.deputy.pk, Duty.LEAD, by=fresh(cast.lead), now=NIGHT)
    assert set(task_forces_led_by(fresh(cast.deputy))) == {parts[0]}
    assert (May.RUN in can(cast.deputy, communities[0]), can(cast.deputy, communities[1])) == (True, set())
    task_forces.end(top.pk, "七个社区都已解封", by=fresh(cast.lead), now=NIGHT + DAY)
    clock.move_to(NIGHT + DAY)
    assert can(cast.deputy, communities[0]) == set()
    assert not TaskForce.objects.going(NIGHT + DAY).exists()


def test_more_time_needs_two_people(cast, clock):
    force = cast.staffed()
    later = NIGHT + 9 * DAY
    asked = task_forces.ask_extension(force.pk, later, "还没有解封", by=cast.above, now=NIGHT)
    assert task_forces.ask_extension(force.pk, later, "又问", by=cast.above, now=NIGHT).pk == asked.pk
    assert list(Message.objects.filter(kind="extension_asked").values_list("reader", flat=True)) == [
        cast.other_above.pk
    ]
    with pytest.raises(Forbidden):
        task_forces.answer_extension(asked.pk, yes=True, by=cast.above, now=NIGHT)
    with pytest.raises(IntegrityError), transaction.atomic():
        Extension.objects.filter(pk=asked.pk).update(status="agreed", answered_by=cast.above)
    for _twice in range(2):
        task_forces.answer_extension(asked.pk, yes=True, by=cast.other_above, now=NIGHT)
    clock.move_to(NIGHT + 8 * DAY)
    assert May.RUN in can(cast.lead, cast.area)
    clock.move_to(later)
    assert can(cast.lead, cast.area) == set()


def test_a_no_changes_nothing_and_what_is_over_is_not_extended(cast):
    force = cast.staffed()
    asked = task_forces.ask_extension(force.pk, NIGHT + 9 * DAY, "x", by=cast.lead, now=NIGHT)
    task_forces.answer_extension(asked.pk, yes=False, by=cast.above, now=NIGHT)
    force.refresh_from_db()
    assert force.ends_at == NIGHT + 5 * DAY
    late = NIGHT + 6 * DAY
    assert codes(lambda: task_forces.ask_extension(force.pk, late + DAY, "x", by=cast.lead, now=late)) == [
        "task_force_over"
    ]
    with pytest.raises(Invalid):
        task_forces.ask_extension(force.pk, late, " ", by=cast.lead, now=NIGHT)


def test_who_was_released_gets_nothing_back_by_an_extension(cast, clock):
    force = cast.staffed()
    hand = task_forces.appoint(force.pk, cast.hand.pk, Duty.POSTS, by=cast.lead, now=NIGHT)
    task_forces.release(hand.pk, by=cast.hand, now=NIGHT + DAY)
    asked = task_forces.ask_extension(force.pk, NIGHT + 9 * DAY, "x", by=cast.lead, now=NIGHT + DAY)
    task_forces.answer_extension(asked.pk, yes=True, by=cast.above, now=NIGHT + DAY)
    clock.move_to(NIGHT + DAY)
    assert can(cast.hand, cast.area) == set()
    assert May.RUN in can(cast.lead, cast.area)


def test_a_new_lead_takes_over_once_the_one_before_has_left_a_note(cast, clock):
    force = cast.staffed()
    assert codes(lambda: task_forces.appoint(force.pk, cast.hand.pk, Duty.LEAD, by=cast.above, now=NIGHT)) == [
        "hand_over_missing"
    ]
    hand_overs.of_task_force(force.pk, "3号点还缺消杀员", by=cast.lead, now=NIGHT)
    clock.move_to(NIGHT + DAY)
    task_forces.appoint(force.pk, cast.hand.pk, Duty.LEAD, by=cast.above, now=NIGHT + DAY)
    assert (can(cast.lead, cast.area), May.RUN in can(cast.hand, cast.area)) == (set(), True)
    task_forces.appoint(force.pk, cast.lead.pk, Duty.LEAD, by=cast.above, now=NIGHT + DAY, anyway=True)
    assert force.postings.present().get(duty=Duty.LEAD).user == cast.lead


def test_the_note_is_asked_for_before_the_end_and_after_it_until_it_is_there(cast):
    force = cast.staffed()
    end = force.ends_at
    for now in (NIGHT, end - DAY, end - DAY / 2, end, end + DAY):
        task_forces.remind(now)
    owed = Message.objects.filter(kind="note_owed")
    assert list(owed.values_list("reader", flat=True)) == [cast.lead.pk] * 2
    hand_overs.of_task_force(force.pk, "物资清单在办公室", by=cast.lead, now=end + DAY)
    owed.delete()
    task_forces.remind(end + DAY)
    assert not owed.exists()


def test_it_ends_with_a_note_and_once(cast):
    force = cast.staffed()
    with pytest.raises(Invalid):
        task_forces.end(force.pk, " ", by=cast.lead, now=NIGHT)
    for _twice in range(2):
        ended = task_forces.end(force.pk, "都办完了", by=cast.lead, now=NIGHT + DAY)
    assert (ended.ends_at, HandOver.objects.count()) == (NIGHT + DAY, 1)
    assert list(force.postings.values_list("left_at", flat=True)) == [NIGHT + DAY]


def test_a_shift_is_handed_to_the_next_lead_who_is_told_and_says_that_they_have_read_it(cast):
    site = places.site(cast.area)
    first, second = (make.shift(site, start=start, leader=places.user()) for start in (DAWN, DAWN + BLOCK))
    note = hand_overs.of_shift(first.pk, "扫码机换过电池", by=first.leader, now=DAWN + BLOCK)
    assert hand_overs.of_shift(first.pk, "扫码机换过电池 ", by=first.leader, now=DAWN + BLOCK).pk == note.pk
    assert list(Message.objects.values_list("kind", "reader")) == [("handed_over", second.leader_id)]
    assert (left_for(second), left_for(first)) == ([note], [])
    with pytest.raises(Forbidden):
        hand_overs.take_over(note.pk, by=first.leader, now=DAWN + BLOCK)
    read = hand_overs.take_over(note.pk, by=second.leader, now=DAWN + BLOCK)
    assert hand_overs.take_over(note.pk, by=cast.above, now=DAWN + 2 * BLOCK).read_at == read.read_at
    with pytest.raises(Invalid):
        hand_overs.of_shift(first.pk, "x" * 2001, by=first.leader, now=DAWN)
