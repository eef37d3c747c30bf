"""Norms, rounds and demand plans over REST."""

import pytest
import time_machine

from communities.models import Compound
from communities.states import Level, RoleName
from staffing.actions import signups
from staffing.demo import catalogue
from staffing.models import CallUp, DemandPlan, NormProfile, Post, Round
from staffing.queries.norms import nearest
from tests.doors import Api, told
from tests.factories import communities as places
from tests.factories import staffing as make
from tests.factories.staffing import NIGHT

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def night():
    with time_machine.travel(NIGHT, tick=False) as clock:
        yield clock


@pytest.fixture
def district():
    return places.area(Level.DISTRICT)


@pytest.fixture
def here(district):
    catalogue.norms()
    return places.area(parent=district)


@pytest.fixture
def lead(here):
    return Api(places.lead(here))


@pytest.fixture
def compounds(here):
    numbers = (("东苑", 4300, 1850), ("西苑", 3700, 1592))
    return [places.compound(here, name=name, residents=n, households=h) for name, n, h in numbers]


@pytest.fixture
def body(here, compounds):
    return {
        "area": here.pk,
        "kind": "核酸检测",
        "norm": nearest(here, "dense-estate").pk,
        "places": [{"compound": one.pk} for one in compounds],
        "starts_at": "2022-04-04T05:30:00+08:00",
        "ends_at": "2022-04-04T12:00:00+08:00",
        "available": 22,
        "crewing": "same_crew",
        "reason": "街道同意",
    }


@pytest.fixture
def plan(lead, body):
    return lead.post("demand-plans/", body).json()


