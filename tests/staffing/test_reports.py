"""Reports (domain.md 1.2): what they count, whom they tell, and what they cost."""

import io
from datetime import date, timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from openpyxl import load_workbook

from communities import history
from communities.models import User
from communities.models.areas import DEFAULT_ZONE
from communities.states import Level, RoleName
from staffing.actions import signups
from staffing.models import HandOver, Ride, SignUp, TaskForce, Team, TeamMember
from staffing.queries.reports import ALL, REPORTS, Scope, table
from staffing.rules.reports import Days, days, months_over, whole_month
from staffing.states import RideStatus
from staffing.web import reports_desk
from tests.doors import Api
from tests.factories import communities as places
from tests.factories import staffing as make
from tests.factories.staffing import DAWN, NIGHT
from tests.staffing.desks import text
from volunteers.models import ServiceRecord

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
STORY = Days(date(2022, 4, 3), date(2022, 4, 4))


def read(slug, area, span=STORY, way="", names=True, site=None):
    report = REPORTS[slug]
    since, until = span.span(DEFAULT_ZONE)
    return table(report, Scope(area, since, until, DEFAULT_ZONE, report.way(way), site, names))


def lines(slug, area, *keys, **asked):
    return [tuple(line[key] for key in keys) for line in read(slug, area, **asked).lines]


def served(area, number, kind="volunteer", minutes=390, at=DAWN, **more):
    people = [make.volunteer(community=area, kind=kind) for _person in range(number)]
    return [record(person, area, minutes=minutes, at=at, kind=kind, **more) for person in people]


def record(person, area, *, minutes=390, at=DAWN, kind="volunteer", sign_up=None, **more):
    return ServiceRecord.objects.create(
        volunteer=person, sign_up=sign_up or -person.pk, community=area, kind=kind, what="核酸检测", where="1号点",
        started_at=at, ended_at=at + timedelta(minutes=minutes), minutes=minutes, **more,
    )  # fmt: skip


class Night:
    """The night of the story: 17 points, 106 posts, first with the 22 staff alone, then with 84 volunteers."""

    def __init__(self):
        self.city = places.area(Level.CITY, name="示范市")
        self.area = places.area(parent=self.city, name="保利香樟社区")
        home = places.compound(self.area)
        self.staff = [make.volunteer(home, kind="community_staff") for _person in range(22)]
        self.neighbours = [make.volunteer(home) for _person in range(84)]
        self.first = self.round(DAWN - 20 * HOUR, "第1轮核酸检测", self.staff)
        self.second = self.round(DAWN, "第2轮核酸检测", [*self.staff, *self.neighbours])

    def round(self, start, activity, people):
        call = make.call(self.area, activity=activity, activity_en="", starts_at=start, ends_at=start + 2 * make.BLOCK)
        clerk, knocker = make.role("data_entry", name="信息录入员"), make.role("door_knocker", name="敲门通知员")
        seats = []
        for number in range(17):
            site = places.site(self.area, name=f"{activity}{number + 1}号点", no=number + 1)
            shift = make.shift(site, call, start=start, length=2 * make.BLOCK)
            posts = [(clerk, 1), (knocker, 6 if number < 4 else 5)]
            for role, count in posts:
                post = make.post(shift, seats=count, role=role)
                seats += [(shift, post, seat + 1) for seat in range(count)]
        assert len(seats) == 106
        taken = {}
        for person, (shift, post, seat_no) in zip(people, seats, strict=False):
            SignUp.objects.create(
                shift=shift, post=post, volunteer=person, status="completed", seat_no=seat_no,
                period=(shift.starts_at, shift.ends_at), checked_in_at=shift.starts_at, checked_out_at=shift.ends_at,
            )  # fmt: skip
            taken[post] = taken.get(post, 0) + 1
            record(person, self.area, at=shift.starts_at, kind=person.kind, sign_up=SignUp.objects.latest("pk").pk)
        for post, count in taken.items():
            post.taken = count
            post.save(update_fields=["taken"])
        return call


