"""Who sees what of somebody who is lent; the sheet for the unit; the link to the person; what lists cost."""

import io
from datetime import timedelta

import pytest
from django.utils import timezone
from openpyxl import load_workbook

from communities.messages import links
from communities.states import RoleName
from staffing.actions import attendance, decisions, recalls, secondments
from staffing.models import Secondment
from tests.doors import Api
from tests.factories import communities as places
from tests.factories import staffing as make
from volunteers.models import ServiceRecord

pytestmark = pytest.mark.django_db
KNOWN_AS, OWN_NAME, DAY = "单位叫法", "本人名字", timedelta(days=1)


class Scene:
    """Somebody on duty, who has served one block on duty and one as a volunteer, and everybody who might look."""

    def __init__(self):
        self.now = timezone.now()
        self.unit, self.area = places.organisation(), places.area()
        self.home = places.compound(self.area, name="示范家园")
        self.person = make.volunteer(self.home, user=places.user(OWN_NAME, phone="+8612000007777"))
        self.found = make.lend(self.person, self.area, organisation=self.unit, period=(self.now - 2 * DAY, self.now + 9 * DAY))  # fmt: skip
        self.person.affiliations.update(known_as=KNOWN_AS)
        self.readers = {
            "the person": self.person.user,
            "the unit": places.grant(RoleName.ORG_HR, organisation=self.unit).user,
            "the lead": places.lead(self.area),
            "a grid member": places.lead(self.area, RoleName.GRID_MEMBER),
            "another unit": places.grant(RoleName.ORG_HR, organisation=places.organisation()).user,
            "another lead": places.lead(places.area()),
            "a neighbour": make.volunteer(self.home).user,
        }
        self.serve()

    def serve(self):
        """195 minutes on duty yesterday, 60 as a volunteer the day before."""
        self.person.kind = "seconded"
        self.person.save()
        for hours, minutes, seat in ((30, 195, True), (40, 60, False)):
            start = self.now - timedelta(hours=hours)
            post = make.post(make.shift(places.site(self.area), start=start))
            signup = self.assigned(post) if seat else None
            ServiceRecord.objects.create(
                volunteer=self.person,
                sign_up=signup.pk if signup else 10**9,
                community=self.area,
                kind="seconded" if seat else "volunteer",
                what="x",
                where="x",
                started_at=start,
                ended_at=start + timedelta(minutes=minutes),
                minutes=minutes,
            )

    def assigned(self, post):
        return decisions.assign(post.pk, self.person.pk, by=self.readers["the lead"], now=post.shift.starts_at)


@pytest.fixture
def scene():
    return Scene()


# What each reader is shown of the one row: a name, where they live, why somebody was returned.
TABLE = {
    "the person": (OWN_NAME, True, True),
    "the unit": (KNOWN_AS, False, False),
    "the lead": (OWN_NAME, True, True),
    "a grid member": (OWN_NAME, False, False),
    "another unit": None,
    "another lead": None,
    "a neighbour": None,
}


@pytest.mark.parametrize("reader", TABLE)
def test_each_end_sees_its_own_side(scene, reader):
    answer = Api(scene.readers[reader]).get(f"secondments/{scene.found.pk}/")
    if TABLE[reader] is None:
        assert answer.status_code == 404
        return
    row = answer.json()
    assert (row["name"], "residence" in row, "reason" in row) == TABLE[reader]


SECRETS = {"own name": OWN_NAME, "home": "示范家园", "phone": "2000007777", "phone's end": "7777"}


@pytest.mark.parametrize(
    "path",
    ["/desk/lent/?tab=on", "/desk/lent/?tab=over", "/desk/lent/feedback/", "/desk/lent/{pk}/recall/", "/desk/lent/{pk}/renew/", "/api/v1/secondments/"],
)  # fmt: skip
def test_the_unit_reads_presence_and_hours_and_nothing_else(scene, path):
    client = places.client(scene.readers["the unit"])
    text = client.get(path.format(pk=scene.found.pk)).content.decode()
    assert [name for name, secret in SECRETS.items() if secret in text] == []
    assert (KNOWN_AS in text) == ("tab=over" not in path)


def test_the_unit_offers_somebody_for_longer_and_everybody_is_asked_anew(scene):
    client, page = places.client(scene.readers["the unit"]), f"/desk/lent/{scene.found.pk}/renew/"
    last = client.get(page).context["form"].initial["last"]
    far = client.post(page, {"last": last + DAY})
    assert (far.status_code, Secondment.objects.count()) == (400, 1)

    assert client.post(page, {"last": last}).status_code == 303
    renewed = Secondment.objects.get(renews=scene.found)
    scene.found.refresh_from_db()
    assert (renewed.status, renewed.period.lower) == ("proposed", scene.found.period.upper)
    assert timezone.localdate(renewed.last, make.TAIYUAN) == last
    client.post(page, {"last": last})
    assert Secondment.objects.count() == 2


def test_a_no_of_the_person_looks_to_the_unit_like_any_other_no(scene):
    officer, other = scene.readers["the unit"], make.volunteer(scene.home)
    for person in (scene.person, other):
        Secondment.objects.filter(volunteer=person).delete() if person is other else None
    declined = make.lend(other, scene.area, organisation=scene.unit, status="accepted", acknowledged_at=None)
    secondments.decline(declined.pk, now=scene.now)
    row = Api(officer).get(f"secondments/{declined.pk}/").json()
    assert (row["status"], "reason" in row) == ("rejected", False)
    page = places.client(officer).get("/desk/lent/?tab=over").content.decode()
    assert ("没派成" in page, "来不了" in page) == (True, False)


