"""The plan from its pages: what is typed, what follows, what is refused; and the rounds and norms around it."""

import csv
import io
import json
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation
from openpyxl import load_workbook

from communities.models import Compound
from communities.queries.customs import customs_of
from communities.states import RoleName
from staffing.actions.norms import PRESETS
from staffing.actions.signups import Entry, sign_up
from staffing.demo import catalogue
from staffing.models import CallUp, ComingAgain, DemandPlan, NormProfile, Post, Round, SignUp
from staffing.states import CallStatus, Crewing
from staffing.web.norm_words import source_of
from tests.factories import communities as places
from tests.factories import staffing as make
from tests.factories.staffing import TAIYUAN
from tests.staffing.desks import text

pytestmark = pytest.mark.django_db
NEW, STAFF = "/desk/plan/", "22"


class Town:
    """A community of two compounds, and its lead with the plan page open."""

    def __init__(self) -> None:
        catalogue.norms()
        places.policies()
        self.area = places.area()
        self.east = places.compound(self.area, name="东苑", residents=4300, households=1850)
        self.west = places.compound(self.area, name="西苑", residents=3700, households=1592)
        self.lead = places.lead(self.area)
        self.client = places.client(self.lead)

    def typed(self, **changed: str) -> dict[str, str]:
        """The page as it opens, with these fields typed over; an empty one is left out."""
        data = self.client.get(NEW).context["form"].data
        return {name: value for name, value in {**data.dict(), "available": STAFF, **changed}.items() if value != ""}

    def compute(self, **changed: str):
        return self.client.post(
            NEW, self.typed(**changed), headers={"HX-Request": "true", "HX-Request-Type": "partial"}
        )

    def figures(self, **changed: str) -> tuple[int, int, int]:
        demand = self.compute(**changed).context["shown"].demand
        return demand.points, demand.posts, demand.gap

    def save(self, **changed: str) -> DemandPlan:
        answer = self.client.post(NEW, self.typed(do="save", **changed))
        assert answer.status_code == 303
        return DemandPlan.objects.latest("pk")

    def apply(self, plan: DemandPlan, **said: str) -> CallUp:
        answer = self.client.post(reverse("plan_apply", args=[plan.pk]), {"insured": "on", **said})
        assert answer.status_code == 303
        plan.refresh_from_db()
        return plan.call_up


@pytest.fixture
def town():
    return Town()


class TestTyping:
    def test_the_page_opens_with_what_is_known_already_reckoned(self, town):
        demand = town.client.get(NEW).context["shown"].demand
        assert (demand.points, demand.posts, demand.available, demand.gap) == (17, 106, 0, 106)

    def test_the_story_is_17_points_106_posts_and_84_to_find(self, town):
        assert town.figures() == (17, 106, 84)

    def test_people_are_counted_in_people(self, town):
        assert '<b class="num">115</b> 人 ' in " ".join(town.compute().content.decode().split())

    def test_a_compound_that_is_not_ticked_does_not_count(self, town):
        assert town.figures(**{f"c{town.west.pk}-on": ""}) == (9, 56, 34)

    def test_a_compound_can_be_named_that_is_not_in_the_list(self, town):
        assert town.figures(**{"n0-name": "北苑", "n0-residents": "470"})[0] == 18

    @pytest.mark.parametrize(("knob", "value", "points"), [("lane_rate", "60", 21), ("home_share", "10", 15)])
    def test_another_number_of_the_norm_counts_for_this_plan(self, town, knob, value, points):
        assert town.figures(**{knob: value})[0] == points

    def test_another_norm_brings_its_own_numbers(self, town):
        flood = NormProfile.objects.get(slug=FLOOD)
        answer = town.compute(norm=str(flood.pk), lane_rate="60")
        assert answer.context["form"].norm_said().lane_rate == flood.lane_rate

    def test_only_a_deadline_means_from_now_on(self, town):
        tomorrow = timezone.now() + timedelta(days=1)
        window = town.compute(start="", day=f"{tomorrow:%Y-%m-%d}").context["shown"].demand.window
        assert timedelta(0) < window.start - timezone.now() <= timedelta(minutes=15)

    def test_a_fragment_is_only_the_form_and_the_whole_page_works_without_script(self, town):
        assert "<html" not in text(town.compute())
        whole = text(town.client.post(NEW, town.typed(do="compute")))
        assert "<html" in whole
        assert '<p class="hit"><b>84</b>' in whole

    @pytest.mark.parametrize("name", ["end", "lane_rate", "available"])
    def test_what_cannot_be_read_is_said_at_its_field_and_nothing_is_saved(self, town, name):
        answer = town.client.post(NEW, town.typed(do="save", **{name: "-x"}))
        assert (answer.status_code, list(answer.context["form"].errors)) == (400, [name])
        assert not DemandPlan.objects.exists()

    def test_nobody_lives_there_yet(self, town):
        Compound.objects.update(residents=None)
        answer = town.client.get(NEW)
        assert (answer.status_code, answer.context["shown"]) == (200, None)

    def test_names_that_look_like_tags_stay_text(self, town):
        assert "<b>x</b>" not in text(town.compute(**{"n0-name": "<b>x</b>", "n0-residents": "9"}))


