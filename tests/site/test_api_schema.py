"""The documentation of the API is whole, committed, and true."""

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
import yaml
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import translation
from jsonschema import Draft202012Validator

from communities.actions import webhooks
from communities.actions.proposals import Wish, propose
from communities.actions.zones import Decree, Target, set_level
from communities.phrases import PHRASES
from communities.states import SCOPES, RoleName
from staffing.actions import (
    broadcasts,
    equipment,
    fillings,
    rides,
    signups,
    staff_requests,
    supplies,
    swaps,
)
from staffing.models import CloseOut, EquipmentIssue, Pledge
from staffing.states import SupplyNeed
from tests.doors import Api
from tests.factories import communities as places
from tests.factories import staffing as make
from tests.factories.staffing import DAWN, NIGHT
from tests.site.world import companions_of, crew_of, doors_of, fixed, of_a_team, papers, rota_of
from volunteers.actions import imports
from volunteers.actions.passes import PassPlan, ask

COMMITTED = Path("docs/openapi.yaml")
OF_THE_DESK = {
    "companionships/",
    "pledges/",
    "rounds/",
    "demand-plans/",
    "rides/",
    "rotas/",
    "outside-crews/",
    "on-calls/",
    "supplies/",
    "proposals/",
    "door-rounds/",
    "beats/",
    "doors/",
    "door-visits/",
    "home-services/",
    "zone-proposals/",
    "zone-rechecks/",
    "staff-imports/",
    "staff-requests/",
    "broadcasts/",
    "notice-templates/",
    "lendings/",
    "command-boards/",
    "reports/",
    "teams/",
    "task-forces/",
    "hand-overs/",
    "joint-posts/",
    "rights/",
    "close-outs/",
    "equipment/",
    "history-seals/",
    "entrances/",
    "webhooks/",
    "webhook-deliveries/",
}


@pytest.fixture(scope="module")
def schema(tmp_path_factory) -> dict[str, Any]:
    path = tmp_path_factory.mktemp("schema") / "openapi.yaml"
    with translation.override("en"):
        call_command("spectacular", "--validate", "--fail-on-warn", file=str(path))
    return yaml.safe_load(path.read_text())


def operations(schema) -> Iterator[tuple[str, dict[str, Any]]]:
    for path, methods in schema["paths"].items():
        for method, operation in methods.items():
            yield f"{method} {path}", operation


def test_the_committed_schema_is_the_one_the_code_gives(schema):
    assert yaml.safe_load(COMMITTED.read_text()) == schema, "make schema"


def test_every_operation_says_what_it_does_and_how_it_fails(schema):
    assert schema["openapi"] == "3.1.0"
    for name, operation in operations(schema):
        if "schema" in name:
            continue
        assert operation["summary"] not in ("", "Undocumented"), name
        assert {"400", "401", "403", "429"} <= operation["responses"].keys(), name
        assert any(code.startswith("2") for code in operation["responses"]), name
        token, session = operation["security"]
        assert (session, len(token["token"])) == ({"session": []}, 1), name
        assert token["token"][0] in SCOPES, name


def test_every_post_takes_an_idempotency_key(schema):
    for name, operation in operations(schema):
        keys = {parameter["name"] for parameter in operation.get("parameters", [])}
        assert ("Idempotency-Key" in keys) == name.startswith("post"), name


def test_ids_of_operations_are_unique(schema):
    found = [operation["operationId"] for _name, operation in operations(schema)]
    assert len(found) == len(set(found))