class TestTheNightOfTheStory:
    @pytest.fixture
    def night(self):
        return Night()

    def test_the_gap_board_has_106_posts_84_missing_at_first_and_none_at_last(self, night):
        found = lines("gaps", night.area, "seats", "filled", "missing", "here", "open", way="block")
        assert found == [(106, 22, 84, 22, 79), (106, 106, 0, 106, 0)]
        assert len(read("gaps", night.area, way="point").lines) == 34
        second = Days(STORY.last, STORY.last)
        assert len(read("gaps", night.area, second, way="point").lines) == 17
        clerks = lines("gaps", night.area, "role", "seats", span=second, way="role")
        assert clerks == [("信息录入员", 17), ("敲门通知员", 89)]

    def test_volunteers_did_79_per_cent_of_the_work_of_the_second_round(self, night):
        found = lines("share", night.area, "people", "minutes", "of_own", span=Days(STORY.last, STORY.last))
        assert found == [(84, 84 * 390, 79), (22, 22 * 390, 21)]

    def test_with_17_medics_it_is_68_of_all_and_still_79_of_the_communitys(self, night):
        served(night.area, 17, "medical")
        found = lines("share", night.area, "of_all", "of_own", span=Days(STORY.last, STORY.last))
        assert found == [(68, 79), (18, 21), (14, None)]

    def test_before_and_after(self, night):
        found = lines("deployments", night.area, "activity", "seats", "staff", "others", "before", "after")
        assert found == [("第1轮核酸检测", 106, 22, 0, 21, 21), ("第2轮核酸检测", 106, 22, 84, 21, 100)]

    def test_at_half_past_five_106_seats_are_filled_and_at_noon_there_are_none(self, night):
        found = read("hours", night.area, Days(STORY.last, STORY.last))
        clocks = [(f"{line['at'].astimezone(DEFAULT_ZONE):%H:%M}", line["filled"]) for line in found.lines]
        assert (clocks[0], clocks[-1], len(clocks)) == (("05:30", 106), ("11:30", 106), 13)
        assert [series.values[0] for series in found.chart.bars] == [106, 0, 0]

    def test_who_checked_in_and_who_is_assigned(self, night):
        assert len(read("ics-211", night.area).lines) == 128
        assert read("ics-211", night.area).total == {"minutes": 128 * 390}
        one = night.second.shifts.order_by("pk").first()
        listed = lines("ics-204", night.area, "role", "seat", "name", site=one.site_id)
        assert listed[0] == ("信息录入员", 1, night.staff[0].name)
        assert len(listed) == 7

    def test_the_workbook_says_the_same(self, night):
        lead = places.lead(night.area)
        asked = {"area": night.area.pk, "from": "2022-04-04", "to": "2022-04-04", "by": "block"}
        book = load_workbook(io.BytesIO(places.client(lead).get("/desk/reports/gaps/table.xlsx", asked).content))
        rows = list(book.worksheets[0].iter_rows(values_only=True))
        assert rows[1] == ("2022-04-04 05:30", "2022-04-04 12:00", 106, 106, 0, 0, 0, 106, 0)
        assert len(book.worksheets) == 2


@pytest.fixture
def here():
    city = places.area(Level.CITY, name="示范市")
    return places.area(parent=places.area(Level.DISTRICT, parent=city, name="示范区"), name="红寺社区")


