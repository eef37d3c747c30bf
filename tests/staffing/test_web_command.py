"""The board, its report and lending as pages and over the API: what is shown, to whom, how often, and what it costs."""

import io
from datetime import timedelta

import pytest
from django.utils import timezone
from openpyxl import load_workbook

from communities.states import Level, RoleName
from staffing.actions import pledges, signups
from staffing.models import Lending, Takeover
from staffing.web import command_desk
from tests.doors import Api, told
from tests.factories import communities as places
from tests.factories import staffing as make
from tests.staffing.desks import text
from volunteers.models import ServiceRecord

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


class Scene:
    """A city with a district and two communities: one short of people, one with somebody to lend."""

    def __init__(self):
        self.now = timezone.now()
        self.start = self.now + 10 * HOUR
        self.city = places.area(Level.CITY, name="示范市")
        self.district = places.area(Level.DISTRICT, parent=self.city, name="示范区")
        self.short = places.area(parent=self.district, name="红寺社区", name_en="Hongsi")
        self.rich = places.area(parent=self.district, name="文华苑社区", name_en="Wenhuayuan")
        self.mayor = places.lead(self.city, RoleName.CITY_COMMAND)
        self.above = places.lead(self.district, RoleName.DISTRICT_LEAD)
        self.gives, self.takes = places.lead(self.rich), places.lead(self.short)
        self.call = make.call(self.short, starts_at=self.start, ends_at=self.start + make.BLOCK, published_at=self.now - HOUR)  # fmt: skip
        self.post = make.post(make.shift(places.site(self.short), self.call, start=self.start), seats=5)
        self.home = places.compound(self.rich)
        self.person = make.volunteer(self.home, kind="seconded", user=places.user("袁演示"))
        make.lend(self.person, self.rich, period=(self.now - DAY, self.now + 9 * DAY))

    def page(self, user=None, path="/desk/command/", **asked):
        return places.client(user or self.above).get(path, asked)

    def plan(self):
        end = self.start + 5 * HOUR
        return {
            "giver": self.rich.pk,
            "taker": self.short.pk,
            "volunteers": [self.person.pk],
            "start": self.now.isoformat(),
            "end": end.isoformat(),
            "reason": "明早缺人",
        }


@pytest.fixture
def scene():
    return Scene()


@pytest.fixture(autouse=True)
def _nothing_kept(monkeypatch):
    monkeypatch.setattr(command_desk, "SECONDS", 0)


def test_the_worst_community_is_named_with_what_would_help(scene):
    pledges.promise(
        scene.post.pk, places.organisation(name="示范教育局").pk, 2, scene.start, by=scene.above, now=scene.now
    )
    page = text(scene.page())
    for word in ("红寺社区", "3</b> 60%", "示范教育局：答应2人", "文华苑社区", "那边有1名转岗的人还没分岗", "提出借人"):
        assert word in page, word


def test_the_city_sees_figures_and_no_names_and_cannot_lend(scene):
    signups.sign_up(scene.post.pk, make.volunteer(community=scene.short, user=places.user("许演示")).pk, now=scene.now)
    page = text(scene.page(scene.mayor))
    assert ("红寺社区" in page, "许演示" in page, "袁演示" in page, "提出借人" in page) == (True, False, False, False)
    asked = {"taker": scene.short.pk, "giver": scene.rich.pk}
    assert places.client(scene.mayor).get("/desk/lendings/new/", asked).status_code == 404


def test_a_fragment_that_has_not_changed_is_not_sent_again(scene):
    client, path = places.client(scene.above), f"/desk/command/live/?area={scene.district.pk}"
    first = client.get(path)
    same = client.get(path, headers={"If-None-Match": first["ETag"]})
    signups.sign_up(scene.post.pk, make.volunteer(community=scene.short).pk, now=scene.now)
    other = client.get(path, headers={"If-None-Match": first["ETag"]})
    assert other.status_code == 200
    assert same.status_code == 304 or timezone.now().minute != scene.now.minute