def test_hours_are_those_on_duty_alone(scene):
    since, until = ((scene.now + shift).isoformat() for shift in (-9 * DAY, 9 * DAY))
    asked = {"organisation": scene.unit.pk, "since": since, "until": until}
    rows = Api(scene.readers["the unit"]).get("secondments/feedback/", **asked).json()
    assert [(row["name"], row["days"], row["minutes"]) for row in rows] == [(KNOWN_AS, 1, 195)]
    assert Api(scene.readers["another unit"]).get("secondments/feedback/", **asked).status_code == 403
    local = timezone.localdate(scene.now - timedelta(hours=30))
    quarter = {"organisation": scene.unit.pk, "quarter": f"{local.year}-{(local.month + 2) // 3}"}
    assert Api(scene.readers["the unit"]).get("secondments/feedback/", **quarter).json() == rows
    for wrong in ({"quarter": "2026-5"}, {"quarter": "x"}, {"since": since}, {}):
        answer = Api(scene.readers["the unit"]).get("secondments/feedback/", organisation=scene.unit.pk, **wrong)
        assert answer.status_code == 400


def test_a_sheet_is_for_one_unit_or_for_all_below(scene):
    branch = places.organisation(parent=scene.unit, name="示范一处")
    person = make.volunteer(scene.home, user=places.user("宋演示"))
    make.lend(person, scene.area, organisation=branch, period=scene.found.period)
    client = places.client(scene.readers["the unit"])
    both, one = (client.get("/desk/lent/feedback/", asked).content.decode() for asked in ({}, {"unit": branch.pk}))
    assert [(name in both, name in one) for name in (KNOWN_AS, "宋演示")] == [(True, False), (True, True)]
    assert client.get("/desk/lent/feedback/", {"unit": places.organisation().pk}).status_code == 404


@pytest.mark.parametrize("name", ["=HYPERLINK(1)", "＝1+1", "+86", "@SUM(A1)"])
def test_the_sheet_is_harmless_in_a_spreadsheet(scene, name):
    scene.person.affiliations.update(known_as=name)
    local = timezone.localdate(scene.now - timedelta(hours=30))
    quarter = f"{local.year}-{(local.month + 2) // 3}"
    answer = places.client(scene.readers["the unit"]).get(f"/desk/lent/feedback.xlsx?quarter={quarter}")
    head, first = list(load_workbook(io.BytesIO(answer.content)).active.iter_rows(values_only=True))[:2]
    assert (len(head), first[0], first[-2:]) == (8, f"'{name}", (1, 3.25))


def test_a_link_opens_the_question_and_only_a_post_answers(scene):
    asked = make.lend(make.volunteer(scene.home), scene.area, status="accepted", acknowledged_at=None)
    Secondment.objects.filter(pk=asked.pk).update(period=(scene.now, scene.now + DAY))
    asked.refresh_from_db()
    address = f"/d/{links.make(links.Purpose.SECONDMENT, asked.pk, asked.period.upper)}/"
    client = places.client()
    assert client.get(address).status_code == 200
    asked.refresh_from_db()
    assert asked.status == "accepted"
    assert client.post(address, {"answer": "agree"}).status_code == 303
    asked.refresh_from_db()
    assert asked.status == "active"
    assert client.post(address, {"answer": "no"}).status_code == 409
    over = links.make(links.Purpose.SECONDMENT, asked.pk, scene.now - DAY)
    other = links.make(links.Purpose.SEAT, asked.pk, scene.now + DAY)
    assert [client.get(f"/d/{token}/").status_code for token in (over, other, "x" * 24)] == [410, 404, 404]
    assert client.get(f"/a/{links.make(links.Purpose.SECONDMENT, asked.pk, asked.period.upper)}").status_code == 404


@pytest.mark.parametrize("path", ["/desk/secondments/?tab=on", "/desk/lent/?tab=on", "/desk/lent/feedback/"])
def test_a_list_of_thirty_costs_no_more_than_a_list_of_one(scene, path, queries_of):
    client = places.client(scene.readers["the unit" if "lent" in path else "the lead"])
    client.get(path)
    one = queries_of(lambda: client.get(path))
    for _person in range(29):
        make.lend(make.volunteer(scene.home), scene.area, organisation=scene.unit, period=scene.found.period)
    assert queries_of(lambda: client.get(path)) == one


def test_many_are_received_at_once_and_who_stays_is_named(scene):
    lead = scene.readers["the lead"]
    sealed = places.compound()
    places.zone("lockdown", since=scene.now - DAY, compound=sealed)
    people = [make.volunteer(scene.home), make.volunteer(sealed, user=places.user("田演示"))]
    for person in people:
        make.lend(person, scene.area, status="approved", accepted_by=None, accepted_at=None, period=scene.found.period)
    role = make.role("runner")
    asked = {"do": "accept-all", "role": role.pk, "back": "/desk/secondments/"}
    page = places.client(lead).post(f"/desk/secondments/do/?area={scene.area.pk}", asked, follow=True).content.decode()
    status = {one.volunteer_id: one.status for one in Secondment.objects.filter(volunteer__in=people)}
    assert [status[person.pk] for person in people] == ["active", "approved"]
    assert "田演示没有变" in page


def test_a_recalled_person_finishes_the_block_that_runs(scene):
    lead = scene.readers["the lead"]
    seat = scene.assigned(make.post(make.shift(places.site(scene.area), start=scene.now - timedelta(hours=1))))
    attendance.check_in(seat.pk, by=lead, now=scene.now)
    recalls.recall(scene.found.pk, by=scene.readers["the unit"], now=scene.now, urgent=True)
    seat.refresh_from_db()
    assert seat.status == "checked_in"
