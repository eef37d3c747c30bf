"""A plan applied: sites, shifts, posts and the call, once, and after a change only the difference."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override

from communities.errors import Invalid, Refused
from communities.models import Site
from staffing.actions import norms, plans, signups
from staffing.demo import catalogue
from staffing.models import CallUp, DemandPlan, NormProfile, Post, Round, Shift
from staffing.queries.norms import nearest, norm_of, norms_at
from staffing.queries.plans import demand_of
from staffing.rules.demand import Override, Place
from staffing.rules.norms import changed
from staffing.states import CallStatus, Crewing, ShiftStatus
from tests.factories import communities as places
from tests.factories import staffing as make
from tests.factories.staffing import DAWN, NIGHT

NOON = DAWN + timedelta(hours=6, minutes=30)
INSURED = plans.Words(insured=True)


@pytest.fixture
def presets(db):
    catalogue.norms()


@pytest.fixture
def town(presets):
    return places.area()


@pytest.fixture
def lead(town):
    return places.lead(town)


@pytest.fixture
def compounds(town):
    return [places.compound(town, name=name, residents=n) for name, n in (("东苑", 4300), ("西苑", 3700))]


def story(town, compounds, slug="dense-estate", **fields) -> plans.Draft:
    profile = nearest(town, slug)
    east, west = compounds
    known = {
        "profile": profile.pk,
        "norm": norm_of(profile),
        "places": [Place(east.pk, 4300, 1850), Place(west.pk, 3700, 1592)],
        "starts_at": DAWN,
        "ends_at": NOON,
        "available": 22,
        "crewing": Crewing.SAME_CREW,
        "reason": "人手少，分批休息，街道同意",
    }
    return plans.Draft(**known | fields)


@pytest.fixture
def draft(town, compounds):
    return story(town, compounds)


@pytest.fixture
def plan(town, lead, draft):
    one = Round.objects.create(area=town, kind="核酸检测", kind_en="Testing", no=2, created_by=lead)
    return plans.save(one.pk, draft, by=lead, now=NIGHT)


def apply(plan, lead, **how):
    return plans.apply(plan.pk, by=lead, now=NIGHT, **{"words": INSURED, "publish": True} | how)


def seats(call: CallUp) -> int:
    return sum(Post.objects.filter(shift__call_up=call, role__counted=True).values_list("seats", flat=True))


class TestApplying:
    def test_makes_17_points_212_seats_and_an_open_call(self, plan, lead, town):
        call = apply(plan, lead).call
        assert (call.status, call.starts_at, call.ends_at, call.insured) == (CallStatus.OPEN, DAWN, NOON, True)
        assert Site.objects.filter(area=town, kind="sampling_point").count() == 17
        assert seats(call) == 212
        assert set(call.shifts.values_list("status", flat=True)) == {ShiftStatus.OPEN}
        assert call.shifts.count() == 2 * (17 + 2)
        assert Post.objects.filter(shift__call_up=call, role__slug="sampler").count() == 34

    def test_speaks_both_languages(self, plan, lead):
        call = apply(plan, lead).call
        assert call.title_en == "Round 2, Testing: 84 volunteers wanted"
        assert (call.activity_en, call.risks) == ("Round 2, Testing", plan.norm.risks)

    def test_numbers_the_points_through_the_compounds(self, plan, lead, compounds):
        apply(plan, lead)
        numbers = [
            list(Site.objects.filter(compound=one, kind="sampling_point").values_list("no", flat=True))
            for one in compounds
        ]
        assert numbers == [list(range(1, 10)), list(range(10, 18))]

    def test_takes_25_statements_at_most(self, plan, lead):
        with CaptureQueriesContext(connection) as asked:
            apply(plan, lead)
        assert len(asked) <= 25, len(asked)

    def test_again_changes_nothing(self, plan, lead):
        call = apply(plan, lead).call
        before = list(Post.objects.order_by("pk").values())
        again = apply(plan, lead)
        assert (again.call.pk, again.difference.empty) == (call.pk, True)
        assert [row | {"version": 0} for row in Post.objects.order_by("pk").values()] == [
            row | {"version": 0} for row in before
        ]
        assert CallUp.objects.count() == 1

    def test_uses_the_points_that_are_there(self, plan, lead, compounds):
        mine = [places.site(compound=compounds[0], no=n, name=f"{n}号点") for n in range(1, 13)]
        call = apply(plan, lead).call
        used = Site.objects.filter(compound=compounds[0], kind="sampling_point", shifts__call_up=call).distinct()
        assert list(used.order_by("no")) == mine[:9]
        assert list(
            Site.objects.filter(compound=compounds[1], kind="sampling_point").values_list("no", flat=True)
        ) == list(range(13, 21))

    def test_is_refused_without_insurance_and_nothing_is_made(self, plan, lead):
        with pytest.raises(Refused) as refused:
            apply(plan, lead, words=None)
        assert [reason.code for reason in refused.value.reasons] == ["uninsured"]
        assert (Site.objects.count(), Shift.objects.count(), CallUp.objects.count()) == (0, 0, 0)

    def test_can_stay_a_draft(self, plan, lead):
        call = apply(plan, lead, publish=False, words=None).call
        assert (call.status, set(call.shifts.values_list("status", flat=True))) == (
            CallStatus.DRAFT,
            {ShiftStatus.DRAFT},
        )
        again = apply(plan, lead).call
        assert (again.pk, again.status, set(again.shifts.values_list("status", flat=True))) == (
            call.pk,
            CallStatus.OPEN,
            {ShiftStatus.OPEN},
        )

    def test_one_crew_all_through_needs_a_reason(self, town, lead, draft, plan):
        plans.save(plan.round_id, replace(draft, reason=""), by=lead, now=NIGHT)
        with pytest.raises(Invalid) as wrong:
            apply(plan, lead)
        assert list(wrong.value.fields) == ["reason"]

    def test_is_refused_once_the_window_is_over(self, plan, lead):
        with pytest.raises(Refused, match="past"):
            plans.apply(plan.pk, by=lead, now=NOON)


class TestCrews:
    def test_breaks_in_turn_bring_nine_people_of_relief(self, lead, draft, plan):
        plans.save(plan.round_id, replace(draft, crewing=Crewing.STAGGERED, reason=""), by=lead, now=NIGHT)
        call = apply(plan, lead).call
        relief = Post.objects.filter(shift__call_up=call, role__slug="relief").order_by("shift__starts_at", "pk")
        assert list(relief.values_list("seats", flat=True)) == [5, 4, 5, 4]
        assert seats(call) == 212 + 18
        assert call.shifts.filter(override_reason="").count() == 0

    def test_two_crews_rest_as_the_rules_say(self, lead, draft, plan):
        plans.save(plan.round_id, replace(draft, crewing=Crewing.TWO_CREWS), by=lead, now=NIGHT)
        call = apply(plan, lead).call
        assert (seats(call), call.shifts.exclude(override_reason="").count()) == (212, 0)
        assert call.title_en == "Round 2, Testing: 190 volunteers wanted"


class TestChanging:
    @pytest.fixture
    def call(self, plan, lead):
        return apply(plan, lead).call

    def change(self, plan, lead, draft, **fields):
        plans.save(plan.round_id, replace(draft, **fields), by=lead, now=NIGHT)
        return DemandPlan.objects.get(pk=plan.pk)

    def test_a_lane_more_adds_one_point(self, call, plan, lead, draft):
        more = self.change(plan, lead, draft, overrides=[Override(f"lanes.{draft.places[0].key}", 10, "东门排长队")])
        seen = plans.difference(more)
        assert (len(seen.new), len(seen.dropped), seen.blocked) == (2, 0, ())
        apply(plan, lead)
        assert (Site.objects.filter(kind="sampling_point").count(), seats(call)) == (18, 216)
        assert set(call.shifts.values_list("status", flat=True)) == {ShiftStatus.OPEN}

    def test_the_title_follows_the_number_until_somebody_writes_their_own(self, call, plan, lead, draft):
        assert (call.title_en, call.title) == ("Round 2, Testing: 84 volunteers wanted", "第2轮核酸检测，招84位志愿者")
        fewer = self.change(plan, lead, draft, places=draft.places[:1])
        apply(plan, lead)
        call.refresh_from_db()
        gap = demand_of(fewer).option(fewer.crewing).gap
        assert (call.title_en, str(gap) in call.title) == (f"Round 2, Testing: {gap} volunteers wanted", True)
        CallUp.objects.filter(pk=call.pk).update(title="东门急缺人")
        self.change(plan, lead, draft)
        apply(plan, lead)
        call.refresh_from_db()
        assert (call.title, call.title_en) == ("东门急缺人", "Round 2, Testing: 84 volunteers wanted")

    def test_a_place_less_drops_its_shifts(self, call, plan, lead, draft):
        self.change(plan, lead, draft, places=draft.places[:1])
        apply(plan, lead)
        assert set(call.shifts.values_list("site__compound", flat=True)) == {draft.places[0].key}
        assert seats(call) == 112

    def test_a_taken_seat_is_not_dropped_without_saying_whose(self, call, plan, lead, draft, compounds):
        post = Post.objects.filter(
            shift__call_up=call, shift__site__compound=compounds[1], role__slug="data_entry"
        ).first()
        signup = signups.sign_up(post.pk, make.volunteer(compounds[1]).pk, now=NIGHT)
        self.change(plan, lead, draft, places=draft.places[:1])
        before = seats(call)
        with pytest.raises(Refused) as refused:
            apply(plan, lead)
        (reason,) = refused.value.reasons
        assert (reason.code, reason.facts["post"], reason.facts["people"]) == (
            "seats_below_filled",
            post.pk,
            signup.volunteer.name,
        )
        assert seats(call) == before

    def test_or_it_is_kept(self, call, plan, lead, draft, compounds):
        post = Post.objects.filter(
            shift__call_up=call, shift__site__compound=compounds[1], role__slug="data_entry"
        ).first()
        signups.sign_up(post.pk, make.volunteer(compounds[1]).pk, now=NIGHT)
        self.change(plan, lead, draft, places=draft.places[:1])
        apply(plan, lead, keep=True)
        left = Post.objects.filter(shift__call_up=call, shift__site__compound=compounds[1])
        assert [(one.pk, one.seats, one.taken) for one in left] == [(post.pk, 1, 1)]
        assert apply(plan, lead, keep=True).difference.empty

    def test_fewer_seats_that_nobody_holds_are_just_taken_away(self, call, plan, lead, draft):
        key = draft.places[0].key
        self.change(plan, lead, draft, overrides=[Override(f"posts.gate_check.{key}", 1, "只开一个门")])
        seen = plans.difference(DemandPlan.objects.get(pk=plan.pk))
        assert [(each.role, each.old, each.new) for each in seen.fewer] == [("gate_check", 2, 1)] * 2
        apply(plan, lead)
        assert seats(call) == 210

    def test_a_role_left_out_takes_its_posts_away(self, call, plan, lead, draft):
        rules = tuple(rule for rule in draft.norm.rules if rule.role != "queue_marshal")
        self.change(plan, lead, draft, norm=replace(draft.norm, rules=rules))
        apply(plan, lead)
        assert Post.objects.filter(shift__call_up=call, role__slug="queue_marshal").count() == 34

    def test_more_seats_go_to_those_in_line(self, call, plan, lead, draft, compounds):
        post = Post.objects.filter(
            shift__call_up=call, shift__site__compound=compounds[0], role__slug="site_lead"
        ).first()
        for _n in range(2):
            signups.sign_up(post.pk, make.volunteer(compounds[0]).pk, now=NIGHT)
        self.change(plan, lead, draft, overrides=[Override(f"posts.site_lead.{compounds[0].pk}", 2, "两个门")])
        apply(plan, lead)
        post.refresh_from_db()
        assert (post.seats, post.taken, post.waiting) == (2, 2, 0)

    def test_another_hour_moves_the_shifts_with_their_people(self, call, plan, lead, draft, compounds):
        post = Post.objects.filter(
            shift__call_up=call, shift__site__compound=compounds[0], role__slug="data_entry"
        ).first()
        signup = signups.sign_up(post.pk, make.volunteer(compounds[0]).pk, now=NIGHT)
        hour = timedelta(hours=1)
        self.change(plan, lead, draft, starts_at=DAWN + hour, ends_at=NOON + hour)
        done = apply(plan, lead)
        signup.refresh_from_db()
        assert (len(done.difference.moved), len(done.difference.new)) == (38, 0)
        assert (signup.status, signup.period.lower) == ("invited", DAWN + hour)
        assert done.call.starts_at == DAWN + hour

    def test_what_a_lead_added_by_hand_stays(self, call, plan, lead, draft):
        extra = make.post(call.shifts.first(), 3, role=make.role("interpreter"))
        self.change(plan, lead, draft, available=30)
        assert apply(plan, lead).difference.empty
        assert Post.objects.filter(pk=extra.pk).exists()

    def test_a_cancelled_call_is_not_made_again(self, call, plan, lead):
        CallUp.objects.filter(pk=call.pk).update(status=CallStatus.CANCELLED)
        with pytest.raises(Refused, match="invalid_transition"):
            apply(plan, lead)


class TestSaving:
    def test_a_plan_keeps_the_numbers_it_was_made_with(self, plan, lead):
        norms.revise(plan.norm_id, {"lane_rate": 120}, by=lead, now=NIGHT)
        kept = DemandPlan.objects.get(pk=plan.pk)
        assert (demand_of(kept).lanes, kept.norm.version, kept.norm.current) == (17, 1, False)

    def test_an_override_keeps_its_reason_and_who_gave_it(self, plan, lead, draft):
        said = Override(f"lanes.{draft.places[0].key}", 10, "东门排长队")
        plans.save(plan.round_id, replace(draft, overrides=[said]), by=lead, now=NIGHT)
        plans.save(plan.round_id, replace(draft, overrides=[said], available=30), by=places.user(), now=DAWN)
        (kept,) = DemandPlan.objects.get().overrides.all()
        assert (kept.value, kept.reason, kept.by, kept.at) == (10, "东门排长队", lead, NIGHT)
        assert demand_of(DemandPlan.objects.get()).lanes == 18

    @pytest.mark.parametrize(
        ("fields", "wrong"),
        [
            ({"places": []}, "places"),
            ({"ends_at": DAWN}, "ends_at"),
            ({"ends_at": DAWN + timedelta(hours=25)}, "ends_at"),
            ({"overrides": [Override("blocks", 0, "x")]}, "overrides"),
            ({"overrides": [Override("relief", 1, " ")]}, "overrides"),
        ],
    )
    def test_what_cannot_be_reckoned_says_where(self, draft, fields, wrong):
        with pytest.raises(Invalid) as found:
            plans.dry_run(replace(draft, **fields), now=NIGHT)
        assert list(found.value.fields) == [wrong]

    def test_a_dry_run_stores_nothing(self, draft):
        assert plans.dry_run(draft, now=NIGHT).gap == 84
        assert DemandPlan.objects.count() == 0


class TestNorms:
    def test_a_change_makes_a_version_and_leaves_the_old(self, town, lead):
        old = nearest(town, "dense-estate")
        new = norms.revise(old.pk, {"lane_rate": 90}, by=lead, now=NIGHT)
        old.refresh_from_db()
        assert [(one.version, one.current, one.lane_rate) for one in (old, new)] == [(1, False, 75), (2, True, 90)]
        assert new.rules.count() == old.rules.count() == 9

    def test_no_change_makes_none(self, town, lead):
        old = nearest(town, "dense-estate")
        assert norms.revise(old.pk, {"lane_rate": old.lane_rate}, by=lead, now=NIGHT) == old

    def test_an_old_version_is_not_changed_again(self, town, lead):
        old = nearest(town, "dense-estate")
        norms.revise(old.pk, {"lane_rate": 90}, by=lead, now=NIGHT)
        with pytest.raises(Refused, match="norm_outdated"):
            norms.revise(old.pk, {"lane_rate": 80}, by=lead, now=NIGHT)

    def test_an_areas_own_norm_holds_below_it_and_nowhere_else(self, presets, lead):
        district, elsewhere = places.area("district"), places.area()
        here = places.area(parent=district)
        preset = nearest(elsewhere, "dense-estate")
        own = norms.revise(preset.pk, {"lane_rate": 90}, area_id=district.pk, by=lead, now=NIGHT)
        assert [nearest(area, "dense-estate") for area in (here, district, elsewhere)] == [own, own, preset]
        assert norms_at(here)[0] == own
        assert len(norms_at(here)) == len(norms_at(elsewhere)) == 4
        nearer = norms.revise(own.pk, {"lane_rate": 60}, area_id=here.pk, by=lead, now=NIGHT)
        assert nearest(here) == nearer

    def test_a_norm_that_cannot_be_reckoned_with_is_refused(self, town, lead):
        with pytest.raises(Invalid) as wrong:
            norms.revise(nearest(town).pk, {"break_hours": 5}, by=lead, now=NIGHT)
        assert list(wrong.value.fields) == ["break_hours"]

    def test_the_presets_are_loaded_once(self, town, lead):
        norms.revise(nearest(town, "flood").pk, {"lane_rate": 30}, by=lead, now=NIGHT)
        catalogue.norms()
        assert NormProfile.objects.filter(slug="flood").count() == 2


class TestAnyEmergency:
    """Nothing but data differs."""

    def planned(self, town, lead, slug, spots, hours, **fields):
        profile = nearest(town, slug)
        start = DAWN
        draft = plans.Draft(profile.pk, norm_of(profile), spots, start, start + timedelta(hours=hours), **fields)
        one = Round.objects.create(area=town, kind=profile.activity, kind_en=profile.activity_en, no=1)
        plan = plans.save(one.pk, draft, by=lead, now=NIGHT)
        return demand_of(plan), apply(plan, lead).call

    def test_a_testing_by_the_national_guide(self, town, lead, compounds):
        east, west = compounds
        demand, _call = self.planned(
            town, lead, "national-guide-2022", [Place(east.pk, 4300, 1850), Place(west.pk, 3700, 1592)], 6.5
        )
        assert (demand.lanes, demand.points, demand.of("sampler")) == (13, 4, 13)
        assert [w.facts["what"] for w in demand.warnings if w.code == "guide_differs"] == ["sampler"]

    def test_a_flood(self, town, lead):
        village = places.compound(town, name="河湾村", kind="urban_village")
        demand, call = self.planned(town, lead, "flood", [Place(village.pk, 1200, 480, entrances=3)], 5)
        assert (demand.lanes, demand.points) == (9, 3)
        needs = {need.rule.role: need.number for need in demand.needs}
        assert needs == {"boat_crew": 18, "landing_lead": 3, "first_aid": 3, "sandbag_filler": 18, "shelter_host": 20, "shelter_lead": 5, "door_knocker": 12, "site_lead": 1, "dispatcher": 2}  # fmt: skip
        kinds = call.shifts.values_list("site__kind", flat=True)
        assert {kind: list(kinds).count(kind) for kind in set(kinds)} == {
            "boat_landing": 3,
            "sandbag_point": 3,
            "shelter": 5,
            "compound_post": 2,
        }
        shelters = Post.objects.filter(shift__call_up=call, shift__site__kind="shelter", role__slug="shelter_host")
        assert list(shelters.values_list("seats", flat=True)) == [4] * 5

    def test_a_city_marathon(self, town, lead):
        stretches = [places.compound(town, name=f"{n}段", kind="stretch") for n in (1, 2)]
        demand, call = self.planned(
            town, lead, "city-marathon", [Place(one.pk, 20_000, 0, entrances=12) for one in stretches], 5
        )
        assert (demand.lanes, demand.points, demand.of("water_server"), demand.of("course_marshal")) == (16, 2, 48, 48)
        assert demand.of("bag_drop") == 40
        kinds = list(call.shifts.values_list("site__kind", flat=True))
        assert {kind: kinds.count(kind) for kind in set(kinds)} == {
            "aid_station": 2,
            "checkpoint": 24,
            "supply_station": 3,
        }

    def test_numbers_of_a_norm_can_be_said_by_name(self, town):
        norm = changed(
            norm_of(nearest(town, "dense-estate")),
            {"lane_rate": 80.5, "per.door_knocker": 36, "quantity.gate_check": 3},
        )
        rules = {rule.role: rule for rule in norm.rules}
        assert (norm.lane_rate * 2, rules["door_knocker"].per, rules["gate_check"].quantity) == (161, 36, 3)
        with pytest.raises(KeyError):
            changed(norm, {"colour": 1})


def test_sites_have_names_in_both_languages(plan, lead, compounds):
    apply(plan, lead)
    point = Site.objects.filter(compound=compounds[0], kind="sampling_point").first()
    common = Site.objects.get(compound=compounds[0], kind="compound_post")
    with override("en"):
        assert (str(point), str(common)) == ("Sampling point 1", f"{compounds[0]} compound post")