def test_thirty_communities_cost_no_more_than_two(scene, queries_of):
    client = places.client(scene.above)
    for path in ("/desk/command/", "/desk/command/report/", "/desk/command/report.xlsx", "/desk/command/log/"):
        client.get(path)
    few = [queries_of(lambda path=path: client.get(path)) for path in ("/desk/command/", "/desk/command/report/")]
    for number in range(30):
        area = places.area(parent=scene.district)
        call = make.call(area, starts_at=scene.start, ends_at=scene.start + make.BLOCK)
        make.post(make.shift(places.site(area), call, start=scene.start), seats=3)
        make.lend(make.volunteer(community=area, kind="seconded"), area, period=(scene.now - DAY, scene.now + DAY))
        make.lending(make.volunteer(community=area), area, scene.short, binds=number % 2 == 0)
    client.get("/desk/command/")
    many = [queries_of(lambda path=path: client.get(path)) for path in ("/desk/command/", "/desk/command/report/")]
    assert many == few
    assert len(client.get("/desk/command/").context["rows"]) == 32


def test_a_board_is_taken_over_from_the_page_run_and_given_back(scene):
    client = places.client(scene.mayor)
    assert client.get(f"/desk/calls/{scene.call.pk}/edit/").status_code == 403
    asked = {"reason": "负责人失联", "hours": "2"}
    assert client.post(f"/desk/command/{scene.short.pk}/take-over/", asked).status_code == 303
    assert client.get(f"/desk/calls/{scene.call.pk}/edit/").status_code == 200
    assert "负责人失联" in text(client.get("/desk/command/log/"))
    found = Takeover.objects.get()
    assert "负责人失联" in text(places.client(scene.takes).get("/desk/"))
    assert "交还看板" in text(client.get("/desk/", {"area": scene.short.pk}))
    assert "负责人失联" in text(places.client(scene.takes).get(f"/desk/history/takeover/{found.pk}/"))
    assert client.post(f"/desk/takeovers/{found.pk}/give-back/").status_code == 303
    assert client.get(f"/desk/calls/{scene.call.pk}/edit/").status_code == 403
    assert client.post(f"/desk/command/{scene.short.pk}/take-over/", {"reason": "", "hours": "20"}).status_code == 400


def test_people_are_lent_from_the_page_with_both_ends_saying_yes(scene):
    above, gives, takes = (places.client(user) for user in (scene.above, scene.gives, scene.takes))
    address = f"/desk/lendings/new/?taker={scene.short.pk}&giver={scene.rich.pk}"
    form = above.get(address)
    assert [(person.pk, why) for person, why in form.context["rows"]] == [(scene.person.pk, [])]
    initial = form.context["form"].initial
    said = {name: f"{value:%H:%M}" if "clock" in name else f"{value:%Y-%m-%d}" for name, value in initial.items()}
    sent = above.post(address, said | {"reason": "明早缺人", "p": [scene.person.pk]})
    found = Lending.objects.get()
    assert (sent.status_code, sent["Location"]) == (303, f"/desk/lendings/{found.pk}/")
    for client, doing in ((gives, "give"), (takes, "take")):
        assert "袁演示" in text(client.get(f"/desk/lendings/{found.pk}/"))
        assert client.post(f"/desk/lendings/{found.pk}/{doing}/").status_code == 303
    found.refresh_from_db()
    assert found.status == "agreed"
    assert gives.post(f"/desk/lendings/{found.pk}/take/").status_code == 403
    assert above.post(f"/desk/lendings/{found.pk}/end/").status_code == 303


def test_nothing_ticked_and_no_reason_come_back_as_the_form(scene):
    client = places.client(scene.above)
    address = f"/desk/lendings/new/?taker={scene.short.pk}&giver={scene.rich.pk}"
    assert client.post(address, {"reason": ""}).status_code == 400
    initial = client.get(address).context["form"].initial
    said = {name: f"{value:%H:%M}" if "clock" in name else f"{value:%Y-%m-%d}" for name, value in initial.items()}
    assert client.post(address, said | {"reason": "x"}).status_code == 400


