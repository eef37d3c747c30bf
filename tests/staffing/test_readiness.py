"""Backwards from "in place by": what is measured, when it turns amber and red, who is told, and what is foreseen."""

from datetime import timedelta

import pytest
from django.db.models import F
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from communities.errors import Invalid
from communities.models import Grant, Message
from communities.states import Level, RoleName
from staffing.actions import calls, decisions, readiness, rides
from staffing.actions.readiness import Step
from staffing.actions.rides import RidePlan
from staffing.actions.signups import sign_up
from staffing.models import Driver, Milestone, ReadinessPlan, Shift, SignUp
from staffing.queries.readiness import counts, pace
from staffing.queries.readiness import readiness as standing
from staffing.rules.readiness import Count, Pace, forecast, light
from staffing.rules.readiness import Milestone as Rule
from staffing.states import Aim, Light
from tests.factories import communities as places
from tests.factories import staffing as make
from tests.factories.staffing import DAWN, NIGHT
from tests.staffing.desks import Desk, text

HOUR = timedelta(hours=1)


def test_a_milestone_is_met_at_its_limit_and_turns_amber_then_red_beyond_it():
    rule = Rule(Aim.GAP, due=DAWN, limit=20, warn=HOUR)

    assert light(rule, Count(20, 100), DAWN) is Light.MET
    assert light(rule, Count(21, 100), DAWN - 2 * HOUR) is Light.AHEAD
    assert light(rule, Count(21, 100), DAWN - 2 * HOUR, late=True) is Light.AMBER
    assert light(rule, Count(21, 100), DAWN - HOUR) is Light.AMBER
    assert light(rule, Count(21, 100), DAWN) is Light.RED
    assert light(rule, Count(0, 0), DAWN) is Light.MET


def test_the_gap_closes_when_the_fading_rate_has_brought_the_missing_people():
    """20 in the last hour, fading by e in 90 min: 20 / (90 (e^(60/90) - 1)) = 0.2345 a minute now, 21.1 still to come."""
    found = forecast(Pace(missing=10, joined=20, window=HOUR), NIGHT)

    assert round((found.likely - NIGHT).total_seconds() / 60) == 58  # 90 * -ln(1 - 10/21.1)
    assert round((found.soonest - NIGHT).total_seconds() / 60) == 31  # the rate times 1.64
    assert round((found.latest - NIGHT).total_seconds() / 60) == 136  # the rate by 1.64


def test_more_missing_than_will_come_is_said_and_little_news_says_nothing():
    assert forecast(Pace(missing=23, joined=20, window=HOUR), NIGHT).likely is None
    assert forecast(Pace(missing=2, joined=2, window=HOUR), NIGHT) is None
    assert forecast(Pace(missing=3, joined=0, window=HOUR, asked=12, yes=0.25), NIGHT).likely == NIGHT


@given(st.integers(1, 500), st.integers(3, 500), st.integers(1, 60))
def test_more_missing_people_are_never_found_sooner(missing, joined, minutes):
    window = timedelta(minutes=minutes)
    less, more = (forecast(Pace(n, joined, window), NIGHT) for n in (missing, missing + 1))

    assert more.likely is None or (less.likely is not None and less.likely <= more.likely)
    assert more.soonest is None or more.likely is None or more.soonest <= more.likely