FLOOD = "flood"


class TestKnowingBetter:
    def test_a_number_with_a_reason_counts_and_stays_visible(self, town):
        said = {f"o-lanes.{town.east.pk}": "10", f"r-lanes.{town.east.pk}": "北门再开一个"}
        assert town.figures(**said) == (18, 108, 86)
        assert "北门再开一个" in text(town.compute(**said))
        plan = town.save(**said)
        assert [(each.value, each.reason, each.by) for each in plan.overrides.all()] == [
            (10, "北门再开一个", town.lead)
        ]
        assert "北门再开一个" in text(town.client.get(reverse("plan_change", args=[plan.pk])))

    @pytest.mark.parametrize(("value", "reason"), [("10", ""), ("", "因为"), ("1.5", "因为"), ("一", "因为")])
    def test_half_of_it_is_not_saved(self, town, value, reason):
        said = {f"o-lanes.{town.east.pk}": value, f"r-lanes.{town.east.pk}": reason}
        answer = town.client.post(NEW, town.typed(do="save", **said))
        assert (answer.status_code, list(answer.context["sheet"].said.errors)) == (400, [f"lanes.{town.east.pk}"])
        assert not DemandPlan.objects.exists()

    def test_one_for_a_compound_that_is_not_there_yet_moves_to_it(self, town):
        said = {"n0-name": "北苑", "n0-residents": "470", "o-lanes.-3": "2", "r-lanes.-3": "两个门"}
        plan = town.save(**said)
        north = Compound.objects.get(name="北苑")
        assert (north.residents, plan.overrides.get().key) == (470, f"lanes.{north.pk}")


class TestSaving:
    def test_the_plans_own_page_says_what_was_changed_by_hand_and_why(self, town):
        key = f"lanes.{town.east.pk}"
        plan = town.save(**{f"o-{key}": "10", f"r-{key}": "东门要多开一台"})
        page = town.client.get(reverse("plan", args=[plan.pk])).content.decode()
        assert '<s class="mute">9</s> <b>10</b>' in page
        assert "东门要多开一台" in page

    def test_who_reads_english_names_the_work_in_english_and_it_is_kept_in_both(self, town):
        town.client.cookies["django_language"] = "en"
        assert town.typed()["kind"] == "Testing"
        found = town.save().round
        assert (found.kind, found.kind_en) == ("核酸检测", "Testing")

    def test_a_plan_is_the_next_round_of_its_kind(self, town):
        assert [str(town.save(kind="核酸检测").round.no) for _each in range(2)] == ["1", "2"]

    def test_one_crew_all_through_needs_a_reason(self, town):
        answer = town.client.post(NEW, town.typed(do="save", crewing=Crewing.SAME_CREW))
        assert (answer.status_code, list(answer.context["form"].errors)) == (400, ["reason"])
        assert town.save(crewing=Crewing.SAME_CREW, reason="人手少").reason == "人手少"

    def test_counts_that_were_not_known_are_kept_with_the_compound(self, town):
        Compound.objects.filter(pk=town.east.pk).update(residents=None)
        town.save(**{f"c{town.east.pk}-residents": "4300"})
        town.east.refresh_from_db()
        assert town.east.residents == 4300

    def test_a_name_that_is_taken_is_refused_and_nothing_is_left(self, town):
        answer = town.client.post(NEW, town.typed(do="save", **{"n0-name": "东苑", "n0-residents": "9"}))
        assert (answer.status_code, Round.objects.count()) == (409, 0)