def test_the_api_proposes_tells_who_stays_and_refuses_with_every_reason(scene):
    stranger = make.volunteer(community=scene.short)
    api = Api(scene.above)
    made = api.post("lendings/", scene.plan() | {"volunteers": [scene.person.pk, stranger.pk]})
    body = made.json()
    assert (made.status_code, body["lending"]["status"]) == (201, "proposed")
    assert [(one["id"], [why["code"] for why in one["reasons"]]) for one in body["stayed"]] == [(stranger.pk, ["not_of_the_community"])]  # fmt: skip
    assert api.post("lendings/", scene.plan()).status_code == 200
    alone = api.post("lendings/", scene.plan() | {"volunteers": [stranger.pk]})
    assert (told(alone), [why["code"] for why in alone.json()["reasons"]]) == ((409, "not_of_the_community"), ["not_of_the_community"])  # fmt: skip
    pk = body["lending"]["id"]
    assert Api(scene.gives).post(f"lendings/{pk}/agree/", {"end": "taker"}).status_code == 403
    assert Api(scene.gives).post(f"lendings/{pk}/agree/", {"end": "giver"}).json()["given_at"]
    done = Api(scene.takes).post(f"lendings/{pk}/agree/", {"end": "taker"}).json()
    assert done["status"] == "agreed"
    shown = Api(scene.takes).get(f"lendings/{pk}/", include="people,giver").json()
    assert ([one["volunteer"] for one in shown["people"]], shown["giver"]["name"]) == ([scene.person.pk], "文华苑社区")


def test_the_api_says_what_the_board_says(scene):
    found = Api(scene.mayor).get(f"command-boards/{scene.city.pk}/standing/", by="missing", limit="1").json()
    assert (found["communities"], found["total"]["posts"], found["free"]) == (2, 5, 1)
    assert [(line["area"], line["not_covered"], line["share"]) for line in found["lines"]] == [(scene.short.pk, 5, 1.0)]
    assert Api(scene.mayor).get(f"command-boards/{scene.city.pk}/standing/", by="luck").status_code == 400
    taken = Api(scene.mayor).post(f"command-boards/{scene.short.pk}/take-over/", {"reason": "失联", "hours": 1})
    assert taken.status_code == 201
    assert Api(scene.mayor).post(f"command-boards/{scene.short.pk}/give-back/").json()["returned_at"]
    assert told(Api(scene.mayor).post(f"command-boards/{scene.city.pk}/take-over/", {"reason": "x"})) == (409, "not_below_you")  # fmt: skip
    report = Api(scene.mayor).get(f"command-boards/{scene.city.pk}/report/").json()
    assert ([part["area"] for part in report["parts"]], report["served_in_all"]) == ([scene.district.pk], 0)


class TestReport:
    def serve(self, scene, number, kind, at=None):
        at = at or scene.now - DAY
        for person in [make.volunteer(community=scene.short) for _person in range(number)]:
            ServiceRecord.objects.create(
                volunteer=person, sign_up=person.pk, community=scene.short, kind=kind, what="x", where="x",
                started_at=at, ended_at=at + HOUR, minutes=60,
            )  # fmt: skip

    def test_each_number_has_its_meaning_and_small_groups_are_withheld(self, scene):
        self.serve(scene, 12, "volunteer")
        self.serve(scene, 3, "medical")
        page = text(scene.page(path="/desk/command/report/"))
        for word in ("岗位", "没着落", "预计到齐", "少于10人的一组不写", "&lt; 10"):
            assert word in page, word

    @pytest.mark.parametrize("name", ["=HYPERLINK(1)", "＝1+1", "+86", "@SUM(A1)"])
    def test_the_workbook_is_harmless_and_every_sheet_is_there(self, scene, name):
        type(scene.short).objects.filter(pk=scene.short.pk).update(name=name)
        answer = scene.page(path="/desk/command/report.xlsx")
        book = load_workbook(io.BytesIO(answer.content))
        cells = {str(cell) for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row}
        assert (len(book.sheetnames), name in cells, f"'{name}" in cells) == (5, False, True)
