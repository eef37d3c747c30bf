"""A round teaches the next: repeated at the same hour, its people asked again, its lane rate offered to the norm."""

from datetime import timedelta
from fractions import Fraction

import pytest

from communities.errors import Refused
from staffing.actions import attendance, plans, rounds, shifts, signups
from staffing.demo import catalogue
from staffing.models import DemandPlan, Post, Round, SignUp
from staffing.queries.norms import nearest, norm_of
from staffing.queries.plans import demand_of
from staffing.rules.demand import Override, Place
from staffing.rules.rounds import Measured, Served, measure
from staffing.states import Crewing, SignUpStatus
from tests.factories import communities as places
from tests.factories import staffing as make
from tests.factories.staffing import BLOCK, DAWN, NIGHT, TAIYUAN

TOMORROW = DAWN + timedelta(days=1)


@pytest.fixture
def town(db):
    catalogue.norms()
    return places.area()


@pytest.fixture
def lead(town):
    return places.lead(town)


@pytest.fixture
def compound(town):
    return places.compound(town, residents=460)


@pytest.fixture
def plan(town, lead, compound):
    profile = nearest(town, "dense-estate")
    draft = plans.Draft(
        profile.pk,
        norm_of(profile),
        [Place(compound.pk, 460, 200)],
        DAWN,
        DAWN + 2 * BLOCK,
        available=2,
        overrides=[Override(f"lanes.{compound.pk}", 2, "两个门")],
        crewing=Crewing.TWO_CREWS,
    )
    one = rounds.begin(town.pk, "核酸检测", kind_en="Testing", by=lead)
    made = plans.save(one.pk, draft, by=lead, now=NIGHT)
    return apply(made, lead)


def apply(plan, lead, now=NIGHT):
    plans.apply(plan.pk, by=lead, now=now, words=plans.Words(insured=True), publish=True)
    return DemandPlan.objects.get(pk=plan.pk)


def clerks(plan):
    return Post.objects.filter(shift__call_up=plan.call_up, role__slug="data_entry").order_by("shift__starts_at", "pk")


def worked(post, person, lead, hours=3) -> SignUp:
    """Signed up, came, and went home after so many hours."""
    signup = signups.sign_up(post.pk, person.pk, now=NIGHT)
    if signup.status == SignUpStatus.SIGNED_UP:
        from staffing.actions import decisions

        decisions.confirm(signup.pk, by=lead, now=NIGHT)
    attendance.check_in(signup.pk, by=lead, now=DAWN)
    shifts.start(post.shift_id, by=lead, now=DAWN)
    return attendance.check_out(signup.pk, by=lead, now=DAWN + timedelta(hours=hours))


class TestRepeating:
    def test_tomorrow_is_the_next_round_with_all_that_was_said(self, plan, lead, compound):
        again = rounds.repeat(plan.round_id, TOMORROW.date(), zone=TAIYUAN, by=lead, now=DAWN)
        assert (again.round.no, again.round.kind, again.round.kind_en) == (2, "核酸检测", "Testing")
        assert (again.starts_at, again.ends_at) == (TOMORROW, TOMORROW + 2 * BLOCK)
        assert demand_of(again).steps[f"lanes.{compound.pk}"].reason == "两个门"
        assert (demand_of(again).posts, demand_of(again).gap) == (demand_of(plan).posts, demand_of(plan).gap)
        assert again.call_up is None

    def test_twice_is_once(self, plan, lead):
        first, second = (
            rounds.repeat(plan.round_id, TOMORROW.date(), zone=TAIYUAN, by=lead, now=DAWN) for _n in range(2)
        )
        assert (first, Round.objects.count()) == (second, 2)

    def test_applied_it_uses_the_same_points_and_the_words_of_before(self, plan, lead):
        plan.call_up.text = "自带水杯"
        plan.call_up.save()
        again = rounds.repeat(plan.round_id, TOMORROW.date(), zone=TAIYUAN, by=lead, now=DAWN)
        call = plans.apply(again.pk, by=lead, now=DAWN, publish=True).call
        assert set(call.shifts.values_list("site", flat=True)) == set(
            plan.call_up.shifts.values_list("site", flat=True)
        )
        assert (call.text, call.insured, call.activity_en) == ("自带水杯", True, "Round 2, Testing")