class TestApplying:
    def test_the_difference_is_shown_then_one_button_makes_it(self, town):
        plan = town.save()
        page = town.client.get(reverse("plan", args=[plan.pk]))
        assert page.context["points"] == 17
        call = town.apply(plan)
        assert (call.status, call.shifts.count()) == (CallStatus.DRAFT, 38)
        assert town.client.get(reverse("plan", args=[plan.pk])).context["change"].empty

    def test_the_call_is_published_from_the_page_with_its_link(self, town):
        call = town.apply(town.save())
        share = reverse("call_share", args=[call.pk])
        answer = town.client.post(reverse("call_do", args=[call.pk, "publish"]), {"back": share})
        call.refresh_from_db()
        assert (answer["Location"], call.status) == (share, CallStatus.OPEN)
        assert f"/c/{call.slug}/" in text(town.client.get(share))

    def test_a_change_shows_only_itself(self, town):
        plan = town.save()
        town.apply(plan)
        data = town.client.get(reverse("plan_change", args=[plan.pk])).context["form"].data.dict()
        data |= {f"o-lanes.{town.west.pk}": "9", f"r-lanes.{town.west.pk}": "又开一个门", "do": "save"}
        assert town.client.post(reverse("plan_change", args=[plan.pk]), data).status_code == 303
        page = town.client.get(reverse("plan", args=[plan.pk]))
        assert (len(page.context["change"].new), page.context["change"].dropped) == (2, ())

    def test_a_seat_that_is_somebodys_is_named_and_kept_only_on_request(self, town):
        plan = town.save()
        call = town.apply(plan)
        town.client.post(reverse("call_do", args=[call.pk, "publish"]))
        post = Post.objects.filter(shift__call_up=call, shift__site__no=17, role__slug="data_entry").first()
        person = make.volunteer(town.west)
        sign_up(post.pk, person.pk, now=timezone.now(), entry=Entry(channel="desk", by=town.lead, on_behalf=True))
        data = town.client.get(reverse("plan_change", args=[plan.pk])).context["form"].data.dict()
        data |= {f"o-lanes.{town.west.pk}": "7", f"r-lanes.{town.west.pk}": "少一个门", "do": "save"}
        town.client.post(reverse("plan_change", args=[plan.pk]), data)

        assert person.user.name in text(town.client.get(reverse("plan", args=[plan.pk])))
        apply = reverse("plan_apply", args=[plan.pk])
        assert town.client.post(apply, {"insured": "on"}).status_code == 409
        assert town.client.post(apply, {"insured": "on", "keep": "on"}).status_code == 303
        assert SignUp.objects.get(volunteer=person).status == "confirmed"