class TestWhoIsTold:
    def test_small_groups_are_withheld_from_who_may_not_see_names(self, here):
        served(here, 12)
        served(here, 3, "medical")
        served(here, 14, "seconded")
        assert [people for (people,) in lines("share", here, "people")] == [14, 12, 3]
        found = read("share", here, names=False)
        assert [(line["people"], line["minutes"]) for line in found.lines] == [
            (14, 14 * 390),
            (None, None),
            (None, None),
        ]
        assert (found.total["people"], found.chart) == (29, None)

    def test_the_statistics_withhold_small_groups_from_everybody(self, here):
        other = places.area(parent=here.parent.parent)
        served(here, 12)
        served(other, 4)
        found = read("statistics", here.parent.parent)
        assert [line["people"] for line in found.lines] == [None, None]

    def test_names_are_for_who_may_see_them(self, here):
        served(here, 2)
        city = here.parent.parent
        mayor, lead = places.lead(city, RoleName.CITY_COMMAND), places.lead(here)
        for slug in ("service", "fatigue", "ics-204", "ics-211"):
            assert places.client(mayor).get(f"/desk/reports/{slug}/").status_code == 403
            assert places.client(lead).get(f"/desk/reports/{slug}/").status_code == 200
        page = text(places.client(mayor).get("/desk/reports/"))
        assert ("/desk/reports/gaps/" in page, "/desk/reports/service/" in page) == (True, False)
        assert Api(mayor).get(f"reports/{city.pk}/table/", report="service").status_code == 403

    def test_an_area_elsewhere_is_not_found(self, here):
        lead = places.lead(places.area())
        assert places.client(lead).get("/desk/reports/gaps/", {"area": here.pk}).status_code == 404
        assert places.client(places.user()).get("/desk/reports/").status_code == 404
        assert Api(lead).get(f"reports/{here.pk}/table/", report="gaps").status_code == 404