@pytest.mark.django_db
class TestMeasured:
    @pytest.fixture
    def call(self):
        district = places.area(Level.DISTRICT)
        self.area = places.area(parent=district)
        self.lead = places.lead(self.area)
        self.above = places.lead(district, RoleName.DISTRICT_LEAD)
        Grant.objects.update(starts_at=NIGHT - timedelta(days=9))
        call = make.call(self.area, contact=self.lead)
        self.site = places.site(self.area)
        self.shift = make.shift(self.site, call, leader=self.lead)
        self.post = make.post(self.shift, seats=5)
        make.post(make.shift(self.site, call, start=DAWN + make.BLOCK), seats=7)  # the second block is not counted
        make.post(self.shift, role=make.role("sampler", counted=False), seats=3)  # nor those of the hospital
        return call

    def test_counts_are_of_the_first_block_and_the_communitys_own_seats(self, call):
        sign_up(self.post.pk, make.volunteer().pk, now=NIGHT)
        decisions.invite(self.post.pk, make.volunteer(community=self.area).pk, by=self.lead, now=NIGHT)
        here = sign_up(self.post.pk, make.volunteer(user=self.lead).pk, now=NIGHT)
        SignUp.objects.filter(pk=here.pk).update(status="checked_in")

        assert counts([call.pk]) == {
            call.pk: {
                Aim.GAP: Count(3, 5),
                Aim.PLACEMENT: Count(1, 5),
                Aim.RIDES: Count(0, 0),
                Aim.LEADERS: Count(0, 1),
                Aim.IN_PLACE: Count(4, 5),
            }
        }

    def test_a_leader_is_on_site_once_the_shift_has_been_started(self, call):
        assert counts([call.pk])[call.pk][Aim.LEADERS] == Count(1, 1)

        Shift.objects.filter(pk=self.shift.pk).update(status="running")

        assert counts([call.pk])[call.pk][Aim.LEADERS] == Count(0, 1)

    def test_a_ride_nobody_drives_is_open_until_somebody_claims_it(self, call):
        plan = RidePlan("示范街18号院", self.site.pk, DAWN - HOUR, DAWN, 4, shift_id=self.shift.pk)
        ride = rides.post(self.area.pk, plan, by=self.lead, now=NIGHT)
        assert counts([call.pk])[call.pk][Aim.RIDES] == Count(1, 1)

        driver = Driver.objects.create(
            volunteer=make.volunteer(), area=self.area, verified_at=NIGHT, on_duty_until=DAWN
        )
        rides.claim(ride.pk, driver.pk, now=NIGHT)

        assert counts([call.pk])[call.pk][Aim.RIDES] == Count(0, 1)

    def test_any_number_of_calls_is_measured_in_one_query(self, call, django_assert_num_queries):
        others = [make.post(make.shift(self.site, make.call(self.area))).shift.call_up_id for _ in range(5)]

        with django_assert_num_queries(1):
            assert set(counts([call.pk, *others])) == {call.pk, *others}

    def test_publishing_makes_the_usual_plan_once(self, call):
        calls.publish(call.pk, by=self.lead, now=NIGHT)
        calls.publish(call.pk, by=self.lead, now=NIGHT)

        plan = ReadinessPlan.objects.get(call_up=call)
        assert plan.in_place_by == DAWN - timedelta(minutes=20)
        assert list(plan.milestones.values_list("aim", "minutes", "limit", "owner", "escalate_to")) == [
            ("gap", 480, 20, self.lead.pk, self.above.pk),
            ("placement", 120, 0, self.lead.pk, self.above.pk),
            ("rides", 60, 0, self.lead.pk, self.above.pk),
            ("leaders", 20, 0, self.lead.pk, self.above.pk),
            ("in_place", 0, 0, self.lead.pk, self.above.pk),
        ]

    def test_a_missed_milestone_is_told_once_to_its_owner_and_later_once_above(self, call):
        readiness.prepare(call, now=NIGHT)
        due = DAWN - timedelta(minutes=20 + 480)

        assert readiness.watch(due - timedelta(seconds=1)) == 0
        told = [
            list(Message.objects.filter(kind="behind").order_by("pk").values_list("reader", flat=True))
            for minutes in (0, 1, 15, 16)
            if readiness.watch(due + timedelta(minutes=minutes))
        ]

        owner, above = self.lead.pk, self.above.pk
        assert told == [[owner], [owner], [owner, above], [owner, above]]

    def test_a_milestone_that_is_met_tells_nobody(self, call):
        readiness.prepare(call, now=NIGHT)
        for _seat in range(4):
            sign_up(self.post.pk, make.volunteer().pk, now=NIGHT)

        assert readiness.watch(DAWN - timedelta(minutes=20 + 479)) == 0
        assert not Message.objects.filter(kind="behind").exists()

    def test_what_a_lead_sets_replaces_the_plan(self, call):
        readiness.prepare(call, now=NIGHT)
        at = DAWN - HOUR

        readiness.change(call.pk, at, [Step(Aim.GAP, 60, 10, self.above.pk)], by=self.lead, now=NIGHT)

        found = Milestone.objects.get(plan__call_up=call)
        assert (found.aim, found.due, found.limit, found.owner) == ("gap", at - HOUR, 10, self.above)

    def test_a_plan_that_cannot_be_is_refused_per_field(self, call):
        outsider = make.volunteer().user
        wrong = [
            (call.ends_at, []),
            (DAWN, [Step(Aim.GAP, 1), Step(Aim.GAP, 2)]),
            (DAWN, [Step(Aim.GAP, 1, owner_id=outsider.pk)]),
        ]

        for at, steps in wrong:
            with pytest.raises(Invalid):
                readiness.change(call.pk, at, steps, by=self.lead, now=NIGHT)
        assert not ReadinessPlan.objects.exists()

    def test_the_pace_counts_seats_taken_in_the_last_hour_and_learns_from_earlier_calls(self, call):
        past = make.call(self.area, published_at=NIGHT - timedelta(days=2))
        old = make.post(make.shift(self.site, past, start=DAWN - timedelta(days=1)), seats=4)
        for _seat in range(2):
            sign_up(old.pk, make.volunteer().pk, now=past.published_at)
        SignUp.objects.filter(post=old).update(created_at=past.published_at + 2 * HOUR)
        for minutes in (5, 30, 59, 61):
            seat = sign_up(self.post.pk, make.volunteer().pk, now=NIGHT)
            SignUp.objects.filter(pk=seat.pk).update(created_at=NIGHT + HOUR - timedelta(minutes=minutes))

        found = pace(call, 1, NIGHT + HOUR)

        assert (found.joined, found.window, found.fade, found.yes) == (3, HOUR, 2 * HOUR, 0.25)

    def test_a_gap_foreseen_to_close_too_late_turns_amber_early(self, call):
        readiness.prepare(call, now=NIGHT)
        Milestone.objects.filter(aim="gap").update(minutes=F("minutes") - 300)
        for minutes in (50, 51, 52):
            seat = sign_up(self.post.pk, make.volunteer().pk, now=NIGHT)
            SignUp.objects.filter(pk=seat.pk).update(created_at=NIGHT + HOUR - timedelta(minutes=minutes))
        make.post(self.shift, role=make.role("queue_marshal"), seats=30)

        lights = {one.milestone.aim: one.light for one in standing(call, NIGHT + HOUR).standings}

        assert lights["gap"] is Light.AMBER