@pytest.mark.django_db
def test_what_the_lists_answer_is_what_the_schema_says(schema):
    """Every resource with a row in it, as the lead and as the person see it, with everything written out."""
    with time_machine.travel(NIGHT, tick=False):
        here = places.area()
        person, lead = make.volunteer(places.compound(here)), places.lead(here)
        make.held(person, "typing")
        post = make.post(make.shift(places.site(here), make.call(here)), agency=None)
        seat = signups.sign_up(post.pk, person.pk, now=NIGHT)
        swaps.propose(seat.pk, now=NIGHT)
        make.plan(places.compound(here), lead)
        way = rides.RidePlan("示范街18号院", post.shift.site_id, DAWN, DAWN + make.BLOCK, 4)
        rides.post(here.pk, way, by=lead, now=NIGHT)
        places.policies()
        fence = places.compound(here)
        target = Target(compound=fence.pk)
        ask(PassPlan(person.pk, target, NIGHT, DAWN, "x"), by=lead, now=NIGHT)
        propose(target, Wish("lockdown", NIGHT), by=lead, now=NIGHT)
        set_level(fence.pk, Decree("controlled", NIGHT, "x", "1"), by=lead, now=NIGHT)
        doors_of(fence, person, lead)
        papers(person, here, places.lead(here))
        supplies.ask(here.pk, supplies.Wish(SupplyNeed.FOOD, DAWN), by=lead, now=NIGHT)
        fixed()
        thing = equipment.keep(here.pk, equipment.Kind("红马甲"), by=lead, now=NIGHT)
        EquipmentIssue.objects.create(thing=thing, sign_up=seat, number=1, issued_at=NIGHT)
        crew_of(here, post.shift.site, places.organisation(), lead)
        rota_of(here, post.shift.site, post.role, person)
        unit, until = places.organisation(), NIGHT + timedelta(days=7)
        places.grant(RoleName.ORG_HR, organisation=unit, user_=lead)
        companions_of(person, make.volunteer(community=here), make.volunteer(community=here))
        make.lend(person, here)
        make.lending(person, here, places.area())
        words = broadcasts.Words("大风", "Wind", "收帐篷", "Tents down")
        broadcasts.write(here.pk, broadcasts.Notice(words), by=lead, now=NIGHT)
        broadcasts.keep_template(here.pk, "大风", words, by=lead, now=NIGHT)
        places.grant(RoleName.CITY_COMMAND, here, user_=lead)
        imports.upload(unit.pk, "a.csv", "姓名,手机\n周演示,12009000077\n".encode(), by=lead, now=NIGHT)
        staff_requests.ask(here.pk, unit.pk, post.role_id, 3, NIGHT, until, by=lead, now=NIGHT)
        fillings.propose(here.pk, NIGHT, DAWN, by=lead, now=NIGHT)
        of_a_team(person, here, post.shift.site, unit, {"lead": lead, "hr": places.user()})
        closing = {"title": "x", "starts_at": NIGHT - timedelta(days=2), "ends_at": NIGHT - timedelta(days=1)}
        CloseOut.objects.create(area=here, proposed_by=lead, proposed_at=NIGHT, **closing)
        Pledge.objects.create(post=post, organisation=places.organisation(), seats=1, due_at=DAWN)
        places.grant(RoleName.SYSTEM_ADMIN, here, user_=lead)
        plan = webhooks.HookPlan(here.pk, "x", "https://hooks.example.org/", ("shifts",))
        webhooks.ping(webhooks.make(plan, by=lead, now=NIGHT).pk, by=lead, now=NIGHT)
        for name, operation in operations(schema):
            if not re.fullmatch(r"get /api/v1/[a-z-]+/", name) or "schema" in name or name.endswith("/me/"):
                continue
            path = name.removeprefix("get /api/v1/")
            asked = {parameter["name"]: parameter for parameter in operation["parameters"]}
            include = ",".join(asked["include"]["schema"]["items"]["enum"]) if "include" in asked else ""
            found = operation["responses"]["200"]["content"]["application/json"]["schema"]
            for user in (lead, person.user):
                answer = Api(user).get(path, **({"include": include} if include else {})).json()
                assert answer["results"] or (user is not lead and path in OF_THE_DESK), path
                errors = Draft202012Validator(found | {"components": schema["components"]}).iter_errors(answer)
                assert [f"{path} {error.json_path}: {error.message}" for error in errors] == []


@pytest.mark.django_db
def test_every_code_has_a_page_in_both_languages():
    for code in [*PHRASES, "busy", "invalid_input", "not_authenticated"]:
        pages = {
            Client(headers={"accept-language": language}).get(f"/api/problems/{code}/").status_code
            for language in ("en", "zh")
        }
        assert pages == {200}, code
    assert Client().get("/api/problems/no_such_code/").status_code == 404


@pytest.mark.django_db
def test_the_documentation_page_runs_no_inline_script():
    answer = Client().get(reverse("api_docs"))
    policy = answer.headers["Content-Security-Policy"]
    assert "script-src 'self';" in policy
    assert "<script>" not in answer.text
    assert Client().get(reverse("api_schema")).status_code == 200


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("path", "code"), [("/api/v1/nothing/", "not_found"), ("/api/", "not_found"), ("/api/v1/posts", "not_found")]
)
def test_what_is_not_there_is_a_problem_in_json(path, code):
    answer = Client().get(path, follow=False)
    assert (answer.status_code, answer.headers["Content-Type"]) in {
        (404, "application/problem+json"),
        (301, "text/html; charset=utf-8"),
    }
    if answer.status_code == 404:
        assert answer.json()["code"] == code


@pytest.mark.django_db
def test_a_method_that_is_not_there_is_a_problem_in_json():
    answer = Api(places.user()).delete("areas/")
    assert (answer.status_code, answer.json()["code"]) == (405, "method_not_allowed")


@pytest.mark.django_db
def test_more_requests_in_a_minute_than_allowed_wait(settings):
    settings.API_PER_MINUTE = 2
    api = Api(places.user())
    with time_machine.travel(NIGHT, tick=False):
        answers = [api.get("roles/") for _request in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert 0 < int(answers[-1].headers["Retry-After"]) <= 61