class TestTakingItAway:
    def address(self, town, ending: str, **changed: str) -> str:
        query = town.compute(**changed).context["query"]
        return f"{reverse('plan_sheet', args=[ending])}?{query}"

    def test_csv_has_every_number_with_its_formula(self, town):
        rows = list(csv.reader(io.StringIO(town.client.get(self.address(town, "csv")).content.decode("utf-8-sig"))))
        assert next(row[1] for row in rows if "东苑" in row[0]) == "9"
        assert {len(row) for row in rows} == {7}

    def test_xlsx_opens_and_runs_no_formula(self, town):
        evil = '=HYPERLINK("http://example.org")'
        said = {f"o-lanes.{town.east.pk}": "10", f"r-lanes.{town.east.pk}": evil, "n0-name": "+1", "n0-residents": "9"}
        sheet = load_workbook(io.BytesIO(town.client.get(self.address(town, "xlsx", **said)).content)).active
        cells = [cell for row in sheet.iter_rows() for cell in row]
        assert f"'{evil}" in [cell.value for cell in cells]
        assert [cell.coordinate for cell in cells if cell.data_type == "f"] == []

    def test_paper_shows_the_same_sum(self, town):
        assert "106" in text(town.client.get(f"{reverse('plan_print')}?{town.compute().context['query']}"))

    def test_an_address_that_says_nothing_leads_to_the_form(self, town):
        assert town.client.get(reverse("plan_sheet", args=["csv"])).status_code == 302


class TestRounds:
    def test_repeating_shows_the_round_before_and_who_would_come_again(self, town):
        plan = town.save()
        call = town.apply(plan)
        town.client.post(reverse("call_do", args=[call.pk, "publish"]))
        post = Post.objects.filter(shift__call_up=call, role__slug="data_entry").first()
        seat = sign_up(post.pk, make.volunteer(town.west).pk, now=timezone.now())
        SignUp.objects.filter(pk=seat.pk).update(status="completed")
        browser = places.client(seat.volunteer.user, proved=False)
        assert browser.post(reverse("ticket_answer", args=[seat.pk]), {"answer": "again"}).status_code == 302
        assert ComingAgain.objects.get().sign_up == seat

        day = plan.starts_at + timedelta(days=2)
        said = f"{day.astimezone(TAIYUAN):%Y-%m-%d}"
        answer = town.client.post(reverse("round_repeat", args=[plan.round_id]), {"day": said})
        again = DemandPlan.objects.latest("pk")
        assert (answer.status_code, again.round.no, again.starts_at) == (303, 2, day)
        page = town.client.get(reverse("plan", args=[again.pk]))
        assert (page.context["again"], page.context["before"]["plan"]) == (1, plan)

        next_call = town.apply(again)
        town.client.post(reverse("call_do", args=[next_call.pk, "publish"]))
        town.client.post(reverse("round_do", args=[again.round_id, "invite"]))
        asked = SignUp.objects.get(shift__call_up=next_call)
        assert (asked.volunteer, asked.status) == (seat.volunteer, "invited")

    def test_who_was_not_there_cannot_say_that_they_come_again(self, town):
        call = town.apply(town.save())
        town.client.post(reverse("call_do", args=[call.pk, "publish"]))
        seat = sign_up(
            Post.objects.filter(role__slug="data_entry").first().pk, make.volunteer(town.west).pk, now=timezone.now()
        )
        browser = places.client(seat.volunteer.user, proved=False)
        assert browser.post(reverse("ticket_answer", args=[seat.pk]), {"answer": "again"}).status_code == 409

    @pytest.mark.parametrize("day", ["", "2026-13-01", "2020-01-01"])
    def test_a_day_that_is_none_is_refused(self, town, day):
        plan = town.save()
        answer = town.client.post(reverse("round_repeat", args=[plan.round_id]), {"day": day})
        assert (answer.status_code, Round.objects.count()) == (400, 1)

    def test_the_day_offered_is_the_one_after_the_round(self, town):
        plan = town.save()
        (row,) = town.client.get(reverse("rounds")).context["rows"]
        day = timezone.localtime(plan.starts_at, customs_of([town.area.pk])[town.area.pk].zone).date()
        assert row.repeat_on == day + timedelta(days=1)
        town.client.post(reverse("round_repeat", args=[plan.round_id]), {"day": f"{row.repeat_on:%Y-%m-%d}"})
        assert sorted(Round.objects.values_list("no", flat=True)) == [1, 2]

    def test_a_measured_rate_is_taken_into_the_norm_as_a_new_version(self, town):
        plan = town.save()
        Round.objects.update(measured_rate="68.5", measured_seats=17, measured_at=timezone.now())
        town.client.post(reverse("round_do", args=[plan.round_id, "adopt"]))
        own = NormProfile.objects.get(area=town.area)
        assert (own.lane_rate, own.current) == (68.5, True)
        plan.refresh_from_db()
        assert plan.numbers["lane_rate"] == 75