@pytest.mark.django_db
class TestDoors:
    @pytest.fixture
    def desk(self):
        return Desk()

    def body(self, desk, **change):
        at = desk.start - HOUR
        off = {f"{aim}_{name}": "0" for aim in Aim for name in ("minutes", "limit", "after")}
        local = at.astimezone(make.TAIYUAN)
        return (
            off | {"day": f"{local:%Y-%m-%d}", "clock": f"{local:%H:%M}", "gap_on": "on", "gap_minutes": "90"} | change
        )

    def test_a_lead_sets_the_milestones_and_sees_how_they_stand(self, desk):
        page = reverse("call_readiness", args=[desk.call.pk])

        answer = desk.as_lead().post(page, self.body(desk, gap_limit="20"))

        assert answer.status_code == 303
        assert list(Milestone.objects.values_list("aim", "minutes", "limit")) == [("gap", 90, 20)]
        assert "2个岗位没人答应" in text(desk.as_lead().get(page, headers={"Accept-Language": "zh-hans"}))

    def test_who_may_only_see_the_desk_changes_nothing(self, desk):
        client = places.client(desk.holder(RoleName.DISTRICT_LEAD))
        page = reverse("call_readiness", args=[desk.call.pk])

        assert client.get(page).status_code == 200
        assert client.post(page, self.body(desk)).status_code == 403
        assert not Milestone.objects.exists()

    def test_bad_figures_come_back_beside_their_field_with_what_was_typed(self, desk):
        page = reverse("call_readiness", args=[desk.call.pk])

        answer = desk.as_lead().post(page, self.body(desk, gap_limit="101", clock="25:00"))

        assert answer.status_code == 400
        assert set(answer.context["form"].errors) == {"gap_limit", "clock"}
        assert 'value="101"' in text(answer)
        assert not Milestone.objects.exists()

    def test_the_api_reads_and_sets_the_same(self, desk):
        client, base = desk.as_lead(), f"/api/v1/call-ups/{desk.call.pk}"
        said = {"in_place_by": desk.start.isoformat(), "milestones": [{"aim": "gap", "minutes": 30, "limit": 5}]}

        put = client.put(f"{base}/milestones/", said, content_type="application/json")
        got = client.get(f"{base}/readiness/")

        assert put.status_code == got.status_code == 200
        assert put.json() == got.json()
        assert got.json()["forecast"] is None
        assert [(one["aim"], one["open"], one["of"], one["light"]) for one in got.json()["milestones"]] == [
            ("gap", 2, 2, "ahead")
        ]