class TestEachReport:
    def test_the_curve_counts_sign_ups_by_the_hour_and_what_still_stands(self, here):
        call = make.call(here)
        post = make.post(make.shift(places.site(here), call), seats=5)
        for number, hour in enumerate((0, 0, 1)):
            seat = signups.sign_up(post.pk, make.volunteer(community=here).pk, now=NIGHT)
            SignUp.objects.filter(pk=seat.pk).update(created_at=NIGHT + hour * HOUR, **({"status": "cancelled"} if number == 1 else {}))  # fmt: skip
        assert lines("curve", here, "came", "so_far", "standing", "seats") == [(2, 2, 1, 5), (1, 3, 2, 5)]
        assert [series.values for series in read("curve", here).chart.lines] == [[2, 3], [1, 2], [5, 5]]

    def test_the_roster_grows_by_day_and_organisation_with_those_from_before(self, here):
        unit = places.organisation(name="示范水务局")
        for number, at in enumerate((DAWN - 5 * DAY, DAWN - DAY, DAWN)):
            person = make.volunteer(community=here)
            person.enrolments.update(created_at=at)
            if number != 2:
                person.affiliations.create(organisation=unit)
        found = lines("growth", here, "day", "source", "joined", "so_far")
        assert found[0] == (date(2022, 4, 3), "示范水务局", 1, 2)
        assert found[1][2:] == (1, 1)

    def test_joint_posts_show_each_agency_its_seats(self, here):
        shift = make.shift(places.site(here), make.call(here))
        make.post(shift, 5)
        make.post(shift, 2, agency=places.organisation(name="示范公安分局"))
        make.post(make.shift(places.site(here), make.call(here)), 9)
        found = lines("joint", here, "agency", "seats", "missing", way="shift")
        assert [row[1:] for row in found] == [(5, 5), (2, 2)]
        assert found[1][0] == "示范公安分局"
        assert len(lines("joint", here, "agency")) == 2

    def test_hours_lent_stand_apart_by_organisation_and_quarter(self, here):
        unit = places.organisation(name="示范水务局")
        post = make.post(make.shift(places.site(here), make.call(here)), 5)
        for number in range(2):
            person = make.volunteer(community=here, kind="seconded")
            lent = make.lend(person, here, organisation=unit)
            seat = signups.sign_up(post.pk, person.pk, now=NIGHT)
            SignUp.objects.filter(pk=seat.pk).update(secondment=lent)
            record(person, here, minutes=60, at=DAWN - number * 5 * DAY, kind="seconded", sign_up=seat.pk)
        served(here, 3)
        span = Days(date(2022, 3, 1), date(2022, 4, 30))
        found = lines("lent", here, "organisation", "quarter", "people", "days", "minutes", span=span)
        assert [row[0::2][:1] + row[2:] for row in found] == [("示范水务局", 1, 1, 60), ("示范水务局", 1, 1, 60)]
        assert found[0][1] != found[1][1]

    def test_the_fatigue_list_names_long_duties_short_rests_and_days_in_a_row(self, here):
        site, call, person = places.site(here), make.call(here), make.volunteer(community=here)

        def stand(start, hours):
            shift = make.shift(site, call, start=start, length=hours * HOUR)
            post = make.post(shift)
            SignUp.objects.create(
                shift=shift, post=post, volunteer=person, status="confirmed", seat_no=1, period=(start, start + hours * HOUR)
            )  # fmt: skip

        stand(DAWN, 9)
        stand(DAWN + 15 * HOUR, 2)
        for number in range(1, 7):
            stand(DAWN - number * DAY, 2)
        found = lines("fatigue", here, "name", "value")
        assert sorted(value for _name, value in found) == sorted(["9小时", "6小时", "7天"])
        assert {name for name, _value in found} == {person.name}
        assert lines("fatigue", here, "value", span=Days(date(2022, 5, 1), date(2022, 5, 2))) == []

    def test_a_task_force_has_posts_and_people_by_kind(self, here):
        period = (DAWN - DAY, DAWN + DAY)
        force = TaskForce.objects.create(
            name="示范临时队", area=here.parent, purpose="卡口", period=period, founded_by=places.user(), founded_at=DAWN - DAY
        )  # fmt: skip
        site = places.site(here)
        post = make.post(make.shift(site, make.call(here)), 5)
        make.post(make.shift(site, make.call(here), start=DAWN + 5 * HOUR), 5, role=post.role)
        for number in range(3):
            seat = signups.sign_up(post.pk, make.volunteer(community=here).pk, now=NIGHT)
            if number == 2:
                lent = make.lend(seat.volunteer, here)
                SignUp.objects.filter(pk=seat.pk).update(secondment=lent)
        team = Team.objects.create(
            name="一队", area=here, task_force=force, formed_by=places.user(), formed_at=DAWN - DAY
        )  # fmt: skip
        TeamMember.objects.create(team=team, area=here, volunteer=make.volunteer(), joined_at=DAWN - HOUR)
        found = lines("forces", here.parent, "force", "posts", "kind", "people")
        assert found == [("示范临时队", 1, "志愿者", 3), ("示范临时队", 1, "转岗人员", 1)]
        assert lines("forces", places.area(), "force") == []

    def test_the_activity_log_tells_what_those_on_duty_did_and_their_notes(self, here):
        lead, person = places.lead(here), make.volunteer(community=here)
        start = timezone.now() + HOUR / 2
        call = make.call(here, starts_at=start, ends_at=start + make.BLOCK)
        shift = make.shift(places.site(here), call, start=start)
        post = make.post(shift, 5)
        other = signups.sign_up(post.pk, make.volunteer(community=here).pk, now=timezone.now())
        with history.Told(user=person.user_id):
            own = signups.sign_up(post.pk, person.pk, now=timezone.now())
        for seat in (own, other):
            assert places.client(lead).post(f"/p/{shift.pk}/in/{seat.pk}/").status_code in (200, 303)
        HandOver.objects.create(shift=shift, text="钥匙在门卫", written_by=lead, written_at=timezone.now())
        span = days(timezone.localdate())
        found = lines("ics-214", here, "who", "what", "number", "note", span=span)
        assert {who for who, *_more in found} == {lead.name}
        assert sum(number for _who, what, number, _note in found if "签到" in what) == 2
        assert [note for *_more, note in found if note] == ["钥匙在门卫"]
        assert places.client(places.lead(here, RoleName.GRID_MEMBER)).get("/desk/reports/ics-214/").status_code == 403

    def test_rides_count_vehicles_sent_and_rides_done(self, here):
        more = {"area": here, "destination": places.site(here), "origin": "示范街", "passengers": 2}
        for status, times in (("done", 1), ("done", 2), ("cancelled", 0)):
            Ride.objects.create(
                **more, pick_up_at=DAWN, arrive_by=DAWN + HOUR, period=(DAWN, DAWN + HOUR), status=RideStatus(status), dispatches=times,
            )  # fmt: skip
        assert lines("rides", here, "rides", "dispatches", "done", "cancelled") == [(3, 3, 2, 1)]

    def test_hours_per_person_fall_into_bins_without_gaps(self, here):
        served(here, 2, minutes=60)
        served(here, 1, minutes=300)
        found = read("spread", here)
        assert [(line["people"], line["minutes"]) for line in found.lines] == [(2, 120), (0, 0), (1, 300)]
        assert list(found.chart.bars[0].values) == [2, 0, 1]

    def test_service_records_keep_hours_freely_given_on_duty_and_unconfirmed_apart(self, here):
        person = make.volunteer(community=here)
        record(person, here, minutes=60, sign_up=-1)
        record(person, here, minutes=70, kind="seconded", sign_up=-2, at=DAWN - DAY)
        record(person, here, minutes=80, needs_confirmation=True, sign_up=-3)
        found = lines("service", here, "blocks", "days", "freely", "duty", "unconfirmed", "certificates")
        assert found == [(3, 2, 60, 70, 80, 0)]


