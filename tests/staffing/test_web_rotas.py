"""The rota from its pages and over the API: begun, peopled, tried, published, taken away as a table."""

import csv
import io
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from communities.models import User
from communities.states import RoleName
from staffing.models import Rota, RotaDay, SignUp
from tests.doors import Api
from tests.factories import communities as places
from tests.factories import staffing as make

pytestmark = pytest.mark.django_db


class Crossing:
    """One checkpoint with three seats, and as many people on duty there as the pattern needs."""

    def __init__(self, people: int = 14) -> None:
        self.now = timezone.now()
        self.day = timezone.localtime(self.now).date() + timedelta(days=1)
        self.area = places.area()
        self.lead = places.lead(self.area)
        self.client = places.client(self.lead)
        self.site = places.site(self.area, kind="checkpoint", name="1号卡口")
        self.call = make.call(self.area, ends_at=self.now + timedelta(days=20))
        self.role = make.role("checkpoint", max_block_minutes=480)
        for _person in range(people):
            self.lend()

    def lend(self) -> None:
        person = make.seconded(self.area)
        person.secondments.update(period=(self.now - timedelta(days=1), self.now + timedelta(days=13)))

    def typed(self, **changed):
        said = {"call_up": self.call.pk, "role": self.role.pk, "sites": [self.site.pk], "seats": "3"}
        return (
            said
            | {"first_day": f"{self.day}", "changes": "0:00，6:00 12:00 18:00", "pattern": "111222-333444-"}
            | changed
        )

    def begun(self, **changed) -> Rota:
        assert self.client.post(reverse("rota_new"), self.typed(**changed)).status_code == 303
        made = Rota.objects.get(area=self.area)
        self.client.post(reverse("rota_do", args=[made.pk, "enlist"]))
        return made


def test_a_lead_begins_a_rota_takes_people_in_and_publishes_the_next_day_by_plain_forms():
    here = Crossing()
    rota = here.begun()

    before = here.client.get(reverse("rota", args=[rota.pk]))
    here.client.post(reverse("rota_do", args=[rota.pk, "publish"]), {"day": f"{here.day}"})
    after = here.client.get(reverse("rota", args=[rota.pk]))

    assert (rota.members.count(), before.context["next_day"]) == (14, here.day)
    assert [line["filled"] for line in before.context["days"]] == [12] * 7
    assert after.context["days"][0]["published"] == RotaDay.objects.get()
    assert SignUp.objects.confirmed().count() == 12


def test_a_pattern_that_nobody_can_live_by_is_shown_again_with_the_reason():
    here = Crossing(0)

    answer = here.client.post(reverse("rota_new"), here.typed(pattern="4321-"))
    unread = here.client.post(reverse("rota_new"), here.typed(pattern="9", changes="morning"))

    assert (answer.status_code, unread.status_code, Rota.objects.count()) == (409, 400, 0)


def test_a_day_off_is_given_and_taken_back_by_plain_forms():
    here = Crossing()
    rota = here.begun()
    member = rota.members.get(phase=1)

    here.client.post(reverse("rota_day_off", args=[member.pk]), {"day": f"{here.day}"})
    off = member.days_off.get()
    page = here.client.get(reverse("rota_people", args=[rota.pk]))
    here.client.post(reverse("rota_day_off_undo", args=[off.pk]))

    given = [cells for one, cells in page.context["rows"] if one == member]
    assert given[0][0]["given"] == off
    assert member.days_off.count() == 0


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_the_table_has_a_line_for_each_seat_and_no_formula(ending):
    here = Crossing(13)
    User.objects.filter(volunteer__kind="seconded").update(name="=HYPERLINK(1)")
    rota = here.begun()

    answer = here.client.get(reverse("rota_sheet", args=[rota.pk, ending]) + "?days=2")

    if ending == "csv":
        lines = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    else:
        lines = list(load_workbook(io.BytesIO(answer.content)).active.iter_rows(values_only=True))
    people = [line[3] for line in lines[1:] if line[3]]
    assert len(lines) == 1 + 2 * 12
    assert all(name.startswith("'=") for name in people)
    assert len(people) < 24  # one phase is missing, and its seats say so


def test_names_are_for_those_who_may_see_them():
    here = Crossing()
    rota = here.begun()
    name = rota.members.get(phase=0).volunteer.name
    reads = {}
    for role in (RoleName.POINT_LEAD, RoleName.AUDITOR):
        client = places.client(places.lead(here.area, role))
        week = client.get(reverse("rota_people", args=[rota.pk])).status_code
        reads[str(role)] = (name in client.get(reverse("rota", args=[rota.pk])).text, week)

    assert reads == {"point_lead": (True, 200), "auditor": (False, 403)}


def test_pages_ask_as_many_questions_for_14_people_as_for_42():
    counts = []
    for people, seats in ((14, "3"), (42, "9")):
        here = Crossing(people)
        rota = here.begun(seats=seats)
        here.client.post(reverse("rota_do", args=[rota.pk, "publish"]), {"day": f"{here.day}"})
        found = []
        for name in ("rota", "rota_people"):
            with CaptureQueriesContext(connection) as caught:
                here.client.get(reverse(name, args=[rota.pk]))
            found.append(len(caught))
        counts.append(found)

    assert counts[0] == counts[1]


def test_over_the_api_a_day_is_tried_without_a_trace_then_published_once():
    here = Crossing()
    api = Api(here.lead)
    wish = {
        "area": here.area.pk,
        "call_up": here.call.pk,
        "role": here.role.pk,
        "sites": [{"site": here.site.pk, "seats": 4}],
        "first_day": f"{here.day}",
    }
    made, again = api.post("rotas/", wish), api.post("rotas/", wish)
    rota = made.json()["id"]
    enlisted = api.post(f"rotas/{rota}/enlist/").json()["members"]

    tried = api.post(f"rotas/{rota}/publish/?dry_run=true", {"day": f"{here.day}"}).json()
    traces = (RotaDay.objects.count(), SignUp.objects.count())
    done = [api.post(f"rotas/{rota}/publish/", {"day": f"{here.day}"}).json() for _again in range(2)]
    tried_again = api.post(f"rotas/{rota}/publish/?dry_run=true", {"day": f"{here.day}"}).json()
    sheet = api.get(f"rotas/{rota}/sheet/?days=2").json()

    assert (made.status_code, again.status_code, len(enlisted)) == (201, 200, 14)
    assert (tried["placed"], tried["seats"], tried["published"], traces) == (12, 16, False, (0, 0))
    assert {reason["code"] for gap in tried["gaps"] for reason in gap["reasons"]} == {"too_few_people"}
    assert done[0] == done[1] == tried_again  # what stands is not dealt anew
    assert (done[0]["placed"], done[0]["gaps"]) == (12, tried["gaps"])
    assert (sheet["published"], len(sheet["turns"]), len(sheet["gaps"])) == ([f"{here.day}"], 24, 8)
    assert api.post(f"rotas/{rota}/publish/", {"day": f"{here.day + timedelta(days=3)}"}).status_code == 409