class TestPlanning:
    def test_a_dry_run_answers_with_every_number_and_stores_nothing(self, lead, body, compounds):
        found = lead.post("demand-plans/?dry_run=true", body)
        told = found.json()
        assert found.status_code == 200
        numbers = {name: told[name] for name in ("points", "posts", "gap", "seats", "standby", "person_hours")}
        assert numbers == {"points": 17, "posts": 106, "gap": 84, "seats": 212, "standby": 6, "person_hours": 689}
        assert {way["crewing"]: way["people"] for way in told["options"]} == {
            "same_crew": 106,
            "staggered": 115,
            "two_crews": 212,
        }
        (step,) = (each for each in told["steps"] if each["key"] == f"lanes.{compounds[0].pk}")
        assert (step["value"], step["formula"], step["inputs"]) == (
            9,
            "lanes",
            {"residents": 4300, "home_share": 0.02, "rate": 75, "window": 6.5},
        )
        assert "guide_differs" in {warning["code"] for warning in told["warnings"]}
        assert (DemandPlan.objects.count(), Round.objects.count()) == (0, 0)

    def test_a_saved_plan_is_round_one_and_the_next_round_two(self, lead, body):
        first, second = (lead.post("demand-plans/", body) for _n in range(2))
        assert (first.status_code, second.status_code) == (201, 201)
        assert list(Round.objects.order_by("pk").values_list("no", flat=True)) == [1, 2]

    def test_saved_again_for_its_round_it_is_changed(self, lead, body, plan):
        again = lead.post("demand-plans/", body | {"round": plan["round"], "available": 30})
        assert (again.status_code, again.json()["id"], again.json()["demand"]["gap"], again.json()["version"]) == (
            200,
            plan["id"],
            76,
            2,
        )

    def test_numbers_can_be_others_in_this_plan(self, lead, body):
        told = lead.post(
            "demand-plans/?dry_run=true", body | {"numbers": {"lane_rate": 95, "per.door_knocker": 30}}
        ).json()
        assert (told["lanes"], told["posts"]) == (13, 26 + 14 + 62 + 54)

    def test_an_override_stays_with_its_reason(self, lead, plan, compounds):
        key = f"lanes.{compounds[0].pk}"
        told = lead.patch(
            f"demand-plans/{plan['id']}/", {"overrides": [{"key": key, "value": 10, "reason": "东门窄"}]}
        ).json()
        assert (told["demand"]["lanes"], [each["reason"] for each in told["overrides"]]) == (18, ["东门窄"])
        assert lead.get(f"demand-plans/{plan['id']}/").json() == told

    @pytest.mark.parametrize(
        ("change", "field"),
        [
            ({"places": []}, "places"),
            ({"places": [{"compound": 999999}]}, "places"),
            ({"places": [{"residents": 10}]}, "places"),
            ({"places": [{"name": "北苑"}]}, "places"),
            ({"places": [{"name": "北苑", "compound": 1, "residents": 10}]}, "places"),
            ({"norm": 999999}, "norm"),
            ({"numbers": {"colour": 1}}, "numbers"),
            ({"numbers": {"block_hours": 0}}, "block_hours"),
            ({"overrides": [{"key": "relief", "value": 1}]}, "overrides"),
            ({"crewing": "alone"}, "crewing"),
            ({"ends_at": "2022-04-04T05:00:00+08:00"}, "ends_at"),
        ],
    )
    def test_what_cannot_be_read_says_where(self, lead, body, change, field):
        answer = lead.post("demand-plans/?dry_run=true", body | change)
        assert (answer.status_code, field in answer.json()["errors"]) == (400, True)

    def test_a_compound_that_is_not_there_yet_is_entered_with_the_plan(self, lead, body, compounds, here):
        places_ = [{"compound": compounds[0].pk}, {"name": "北苑", "residents": 900, "households": 300}]
        said = body | {"places": places_, "overrides": [{"key": "lanes.-2", "value": 3, "reason": "东门窄"}]}
        lanes = {step["key"]: step["value"] for step in lead.post("demand-plans/?dry_run=true", said).json()["steps"]}
        assert (lanes["lanes.-2"], Compound.objects.filter(name="北苑").exists()) == (3, False)
        told = lead.post("demand-plans/", said).json()
        new = Compound.objects.get(name="北苑")
        assert (new.community, new.residents, new.households) == (here, 900, 300)
        assert [place["compound"] for place in told["places"]] == [compounds[0].pk, new.pk]
        assert [each["key"] for each in told["overrides"]] == [f"lanes.{new.pk}"]

    def test_a_change_may_bring_a_new_compound_or_nothing_happens(self, lead, plan, compounds):
        places_ = [{"compound": compounds[0].pk}, {"name": "北苑", "residents": 900}]
        told = lead.patch(f"demand-plans/{plan['id']}/", {"places": places_}).json()
        assert [place["residents"] for place in told["places"]] == [4300, 900]
        again = lead.patch(f"demand-plans/{plan['id']}/", {"places": [{"name": "北苑", "residents": 10}]})
        assert (again.status_code, again.json()["code"]) == (409, "name_taken")
        assert lead.get(f"demand-plans/{plan['id']}/").json() == told

    def test_lists_ask_the_same_of_the_database_for_one_and_for_many(self, lead, body, plan, queries_of):
        one = queries_of(lambda: lead.get("demand-plans/"))
        for _n in range(4):
            lead.post("demand-plans/", body)
        assert queries_of(lambda: lead.get("demand-plans/")) == one

    def test_the_district_plans_and_the_community_makes_it_stand(self, district, body, lead):
        above = Api(places.lead(district, RoleName.DISTRICT_LEAD))
        plan = above.post("demand-plans/", body).json()
        assert told(above.post(f"demand-plans/{plan['id']}/apply/")) == (403, "not_your_role")
        assert lead.post(f"demand-plans/{plan['id']}/apply/").status_code == 200