class TestThePage:
    def test_every_report_opens_in_both_languages_with_its_meaning(self, here):
        served(here, 3, at=timezone.now() - DAY)
        client = places.client(places.lead(here))
        for report in ALL:
            for language in ("zh-hans", "en"):
                client.cookies["django_language"] = language
                page = client.get(f"/desk/reports/{report.slug}/", {"by": "block"})
                assert page.status_code == 200, report.slug
                assert "<h2>" in text(page)

    @pytest.mark.parametrize("asked", [{"from": "2022-04-05", "to": "2022-04-04"}, {"from": "2020-01-01", "to": "2022-04-04"}, {"from": "x"}])  # fmt: skip
    def test_days_that_make_no_sense_come_back_as_the_form(self, here, asked):
        lead = places.lead(here)
        assert places.client(lead).get("/desk/reports/gaps/", asked).status_code == 400
        assert places.client(lead).get("/desk/reports/gaps/table.xlsx", asked).status_code == 400
        span = {{"from": "first", "to": "last"}[name]: day for name, day in asked.items()}
        assert Api(lead).get(f"reports/{here.pk}/table/", report="gaps", **span).status_code == 400

    def test_what_there_is_not_is_not_found(self, here):
        client = places.client(places.lead(here))
        assert client.get("/desk/reports/luck/").status_code == 404
        assert client.get("/desk/reports/gaps/table.exe").status_code == 404
        assert Api(places.lead(here)).get(f"reports/{here.pk}/table/", report="luck").status_code == 400
        assert Api(places.lead(here)).get(f"reports/{here.pk}/table/", report="gaps", by="luck").status_code == 400

    def test_a_picture_is_told_in_words_too(self, here):
        served(here, 2, at=timezone.now() - DAY, minutes=600)
        page = text(places.client(places.lead(here)).get("/desk/reports/spread/"))
        assert ('role="img"' in page, "<desc" in page, "最多2" in page, "style=" in page) == (True, True, True, False)

    @pytest.mark.parametrize("name", ["=HYPERLINK(1)", "＝1+1", "+86", "@SUM(A1)", "\tx"])
    def test_workbook_and_csv_are_harmless(self, here, name):
        person = make.volunteer(community=here)
        User.objects.filter(pk=person.user_id).update(name=name)
        record(person, here, at=timezone.now() - DAY)
        client = places.client(places.lead(here))
        book = load_workbook(io.BytesIO(client.get("/desk/reports/service/table.xlsx").content))
        assert book.worksheets[0]["A2"].value == f"'{name}"
        assert f"\"'{name}" in text(client.get("/desk/reports/service/table.csv")) or f"\n'{name}" in text(client.get("/desk/reports/service/table.csv"))  # fmt: skip

    def test_a_workbook_says_how_many_rows_it_leaves_off(self, here, monkeypatch):
        monkeypatch.setattr(reports_desk, "MOST", 1)
        served(here, 3, at=timezone.now() - DAY)
        answer = places.client(places.lead(here)).get("/desk/reports/service/table.xlsx")
        rows, meanings = load_workbook(io.BytesIO(answer.content)).worksheets
        assert rows.max_row == 3  # the head, one person, the sum
        assert ("没列出的行", "2") in meanings.iter_rows(values_only=True)

    def test_the_api_says_what_the_page_says(self, here):
        served(here, 2)
        api = Api(places.lead(here))
        kinds = {row["report"]: row for row in api.get(f"reports/{here.pk}/kinds/").json()}
        assert set(kinds) == set(REPORTS)
        numbers = [
            column
            for row in kinds.values()
            for column in row["columns"]
            if column["kind"] in ("count", "minutes", "percent")
        ]
        assert [column["key"] for column in numbers if not column["meaning"]] == []
        found = api.get(f"reports/{here.pk}/table/", report="share", first="2022-04-03", last="2022-04-04").json()
        assert (found["rows"][0]["minutes"], found["total"]["people"], found["left_off"]) == (780, 2, 0)