class TestNorms:
    def page(self, town):
        norm = NormProfile.objects.get(slug="dense-estate", area=None)
        return reverse("norm", args=[norm.pk])

    def values(self, town, **changed):
        form = town.client.get(self.page(town)).context["form"]
        return {name: form[name].value() for name in form.fields if form[name].value() is not None} | changed

    def test_another_number_makes_the_areas_own_with_the_reason_as_its_source(self, town):
        town.client.post(self.page(town), self.values(town, lane_rate="70", reason="第1轮实测"))
        own = NormProfile.objects.get(area=town.area)
        assert (own.lane_rate, own.home_share, own.ranges["lane_rate"]["source"]) == (
            70,
            NormProfile.objects.get(slug="dense-estate", area=None).home_share,
            "第1轮实测",
        )
        assert town.figures()[0] == 18

    def test_another_rule_too(self, town):
        town.client.post(self.page(town), self.values(town, **{"per.door_knocker": "36", "reason": "没有电梯"}))
        rule = NormProfile.objects.get(area=town.area).rules.get(role__slug="door_knocker")
        assert (rule.per, rule.source) == (36, "没有电梯")

    @pytest.mark.parametrize(
        "changed",
        [{"lane_rate": "0", "reason": "x"}, {"home_share": "100", "reason": "x"}, {"lane_rate": "70", "reason": ""}],
    )
    def test_what_cannot_be_reckoned_with_or_has_no_reason_is_refused(self, town, changed):
        assert town.client.post(self.page(town), self.values(town, **changed)).status_code == 400
        assert not NormProfile.objects.filter(area=town.area).exists()


class TestAccess:
    @pytest.mark.parametrize("name", ["plan", "plan_change"])
    def test_a_plan_is_for_who_runs_the_place(self, town, name):
        address = reverse(name, args=[town.save().pk])
        assert Client().get(address).status_code == 302
        assert places.client(places.lead(places.area())).get(address).status_code == 404
        assert places.client(places.lead(town.area, RoleName.GRID_MEMBER)).get(address).status_code == 403

    def test_the_lists_show_only_ones_own_area(self, town):
        town.save()
        other = places.client(places.lead(places.area()))
        assert other.get(reverse("rounds")).context["rows"] == []
        assert other.get(f"{reverse('rounds')}?area={town.area.pk}").status_code == 404
        assert other.get(f"{NEW}?area={town.area.pk}").status_code == 404

    def test_anothers_norm_is_not_found(self, town):
        own = NormProfile.objects.create(area=town.area, slug="own", name="own", point_kind="sampling_point")
        assert places.client(places.lead(places.area())).get(reverse("norm", args=[own.pk])).status_code == 404

    def test_a_list_of_rounds_asks_as_much_for_one_as_for_five(self, town, queries_of):
        town.save()
        one = queries_of(lambda: town.client.get(reverse("rounds")))
        for _each in range(4):
            town.save()
        assert queries_of(lambda: town.client.get(reverse("rounds"))) == one


def sources_in(found):
    """All that a document of norms names as a source, at whatever depth."""
    if isinstance(found, list):
        return {source for one in found for source in sources_in(one)}
    if not isinstance(found, dict):
        return set()
    here = {value for key, value in found.items() if key == "source"}
    return here.union(*(sources_in(value) for value in found.values()))


def test_every_shipped_number_names_its_source_in_the_readers_language():
    sources = sources_in(json.loads(PRESETS.read_text(encoding="utf-8"))) - {""}
    with translation.override("zh-hans"):
        foreign = {source for source in sources if source_of(source) == source}
    assert (len(sources) > 20, foreign) == (True, set())