class TestComingAgain:
    def test_who_said_so_is_invited_to_the_place_of_then_and_not_booked(self, plan, lead, compound):
        post = clerks(plan)[2]
        late = plan.call_up.shifts.order_by("-starts_at").first()
        assert post.shift.starts_at == late.starts_at
        mine = worked(clerks(plan)[0], make.volunteer(compound), lead)
        rounds.come_again(mine.pk, now=DAWN)
        worked(clerks(plan)[1], make.volunteer(compound), lead)
        again = apply(rounds.repeat(plan.round_id, TOMORROW.date(), zone=TAIYUAN, by=lead, now=DAWN), lead, DAWN)
        done = rounds.invite_again(again.round_id, by=lead, now=DAWN)
        (asked,) = done.invited
        assert (asked.volunteer, asked.status, done.refused) == (mine.volunteer, SignUpStatus.INVITED, [])
        assert (asked.shift.site, asked.post.role, asked.shift.starts_at) == (mine.shift.site, mine.post.role, TOMORROW)
        assert [one.pk for one in rounds.invite_again(again.round_id, by=lead, now=DAWN).invited] == [asked.pk]

    def test_who_cannot_be_is_told_with_the_reason(self, plan, lead, compound):
        mine = worked(clerks(plan)[0], make.volunteer(compound), lead)
        rounds.come_again(mine.pk, now=DAWN)
        again = apply(rounds.repeat(plan.round_id, TOMORROW.date(), zone=TAIYUAN, by=lead, now=DAWN), lead, DAWN)
        signups.sign_up(clerks(again)[0].pk, make.volunteer(compound).pk, now=DAWN)
        done = rounds.invite_again(again.round_id, by=lead, now=DAWN)
        assert done.invited == []
        assert [(one.pk, len(why) > 0) for one, why in done.refused] == [(mine.pk, True)]

    def test_is_said_after_the_work(self, plan, compound):
        seat = signups.sign_up(clerks(plan)[0].pk, make.volunteer(compound).pk, now=NIGHT)
        with pytest.raises(Refused, match="too_early"):
            rounds.come_again(seat.pk, now=NIGHT)


class TestMeasuring:
    def test_from_what_was_counted(self, plan, lead, compound, town):
        for post, number in zip(clerks(plan)[:2], (270, 210), strict=True):
            rounds.count_work(worked(post, make.volunteer(compound), lead).pk, number, by=lead, now=DAWN)
        one = rounds.measure(plan.round_id, by=lead, now=DAWN)
        assert (one.measured_rate, one.measured_seats) == (80, 2)
        norm = rounds.adopt(plan.round_id, by=lead, now=DAWN)
        assert (norm.area, norm.version, norm.lane_rate, nearest(town, "dense-estate")) == (town, 1, 80, norm)
        assert demand_of(plan).lanes == 2

    def test_without_counts_from_the_hours_of_those_who_came(self, plan, lead, compound):
        for post in clerks(plan)[:2]:
            worked(post, make.volunteer(compound), lead, hours=2)
        one = rounds.measure(plan.round_id, by=lead, now=DAWN)
        assert (float(one.measured_rate), one.measured_seats) == (112.7, 2)  # 460 × 98 % in 4 lane hours

    def test_says_so_if_nobody_came(self, plan, lead):
        with pytest.raises(Refused, match="nothing_measured"):
            rounds.measure(plan.round_id, by=lead, now=DAWN)

    def test_a_clerk_who_serves_two_lanes_is_half_as_fast_on_each(self):
        assert measure([Served(300, Fraction(2), Fraction(2))], Fraction()) == Measured(Fraction(75), 1, True)

    def test_seats_without_a_count_do_not_dilute_the_others(self):
        seats = [Served(300, Fraction(4), Fraction(1)), Served(None, Fraction(4), Fraction(1))]
        assert measure(seats, Fraction(9999)) == Measured(Fraction(75), 1, True)