class TestWhatEverybodyMayKnow:
    @pytest.fixture(autouse=True)
    def _nothing_kept(self):
        cache.clear()

    def test_small_groups_are_withheld_and_only_whole_months_are_told(self, here):
        today = timezone.localtime(timezone.now(), DEFAULT_ZONE)
        at = today.replace(day=1, hour=12) - 2 * DAY
        served(here, 12, at=at)
        served(here, 4, "medical", at=at)
        page = text(Client().get("/figures/"))
        assert ("示范市" in page, "&lt; 10" in page, ">4<" in page) == (True, True, False)
        assert Client().get("/figures/", {"month": f"{today:%Y-%m}"}).status_code == 404
        assert Client().get("/figures/", {"month": "x"}).status_code == 404
        assert Client().get("/figures/", {"month": f"{at:%Y-%m}"}).status_code == 200

    def test_no_one_month_is_longer_than_itself(self):
        months = months_over(date(2024, 3, 31))
        assert [(whole_month(one).first, whole_month(one).last) for one in months[:2]] == [
            (date(2024, 2, 1), date(2024, 2, 29)),
            (date(2024, 1, 1), date(2024, 1, 31)),
        ]


class TestWhatItCosts:
    def fill(self, area, number):
        call = make.call(area, starts_at=timezone.now() + HOUR, ends_at=timezone.now() + 9 * HOUR)
        for _row in range(number):
            unit, person = places.organisation(), make.volunteer(community=area, kind="seconded")
            shift = make.shift(places.site(area), call, start=timezone.now() + HOUR)
            make.post(shift, 2, agency=unit)
            seat = signups.sign_up(make.post(shift, 2, role=make.role()).pk, person.pk, now=timezone.now())
            lent = make.lend(person, area, organisation=unit)
            SignUp.objects.filter(pk=seat.pk).update(secondment=lent, status="completed", checked_in_at=timezone.now())
            record(person, area, at=timezone.now(), kind="seconded", sign_up=seat.pk)

    def test_one_row_and_thirty_take_one_statement_each(self, here, queries_of):
        lead = places.lead(here)
        client = places.client(lead)
        span = days(timezone.localdate())

        def cost():
            one = {report.slug: queries_of(lambda r=report: read(r.slug, here, span)) for report in ALL}
            pages = {report.slug: queries_of(lambda r=report: client.get(f"/desk/reports/{r.slug}/")) for report in ALL}
            return one, pages

        self.fill(here, 1)
        client.get("/desk/reports/gaps/")
        few = cost()
        self.fill(here, 29)
        many = cost()
        assert set(few[0].values()) == set(many[0].values()) == {1}
        assert many[1] == few[1]
        assert len(read("gaps", here, span, way="point").lines) == 30
