"""Lending people (domain.md 5.3): every step and guard, on the spot, recall without a silent hole, who is put where."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import translation

from communities.errors import Forbidden, Invalid, Refused
from communities.messages.kinds import Claimed
from communities.models import Message
from communities.rules.customs import Customs
from communities.states import RoleName, ZoneLevel
from staffing.actions import attendance, decisions, recalls, secondments, signups, staff_requests, terms
from staffing.actions.assignments import assign_together
from staffing.actions.secondments import Loan
from staffing.messages import secondments as told
from staffing.models import Post, Secondment, SignUp
from staffing.queries.secondments import presence, ways_in
from staffing.rules.fatigue import Interval
from staffing.rules.secondments import WayIn
from staffing.rules.transitions import SECONDMENT
from staffing.states import SecondmentStatus
from tests.factories import communities as places
from tests.factories import staffing as make
from tests.factories.staffing import BLOCK, DAWN, NIGHT, TAIYUAN
from volunteers.models import Affiliation, Enrolment, ServiceRecord

pytestmark = pytest.mark.django_db
WEEK = timedelta(days=7)
S = SecondmentStatus


class Cast:
    """A unit with an officer, a community with a lead, and somebody of the unit."""

    def __init__(self):
        self.unit, self.area = places.organisation(), places.area()
        since = {"starts_at": NIGHT - WEEK}
        self.officer = places.grant(RoleName.ORG_HR, organisation=self.unit, **since).user
        self.lead = places.grant(RoleName.COMMUNITY_LEAD, self.area, **since).user
        self.home, self.role = places.compound(self.area), make.role("data_entry")
        self.person = self.member()

    def member(self, **fields):
        person = make.volunteer(**{"home": self.home} | fields)
        Affiliation.objects.create(volunteer=person, organisation=self.unit)
        return person

    def loan(self, person=None, start=NIGHT, length=WEEK, **fields):
        person = person or self.person
        return Loan(person.pk, self.unit.pk, self.area.pk, start, start + length, **fields)

    def proposed(self, person=None, **fields):
        return secondments.propose(self.loan(person, **fields), by=self.officer, now=NIGHT)

    def approved(self, person=None, **fields):
        return secondments.approve(self.proposed(person, **fields).pk, by=self.officer, now=NIGHT)

    def accepted(self, person=None, **fields):
        return secondments.accept(self.approved(person, **fields).pk, self.role.pk, by=self.lead, now=NIGHT)

    def active(self, person=None, **fields):
        return secondments.acknowledge(self.accepted(person, **fields).pk, now=NIGHT)

    def post(self, seats=1, start=DAWN, **fields):
        return make.post(make.shift(places.site(self.area), start=start), seats, **fields)


@pytest.fixture
def cast():
    return Cast()


def refused(code, act, *args, **how):
    with pytest.raises(Refused) as found, transaction.atomic():
        act(*args, **how)
    assert found.value.code == code


def newest(found):
    return Secondment.objects.get(pk=found.pk)


def kinds_told(user):
    return sorted(Message.objects.filter(reader=user).exclude(status="cancelled").values_list("kind", flat=True))


def test_from_the_offer_to_duty_and_back(cast):
    found = cast.proposed()
    assert (found.status, found.proposed_by) == (S.PROPOSED, cast.officer)
    assert secondments.approve(found.pk, by=cast.officer, now=NIGHT).status == S.APPROVED
    accepted = secondments.accept(found.pk, cast.role.pk, by=cast.lead, now=NIGHT)
    assert (accepted.status, accepted.role, kinds_told(cast.person.user)) == (S.ACCEPTED, cast.role, ["seconded"])
    assert Enrolment.objects.filter(volunteer=cast.person, community=cast.area).count() == 1
    on_duty = secondments.acknowledge(found.pk, now=NIGHT)
    cast.person.refresh_from_db()
    assert (on_duty.status, cast.person.kind) == (S.ACTIVE, "seconded")
    assert terms.sweep(NIGHT + WEEK - timedelta(minutes=1)) == 0
    assert terms.sweep(NIGHT + WEEK) == 1
    cast.person.refresh_from_db()
    assert (newest(found).status, cast.person.kind) == (S.ENDED, "volunteer")


def test_each_step_taken_again_changes_nothing(cast):
    found = cast.active()
    again = [
        secondments.propose(cast.loan(), by=cast.officer, now=NIGHT),
        secondments.approve(found.pk, by=cast.officer, now=DAWN),
        secondments.accept(found.pk, cast.role.pk, by=cast.lead, now=DAWN),
        secondments.acknowledge(found.pk, now=DAWN),
    ]
    assert [(one.pk, one.status, one.accepted_at, one.acknowledged_at) for one in again] == [
        (found.pk, S.ACTIVE, NIGHT, NIGHT)
    ] * 4


def test_it_begins_when_its_time_comes(cast):
    found = cast.active(start=DAWN)
    assert (found.status, terms.sweep(DAWN - timedelta(minutes=1)), terms.sweep(DAWN)) == (S.ACKNOWLEDGED, 0, 1)
    assert newest(found).status == S.ACTIVE


@pytest.mark.parametrize(
    ("start", "length", "field"),
    [
        (NIGHT, timedelta(days=14, seconds=1), "end"),
        (NIGHT, timedelta(0), "end"),
        (NIGHT - 2 * WEEK, WEEK, "end"),
    ],
    ids=["longer than a fortnight", "empty", "past"],
)
def test_a_period_is_a_fortnight_at_most(cast, start, length, field):
    with pytest.raises(Invalid) as found:
        cast.proposed(start=start, length=length)
    assert list(found.value.fields) == [field]
    assert cast.proposed(length=timedelta(days=14)).status == S.PROPOSED


def test_nobody_decides_about_their_own_and_nobody_for_both_ends(cast):
    officer_too = cast.member(user=cast.officer)
    own = cast.proposed(officer_too)
    with pytest.raises(Forbidden) as found:
        secondments.approve(own.pk, by=cast.officer, now=NIGHT)
    assert found.value.code == "own_secondment"
    colleague = places.grant(RoleName.ORG_HR, organisation=cast.unit).user
    assert secondments.approve(own.pk, by=colleague, now=NIGHT).status == S.APPROVED
    for act in (
        lambda: secondments.accept(own.pk, cast.role.pk, by=cast.officer, now=NIGHT),
        lambda: secondments.turn_down(own.pk, by=cast.officer, now=NIGHT, reason="not_free"),
        lambda: secondments.accept(own.pk, cast.role.pk, by=colleague, now=NIGHT),
    ):
        with pytest.raises(Forbidden):
            act()
    with pytest.raises(IntegrityError), transaction.atomic():
        Secondment.objects.filter(pk=own.pk).update(accepted_by=colleague)


def test_only_people_of_the_unit_are_lent_and_only_to_one_place(cast):
    stranger = make.volunteer()
    refused("not_of_the_unit", cast.proposed, stranger)
    cast.accepted()
    elsewhere = Loan(cast.person.pk, cast.unit.pk, places.area().pk, NIGHT + timedelta(days=2), NIGHT + 2 * WEEK)
    refused("already_lent", secondments.propose, elsewhere, by=cast.officer, now=NIGHT)
    with pytest.raises(IntegrityError), transaction.atomic():
        make.lend(cast.person, places.area())


def test_the_community_takes_whom_it_can_use(cast):
    trained = make.role("disinfection_team")
    trained.requires.add(make.qualification("disinfection", self_declared=False))
    found = cast.approved()
    refused("unqualified", secondments.accept, found.pk, trained.pk, by=cast.lead, now=NIGHT)
    refused("not_approved_yet", secondments.accept, cast.proposed(cast.member()).pk, cast.role.pk, by=cast.lead, now=NIGHT)  # fmt: skip
    refused("reason_not_allowed", secondments.turn_down, found.pk, by=cast.lead, now=NIGHT, reason="ill")
    returned = secondments.turn_down(found.pk, by=cast.lead, now=NIGHT, reason="enough_people")
    assert (returned.status, kinds_told(cast.person.user)) == (S.REJECTED, ["secondment_over"])


def test_a_sealed_home_keeps_them_in_and_a_sealed_community_out(cast):
    outside = places.compound()
    neighbour, stranger, unknown = (
        cast.member(),
        cast.member(home=outside),
        cast.member(home=None),
    )
    soon = Interval(NIGHT, DAWN)
    ids = [neighbour.pk, stranger.pk, unknown.pk]
    assert list(ways_in(cast.area, ids, soon).values()) == [WayIn.OPEN, WayIn.OPEN, WayIn.UNKNOWN]
    places.zone(ZoneLevel.LOCKDOWN, since=NIGHT, compound=outside)
    assert ways_in(cast.area, ids, soon)[stranger.pk] == WayIn.SHUT
    refused("zone_cannot_leave", secondments.accept, cast.approved(stranger).pk, cast.role.pk, by=cast.lead, now=NIGHT)
    places.zone(ZoneLevel.LOCKDOWN, since=NIGHT, area=cast.area)
    assert ways_in(cast.area, ids, soon)[neighbour.pk] == WayIn.OPEN


def test_somebody_reports_in_first_and_the_unit_confirms_in_time(cast):
    stranger = make.volunteer(cast.home)
    found = secondments.report_in(cast.unit.pk, cast.area.pk, NIGHT + WEEK, by=stranger.user, now=NIGHT)
    assert (found.status, kinds_told(cast.officer)) == (S.PROPOSED, ["reported_in"])
    on_duty = secondments.accept(found.pk, cast.role.pk, by=cast.lead, now=NIGHT)
    assert on_duty.status == S.ACTIVE
    confirmed = secondments.approve(found.pk, by=cast.officer, now=DAWN)
    assert (confirmed.status, confirmed.approved_by) == (S.ACTIVE, cast.officer)
    assert stranger.affiliations.get().organisation == cast.unit
    assert terms.sweep(NIGHT + timedelta(days=2)) == 0


def test_whom_no_unit_confirms_is_let_go_and_the_seats_open(cast):
    stranger = make.volunteer(cast.home)
    found = secondments.report_in(cast.unit.pk, cast.area.pk, NIGHT + WEEK, by=stranger.user, now=NIGHT)
    secondments.accept(found.pk, cast.role.pk, by=cast.lead, now=NIGHT)
    seat = decisions.assign(cast.post(start=DAWN + timedelta(days=2)).pk, stranger.pk, by=cast.lead, now=NIGHT)
    terms.sweep(NIGHT + timedelta(hours=24))
    seat.refresh_from_db()
    assert (newest(found).status, newest(found).reason, seat.status) == (S.ENDED, "unconfirmed", "cancelled")


def test_on_duty_they_are_put_on_seats_here_within_the_rules_and_a_volunteer_never(cast):
    post, volunteer = cast.post(seats=5), make.volunteer(cast.home)
    found = cast.active()
    seat = decisions.assign(post.pk, cast.person.pk, by=cast.lead, now=NIGHT)
    assert (seat.status, seat.secondment_id) == ("confirmed", found.pk)
    late = cast.post(start=DAWN + BLOCK + timedelta(hours=6))
    refused("too_little_rest", decisions.assign, late.pk, cast.person.pk, by=cast.lead, now=NIGHT)  # fmt: skip
    refused("volunteers_are_asked", decisions.assign, post.pk, volunteer.pk, by=cast.lead, now=NIGHT)
    refused("not_lent_here", decisions.assign, make.post().pk, cast.person.pk, by=cast.lead, now=NIGHT)
    beyond = cast.post(start=NIGHT + WEEK)
    refused("not_lent_here", decisions.assign, beyond.pk, cast.person.pk, by=cast.lead, now=NIGHT)
    not_yet = cast.member()
    cast.accepted(not_yet)
    refused("volunteers_are_asked", decisions.assign, post.pk, not_yet.pk, by=cast.lead, now=NIGHT)


def test_no_action_but_staff_duty_gives_a_volunteer_a_seat_they_did_not_ask_for(cast):
    """Whatever a lead does about a volunteer ends in a question."""
    volunteer, here, there = make.volunteer(cast.home), cast.post(), cast.post()
    asked = decisions.invite(here.pk, volunteer.pk, by=cast.lead, now=NIGHT)
    own = signups.sign_up(cast.post(start=DAWN + timedelta(days=1)).pk, volunteer.pk, now=NIGHT)
    moved = decisions.move(own.pk, there.pk, by=cast.lead, now=NIGHT)
    assert {asked.status, moved.status} == {"invited"}
    outcome = assign_together([(cast.post().pk, volunteer.pk)], by=cast.lead, now=NIGHT)
    assert (outcome.done, [reasons[0].code for reasons in outcome.stayed.values()]) == ([], ["volunteers_are_asked"])


def test_many_are_put_on_a_post_at_once_and_who_stays_is_told_why(cast):
    post = cast.post(seats=3)
    people = [cast.member() for _person in range(2)]
    for person in people:
        cast.active(person)
    tired = cast.member()
    cast.active(tired)
    decisions.assign(
        cast.post(start=DAWN - BLOCK - timedelta(hours=3)).pk, tired.pk, by=cast.lead, now=NIGHT - WEEK / 7
    )
    pairs = [(post.pk, one.pk) for one in [*people, tired]]
    outcome = assign_together(pairs, by=cast.lead, now=NIGHT)
    assert [seat.volunteer_id for seat in outcome.done] == [one.pk for one in people]
    assert list(outcome.stayed) == [tired.pk]


def test_many_are_approved_in_few_statements_and_never_ones_own(cast, django_assert_max_num_queries):
    people = [cast.member() for _person in range(12)]
    own = cast.member(user=cast.officer)
    other = places.grant(RoleName.ORG_HR, organisation=cast.unit, starts_at=NIGHT - WEEK).user
    ids = [secondments.propose(cast.loan(person), by=other, now=NIGHT).pk for person in [*people, own]]
    with django_assert_max_num_queries(20):
        outcome = secondments.approve_all(ids, by=cast.officer, now=NIGHT)
    assert ([one.pk for one in outcome.done], list(outcome.stayed)) == (ids[:-1], ids[-1:])
    assert set(Secondment.objects.filter(pk__in=ids[:-1]).values_list("status", "approved_by", "approved_at")) == {
        (S.APPROVED, cast.officer.pk, NIGHT)
    }
    again = secondments.approve_all(ids[:2], by=cast.officer, now=DAWN)
    assert {one.approved_at for one in again.done} == {NIGHT}


def test_a_recall_keeps_the_next_day_and_opens_the_rest_to_those_in_line(cast):
    found = cast.active()
    tonight, later = cast.post(), cast.post(start=DAWN + timedelta(days=2))
    first, second = (decisions.assign(post.pk, cast.person.pk, by=cast.lead, now=NIGHT) for post in (tonight, later))
    heir = signups.sign_up(later.pk, make.volunteer(cast.home).pk, now=NIGHT)
    assert [seat.pk for seat in recalls.to_cover([found.pk], NIGHT, urgent=False)] == [second.pk]
    recalled = recalls.recall(found.pk, by=cast.officer, now=NIGHT)
    for seat in (first, second, heir):
        seat.refresh_from_db()
    assert (recalled.status, recalled.period.upper) == (S.ACTIVE, NIGHT + timedelta(hours=24))
    assert (first.status, second.status, second.reason) == ("confirmed", "cancelled", "secondment_recalled")
    assert heir.status == "invited"
    assert ("staff_leaving" in kinds_told(cast.lead), Post.objects.get(pk=later.pk).taken) == (True, 1)
    assert {"cancelled", "secondment_over"} <= set(kinds_told(cast.person.user))
    terms.sweep(NIGHT + timedelta(hours=24))
    assert newest(found).status == S.RECALLED


def test_an_urgent_recall_lets_the_running_block_finish(cast):
    found, midway = cast.active(), DAWN + timedelta(hours=1)
    running, next_day = cast.post(), cast.post(start=DAWN + timedelta(days=1))
    seats = [decisions.assign(post.pk, cast.person.pk, by=cast.lead, now=NIGHT) for post in (running, next_day)]
    attendance.check_in(seats[0].pk, by=cast.lead, now=DAWN)
    recalls.recall(found.pk, by=cast.officer, now=midway, urgent=True)
    for seat in seats:
        seat.refresh_from_db()
    assert (newest(found).status, [seat.status for seat in seats]) == (S.RECALLED, ["checked_in", "cancelled"])
    attendance.check_out(seats[0].pk, by=cast.lead, now=DAWN + BLOCK)
    assert ServiceRecord.objects.get().kind == "seconded"


def test_a_recall_is_the_units_word_once_and_not_ones_own(cast):
    found = cast.active()
    with pytest.raises(Forbidden):
        recalls.recall(found.pk, by=cast.person.user, now=NIGHT)
    first = recalls.recall(found.pk, by=cast.officer, now=NIGHT)
    again = recalls.recall(found.pk, by=cast.officer, now=DAWN)
    assert (again.recalled_at, again.period) == (first.recalled_at, first.period)
    urgent = recalls.recall(found.pk, by=cast.officer, now=DAWN, urgent=True)
    assert (urgent.status, urgent.period.upper) == (S.RECALLED, DAWN)
    refused("invalid_transition", recalls.send_back, found.pk, by=cast.lead, now=DAWN)


def test_who_is_to_go_sooner_is_told_again_and_who_has_not_begun_is_told_too(cast):
    coming = cast.active(start=NIGHT + timedelta(hours=12))
    recalls.recall(coming.pk, by=cast.officer, now=NIGHT)
    assert newest(coming).status == S.ACKNOWLEDGED
    one = told.told(*told.GONE)([Claimed(1, "secondment_over", "", coming.pk, None, None, {}, "", 1, None)], NIGHT)[1]
    with translation.override("en"):
        assert "your unit calls you back" in told.text(one)
    Message.objects.update(status="sent")
    recalls.recall(coming.pk, by=cast.officer, now=NIGHT + timedelta(hours=1), urgent=True)
    told_of = Message.objects.filter(kind__in=["secondment_over", "staff_leaving"], status="scheduled")
    assert set(told_of.values_list("kind", "reader")) == {
        ("secondment_over", cast.person.user_id),
        ("staff_leaving", cast.lead.pk),
    }


def test_the_unit_sees_days_and_hours_and_volunteering_is_not_mixed_in(cast):
    found = cast.active()
    seat = decisions.assign(cast.post().pk, cast.person.pk, by=cast.lead, now=NIGHT)
    own = signups.sign_up(cast.post(start=DAWN + timedelta(days=1)).pk, cast.person.pk, now=NIGHT)
    for signup, start in ((seat, DAWN), (own, DAWN + timedelta(days=1))):
        attendance.check_in(signup.pk, by=cast.lead, now=start)
        attendance.check_out(signup.pk, by=cast.lead, now=start + BLOCK)
    decisions.assign(cast.post(start=DAWN + timedelta(days=3)).pk, cast.person.pk, by=cast.lead, now=NIGHT)
    seen = presence([found.pk], NIGHT - WEEK, NIGHT + WEEK, TAIYUAN)[found.pk]
    assert (seen.days, seen.minutes, seen.coming, seen.last_day) == (1, 195, 1, DAWN.date())
    assert sorted(ServiceRecord.objects.values_list("kind", flat=True)) == ["seconded", "volunteer"]


def test_all_of_a_list_are_offered_to_where_they_live(cast):
    there = places.compound()
    others = [cast.member(home=there), cast.member(home=None)]
    assert secondments.propose_homes(cast.unit.pk, NIGHT, NIGHT + WEEK, by=cast.officer, now=NIGHT) == 2
    assert secondments.propose_homes(cast.unit.pk, NIGHT, NIGHT + WEEK, by=cast.officer, now=NIGHT) == 0
    placed = dict(Secondment.objects.values_list("volunteer", "area"))
    assert placed == {cast.person.pk: cast.area.pk, others[0].pk: there.community_id}


def test_it_is_renewed_by_asking_everybody_again(cast):
    found = cast.active(length=timedelta(days=14))
    until = found.period.upper + timedelta(days=14)
    longer = secondments.renew(found.pk, until, by=cast.officer, now=NIGHT)
    assert (longer.status, longer.period.lower, longer.renews) == (S.PROPOSED, found.period.upper, found)
    secondments.approve(longer.pk, by=cast.officer, now=NIGHT)
    secondments.accept(longer.pk, cast.role.pk, by=cast.lead, now=NIGHT)
    secondments.acknowledge(longer.pk, now=NIGHT)
    assert terms.sweep(found.period.upper) == 2
    assert (newest(found).status, newest(longer).status) == (S.ENDED, S.ACTIVE)


def act_of(there, cast, pk):
    """The action that leads to a state."""
    return {
        S.APPROVED: lambda: secondments.approve(pk, by=cast.officer, now=NIGHT),
        S.ACCEPTED: lambda: secondments.accept(pk, cast.role.pk, by=cast.lead, now=NIGHT),
        S.REJECTED: lambda: secondments.turn_down(pk, by=cast.lead, now=NIGHT, reason="enough_people"),
        S.WITHDRAWN: lambda: secondments.withdraw(pk, by=cast.officer, now=NIGHT),
        S.RECALLED: lambda: recalls.recall(pk, by=cast.officer, now=NIGHT, urgent=True),
    }[there]


@pytest.mark.parametrize("there", [S.APPROVED, S.ACCEPTED, S.REJECTED, S.WITHDRAWN, S.RECALLED])
@pytest.mark.parametrize("here", [S.ENDED, S.RECALLED, S.REJECTED, S.WITHDRAWN, S.ACTIVE, S.PROPOSED])
def test_what_is_no_step_is_refused_and_changes_nothing(cast, here, there):
    found = cast.active() if here == S.ACTIVE else cast.proposed()
    Secondment.objects.filter(pk=found.pk).update(status=here)
    before = newest(found).__dict__ | {"_state": None}
    if there in SECONDMENT[here] and (here, there) != (S.PROPOSED, S.ACCEPTED):
        assert act_of(there, cast, found.pk)().status == there
        return
    if here == there or (here, there) in {(S.ACTIVE, S.APPROVED), (S.ACTIVE, S.ACCEPTED)}:
        act_of(there, cast, found.pk)()
    else:
        with pytest.raises(Refused), transaction.atomic():
            act_of(there, cast, found.pk)()
    assert newest(found).__dict__ | {"_state": None} == before


def test_seats_of_a_secondment_say_so(cast):
    cast.active()
    decisions.assign(cast.post().pk, cast.person.pk, by=cast.lead, now=NIGHT)
    assert SignUp.objects.get().secondment.organisation == cast.unit


@pytest.mark.parametrize(
    ("end", "said"),
    [
        (NIGHT.replace(day=17, hour=0), "Sun 3 April–Sat 16 April"),
        (NIGHT.replace(day=6, hour=20, minute=30), "Sun 3 April, 20:00–Wed 6 April, 20:30"),
    ],
)
def test_people_are_told_the_days_and_to_the_minute_when_they_are_called_back(end, said):
    names = {"name": "演示", "unit": ("示范单位", ""), "area": ("示范社区", ""), "role": ("", "")}
    one = told.Told("secondment_over", 1, "active", **names, start=NIGHT, end=end, seats=0, customs=Customs())
    with translation.override("en"):
        assert one.days == said


def test_the_unit_hears_once_that_a_community_asks_for_people(cast):
    for _time in range(2):
        found = staff_requests.ask(
            cast.area.pk, cast.unit.pk, cast.role.pk, 10, NIGHT, NIGHT + WEEK, by=cast.lead, now=NIGHT
        )
    assert list(Message.objects.filter(kind="staff_asked").values_list("reader", "target")) == [
        (cast.officer.pk, found.pk)
    ]
    one = told.requests([Claimed(1, "staff_asked", "", found.pk, None, None, {}, "", 1, None)], NIGHT)[1]
    with translation.override("en"):
        assert told.text(one).startswith(f"{cast.area}: we ask {cast.unit} for 10 people as {cast.role}.")
    type(found).objects.update(closed_at=NIGHT)
    assert told.requests([Claimed(1, "staff_asked", "", found.pk, None, None, {}, "", 1, None)], NIGHT) == {}