class TestApplying:
    def test_makes_the_call_once(self, lead, plan):
        said = {"publish": True, "insured": True}
        first, again = (lead.post(f"demand-plans/{plan['id']}/apply/", said).json() for _n in range(2))
        assert (first["difference"]["new_seats"], again["difference"]["new"]) == (212, [])
        assert (again["call_up"], CallUp.objects.get().status) == (first["call_up"], "open")

    def test_a_dry_run_tells_the_difference(self, lead, plan):
        told = lead.post(f"demand-plans/{plan['id']}/apply/?dry_run=true").json()
        assert (told["call_up"], len(told["difference"]["new"]), CallUp.objects.count()) == (None, 38, 0)

    def test_says_whose_seats_are_in_the_way(self, lead, plan, compounds):
        lead.post(f"demand-plans/{plan['id']}/apply/", {"publish": True, "insured": True})
        post = Post.objects.filter(shift__site__compound=compounds[1], role__slug="gate_check").first()
        person = make.volunteer(compounds[1])
        signups.sign_up(post.pk, person.pk, now=NIGHT)
        lead.patch(f"demand-plans/{plan['id']}/", {"places": [{"compound": compounds[0].pk}]})
        seen = lead.post(f"demand-plans/{plan['id']}/apply/?dry_run=true").json()["difference"]["blocked"]
        assert seen == [{"post": post.pk, "people": [person.name]}]
        refused = lead.post(f"demand-plans/{plan['id']}/apply/")
        assert told(refused) == (409, "seats_below_filled")
        assert person.name in refused.json()["detail"]
        assert lead.post(f"demand-plans/{plan['id']}/apply/", {"keep": True}).status_code == 200


class TestNorms:
    def test_an_area_makes_a_norm_its_own(self, lead, here):
        preset = nearest(here, "flood")
        made = lead.post(f"norm-profiles/{preset.pk}/revise/", {"area": here.pk, "lane_rate": 30})
        assert (made.status_code, made.json()["area"], made.json()["lane_rate"], made.json()["version"]) == (
            201,
            here.pk,
            30,
            1,
        )
        assert nearest(here, "flood").pk == made.json()["id"]

    def test_a_preset_is_not_a_leads_to_change(self, lead, here):
        preset = nearest(here, "flood")
        assert told(lead.post(f"norm-profiles/{preset.pk}/revise/", {"lane_rate": 30})) == (403, "not_your_role")
        assert NormProfile.objects.filter(slug="flood").count() == 1

    def test_rules_are_given_all_at_once(self, lead, here):
        preset = nearest(here, "flood")
        rules = [{"role": "boat_crew", "basis": "lane", "quantity": 3, "source": "去年汛期"}]
        made = lead.post(f"norm-profiles/{preset.pk}/revise/", {"area": here.pk, "rules": rules}).json()
        found = lead.get(f"norm-profiles/{made['id']}/", include="rules").json()["rules"]
        assert [(rule["basis"], rule["quantity"], rule["source"]) for rule in found] == [("lane", 3, "去年汛期")]

    def test_an_unknown_role_is_no_rule(self, lead, here):
        body = {"area": here.pk, "rules": [{"role": "astronaut", "basis": "lane"}]}
        answer = lead.post(f"norm-profiles/{nearest(here).pk}/revise/", body)
        assert (answer.status_code, list(answer.json()["errors"])) == (400, ["rules"])


class TestRounds:
    def test_are_numbered(self, lead, here):
        made = [lead.post("rounds/", {"area": here.pk, "kind": "防汛转移"}).json()["no"] for _n in range(2)]
        assert made == [1, 2]
        assert lead.post("rounds/", {"area": here.pk, "kind": "防汛转移", "no": 2}).status_code == 200

    def test_a_round_is_repeated_with_its_plan(self, lead, plan):
        again = lead.post(f"rounds/{plan['round']}/repeat/", {"day": "2022-04-05"}).json()
        assert again["no"] == 2
        copied = lead.get(f"demand-plans/{again['plan']}/").json()
        assert (copied["starts_at"][:16], copied["demand"]["gap"], copied["call_up"]) == ("2022-04-04T21:30", 84, None)

    def test_counts_of_another_round_are_refused(self, lead, plan):
        seat = signups.sign_up(make.post(role=make.role("runner")).pk, make.volunteer().pk, now=NIGHT)
        answer = lead.post(f"rounds/{plan['round']}/count/", {"counts": [{"sign_up": seat.pk, "number": 5}]})
        assert (answer.status_code, list(answer.json()["errors"])) == (400, ["counts"])

    def test_nothing_is_measured_before_anybody_served(self, lead, plan):
        assert told(lead.post(f"rounds/{plan['round']}/measure/")) == (409, "nothing_measured")
