"""Teams, task forces, joint posts and who could see what: as pages and over the API."""

import io
from datetime import timedelta

import pytest
from django.utils import timezone
from openpyxl import load_workbook

from communities.models import Message
from communities.states import RoleName
from staffing.actions import joint, pledges, task_forces, teams
from staffing.actions.newcomers import Newcomer
from staffing.actions.task_forces import ForcePlan
from staffing.models import Extension, HandOver, SignUp, TaskForce, Team
from staffing.states import Duty
from tests.doors import Api
from tests.factories import communities as places
from tests.factories import staffing as make
from tests.staffing.desks import Desk, text

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


class Office(Desk):
    """With six people on loan who live here, of one unit."""

    def __init__(self):
        super().__init__(seats=9)
        self.unit = places.organisation()
        self.people = [self.lent(number) for number in range(6)]
        self.above = places.lead(self.district, RoleName.DISTRICT_LEAD)

    def lent(self, number):
        person = make.volunteer(self.home, kind="seconded", user=places.user(f"袁演示{number}"))
        span = (self.now - DAY, self.now + 9 * DAY)
        make.lend(person, self.area, organisation=self.unit, period=span)
        return person

    def team(self, name="楼长队"):
        ids = [person.pk for person in self.people[:3]]
        return teams.form(teams.Wish(self.area.pk, name, 1), ids, by=self.lead, now=self.now)

    def force(self):
        plan = ForcePlan(self.area.pk, "专班", "值守", self.now + 5 * DAY)
        return task_forces.found(plan, by=self.above, now=self.now)


@pytest.fixture
def office():
    return Office()


def test_teams_are_looked_at_before_they_are_formed_and_formed_as_looked_at(office):
    asked = {"area": office.area.pk, "name": "工作队", "teams": 2, "seed": 1, "organisation": office.unit.pk}
    page = office.as_lead().get("/desk/teams/propose/", asked)
    assert (Team.objects.count(), page.context["found"].balance.sizes) == (0, (3, 3))
    said = asked | {"mark": page.context["found"].mark}
    done = office.as_lead().post(f"/desk/teams/propose/?area={office.area.pk}", said)
    assert (done.status_code, list(Team.objects.order_by("name").values_list("name", flat=True))) == (
        303,
        ["工作队 1", "工作队 2"],
    )
    assert "工作队 1" in text(office.as_lead().get("/desk/teams/"))


def test_too_few_people_are_told_with_why(office):
    page = office.as_lead().get("/desk/teams/propose/", {"area": office.area.pk, "name": "x", "teams": 4, "seed": 1})
    assert "6" in page.context["why"][0]


def test_a_team_is_sent_to_a_shift_and_who_stays_is_named(office):
    team = office.team()
    done = office.as_lead().post(f"/desk/teams/{team.pk}/send/", {"post": office.post.pk}, follow=True)
    assert SignUp.objects.filter(post=office.post, status="confirmed").count() == 3
    assert [str(one) for one in done.context["messages"]] != []


def test_the_list_has_phones_for_those_alone_who_may_see_them_and_no_formula(office):
    office.people[0].user.name = "=袁演示"
    office.people[0].user.save(update_fields=["name"])
    team = office.team()
    mine = load_workbook(io.BytesIO(office.as_lead().get(f"/desk/teams/{team.pk}/list.xlsx").content)).active
    rows = [list(row) for row in mine.values]
    assert (rows[1][0], rows[1][-1]) == ("'=袁演示", office.people[0].user.phone.removeprefix("+86"))
    theirs = text(places.client(office.above).get(f"/desk/teams/{team.pk}/list.csv"))
    assert "袁演示1" in theirs
    assert office.people[0].user.phone.removeprefix("+86") not in theirs
    assert office.as_lead().get(f"/desk/teams/{team.pk}/list.pdf").status_code == 404


def test_the_api_proposes_and_adopts_the_same_teams(office):
    api, wish = Api(office.lead), {"area": office.area.pk, "name": "队", "teams": 2, "seed": 3}
    found = api.post("teams/propose/", wish).json()
    made = api.post("teams/adopt/", wish | {"mark": found["mark"]})
    again = api.post("teams/adopt/", wish | {"mark": found["mark"]})
    assert (made.status_code, again.status_code) == (201, 200)
    assert [row["people"] for row in made.json()] == [len(team["volunteers"]) for team in found["teams"]]
    stale = api.post("teams/adopt/", wish | {"name": "又", "mark": found["mark"]})
    assert (stale.status_code, stale.json()["code"]) == (409, "teams_too_small")
    sent = api.post(f"teams/{made.json()[0]['id']}/send/", {"post": office.post.pk}).json()
    assert (len(sent["sign_ups"]), sent["stayed"]) == (3, [])


def test_a_task_force_is_founded_staffed_extended_by_another_and_ended(office):
    browser, end = places.client(office.above), timezone.localtime(office.now + 5 * DAY)
    said = {"area": office.area.pk, "name": "专班", "purpose": "值守", "day": end.date(), "clock": "18:00"}
    browser.post("/desk/task-forces/new/", said)
    force = TaskForce.objects.get()
    address = f"/desk/task-forces/{force.pk}/"
    lead = office.people[0].user
    browser.post(f"{address}appoint/", {"user": lead.pk, "duty": "lead"})
    mine = places.client(lead)
    assert "值守" in text(mine.get(address))
    later = timezone.localtime(office.now + 9 * DAY)
    mine.post(f"{address}extend/", {"day": later.date(), "clock": "18:00", "reason": "还没有解封"})
    asked = Extension.objects.get()
    assert mine.post(f"/desk/extensions/{asked.pk}/agree/").status_code == 403
    browser.post(f"/desk/extensions/{asked.pk}/agree/")
    force.refresh_from_db()
    assert force.ends_at > office.now + 8 * DAY
    assert mine.post(f"{address}end/", {"text": ""}).status_code == 400
    mine.post(f"{address}end/", {"text": "钥匙在值班室"})
    assert mine.get(address).status_code == 404
    assert mine.get(f"{address}note/").status_code == 200
    assert "钥匙在值班室" in text(browser.get(address))


def test_the_lead_of_a_task_force_leaves_a_note_after_its_end_for_a_week(office):
    force = office.force()
    lead = places.user()
    task_forces.appoint(force.pk, lead.pk, Duty.LEAD, by=office.above, now=office.now)
    TaskForce.objects.filter(pk=force.pk).update(period=(office.now - 3 * DAY, office.now - DAY))
    places.client(lead).post(f"/desk/task-forces/{force.pk}/note/", {"text": "物资在库房"})
    assert HandOver.objects.get().text == "物资在库房"
    TaskForce.objects.filter(pk=force.pk).update(period=(office.now - 30 * DAY, office.now - 8 * DAY))
    assert places.client(lead).get(f"/desk/task-forces/{force.pk}/note/").status_code == 404


def test_the_api_of_task_forces_knows_both_ends_of_more_time(office):
    force, api = office.force(), Api(office.above)
    user = office.people[0].user.pk
    made = api.post(f"task-forces/{force.pk}/appoint/", {"user": user, "duty": "deputy"})
    until = (office.now + 9 * DAY).isoformat()
    asked = Api(office.people[0].user).post(f"task-forces/{force.pk}/extend/", {"until": until, "reason": "x"})
    answer = {"extension": asked.json()["id"], "agree": True}
    assert (made.status_code, asked.status_code) == (201, 201)
    assert Api(office.people[0].user).post(f"task-forces/{force.pk}/answer-extension/", answer).status_code == 403
    assert api.post(f"task-forces/{force.pk}/answer-extension/", answer).json()["status"] == "agreed"
    row = api.get(f"task-forces/{force.pk}/", include="people,extensions").json()
    assert ([one["duty"] for one in row["people"]], len(row["extensions"])) == (["deputy"], 1)
    stranger = places.user().pk
    assert api.post(f"task-forces/{force.pk}/appoint/", {"user": stranger, "duty": "posts"}).status_code == 404


def agencies(office, shifts=1):
    police, health = places.organisation(), places.organisation()
    officer = places.grant(RoleName.AGENCY_LEAD, organisation=police).user
    role, found = make.role("police"), []
    for number in range(shifts):
        start = office.start + number * timedelta(hours=4)
        shift = make.shift(office.site, office.call, start=start)
        shares = [joint.Share(police.pk, role.pk, 2), joint.Share(health.pk, role.pk, 1)]
        found += joint.lay_out(shift.pk, shares, by=office.lead, now=office.now)
    return officer, found


def test_an_agency_fills_its_own_seats_and_is_told_no_at_others(office):
    officer, (own, other) = agencies(office)
    person = {"name": "警演示", "phone": "+8612009660001", "is_adult": "on", "consent": "on"}
    browser = places.client(officer)
    assert browser.post(f"/desk/joint/{own.pk}/", person).status_code == 303
    assert browser.post(f"/desk/joint/{other.pk}/", person).status_code == 403
    assert browser.get(f"/desk/joint/{office.post.pk}/").status_code == 404
    assert office.as_lead().get(f"/desk/joint/{own.pk}/").status_code == 403
    page = text(browser.get("/desk/joint/"))
    assert "警演示" in page
    assert "警演示" not in text(office.as_lead().get("/desk/joint/"))
    seat = SignUp.objects.get(post=own)
    browser.post(f"/desk/joint-seats/{seat.pk}/clear/")
    seat.refresh_from_db()
    assert seat.status == "cancelled"


def test_the_lead_lays_the_seats_out_on_one_page(office):
    agency, role = places.organisation(), make.role("police")
    said = {"agency0": agency.pk, "role0": role.pk, "seats0": "2"}
    office.as_lead().post(f"/desk/shifts/{office.shift.pk}/joint/", said)
    assert list(office.shift.posts.filter(agency=agency).values_list("seats", flat=True)) == [2]


def test_over_the_api_an_agency_reads_numbers_of_others_and_names_of_its_own(office):
    officer, (own, other) = agencies(office)
    joint.fill(other.pk, Newcomer("卫演示", "+8612009660002", consented=True), by=office.lead, now=office.now)
    api = Api(officer)
    person = {"name": "警演示", "phone": "+8612009660001", "is_adult": True, "consent": True}
    assert api.post(f"joint-posts/{own.pk}/fill/", {"person": person}).json()["name"] == "警演示"
    assert api.post(f"joint-posts/{other.pk}/fill/", {"person": person}).status_code == 403
    assert api.post(f"joint-posts/{office.post.pk}/fill/", {"person": person}).status_code == 404
    rows = {row["id"]: row for row in api.get("joint-posts/", include="people").json()["results"]}
    assert [one["name"] for one in rows[own.pk]["people"]] == ["警演示"]
    assert (rows[other.pk]["taken"], rows[other.pk]["people"]) == (1, [])


def test_the_pages_cost_the_same_for_one_row_and_for_many(office, queries_of):
    officer, _posts = agencies(office)
    office.force()
    browsers = {path: places.client(user) for path, user in (("/desk/joint/", officer), ("/desk/task-forces/", office.above))}  # fmt: skip
    one = {path: queries_of(lambda path=path: browsers[path].get(path)) for path in browsers}
    agencies_again(office, officer)
    for _number in range(12):
        area = places.area(parent=office.district)
        plan = ForcePlan(area.pk, "专班", "值守", office.now + 5 * DAY)
        task_forces.found(plan, by=office.above, now=office.now)
    assert {path: queries_of(lambda path=path: browsers[path].get(path)) for path in browsers} == one


def agencies_again(office, officer):
    police, role = officer.grants.get().organisation, make.role("police")
    for number in range(1, 12):
        shift = make.shift(office.site, office.call, start=office.start + number * timedelta(hours=4))
        joint.lay_out(shift.pk, [joint.Share(police.pk, role.pk, 2)], by=office.lead, now=office.now)


def test_a_note_is_left_on_the_board_and_taken_over_by_the_next_lead(office):
    first, second = places.user(), places.user()
    for number, leader in enumerate((first, second)):
        start = office.now - timedelta(hours=1) + number * make.BLOCK
        shift = make.shift(office.site, office.call, start=start, leader=leader)
        if leader is first:
            places.client(first).post(f"/p/{shift.pk}/hand-over/", {"text": "扫码机换过电池"})
    assert "扫码机换过电池" not in text(places.client(second).get("/desk/"))
    near = make.shift(office.site, office.call, start=office.now + timedelta(hours=1), leader=second)
    assert "扫码机换过电池" in text(places.client(second).get(f"/p/{near.pk}/hand-over/"))
    note = HandOver.objects.get()
    places.client(second).post(f"/desk/hand-overs/{note.pk}/read/", {"back": f"/p/{near.pk}/hand-over/"})
    note.refresh_from_db()
    assert note.read_by == second
    assert Api(second).get("hand-overs/").json()["results"][0]["text"] == "扫码机换过电池"
    assert Api(places.user()).get("hand-overs/").json()["results"] == []


def test_who_could_see_names_on_a_day_is_told_to_who_may_read_the_history(office):
    force = office.force()
    task_forces.appoint(force.pk, office.people[0].user_id, Duty.LEAD, by=office.above, now=office.now)
    today = timezone.localtime(office.now).date()
    asked = {"area": office.area.pk, "day": today.isoformat(), "what": "names"}
    page = text(office.as_lead().get("/desk/who-could-see/", asked))
    assert office.people[0].user.name in page
    assert "专班" in page
    assert office.as_lead().get(f"/desk/history/task-force/{force.pk}/").status_code == 200
    rows = Api(office.lead).get(f"rights/{office.area.pk}/on-day/", day=today.isoformat()).json()["rights"]
    assert {"taskforce_lead", "community_lead", "district_lead"} <= {row["role"] for row in rows}
    before = (today - 30 * DAY).isoformat()
    assert Api(office.lead).get(f"rights/{office.area.pk}/on-day/", day=before).json()["rights"] == []
    assert Api(office.lead).get(f"rights/{office.area.pk}/on-day/").status_code == 400
    assert office.as_lead().get("/desk/who-could-see/", asked | {"what": "secrets"}).status_code == 404


def test_a_unit_that_owes_names_is_reminded_from_the_list(office):
    officer = places.grant(RoleName.ORG_HR, organisation=office.unit).user
    due = office.now + timedelta(hours=8)
    promise = pledges.promise(office.post.pk, office.unit.pk, 2, due, by=officer, now=office.now)
    assert f"/desk/pledges/{promise.pk}/remind/" in text(office.as_lead().get("/desk/pledges/"))
    assert f"/desk/pledges/{promise.pk}/remind/" not in text(places.client(officer).get("/desk/pledges/"))
    office.as_lead().post(f"/desk/pledges/{promise.pk}/remind/")
    assert Message.objects.get(kind="names_owed").reader == officer
    again = Api(office.lead).post(f"pledges/{promise.pk}/remind/")
    assert (again.status_code, again.json()["code"]) == (409, "reminded_recently")


SEEN_BY = {
    # who: (name, phone, home compound, that they are lent) of somebody on loan
    "lead of the community": (True, True, True, True),
    "lead of a task force there": (True, False, True, True),
    "district": (True, False, True, True),
    "the unit": (False, False, False, True),
    "another unit": (False, False, False, False),
    "lead elsewhere": (False, False, False, False),
}


@pytest.mark.parametrize("who", SEEN_BY)
def test_who_sees_what_about_somebody_on_loan(office, who):
    """The table in docs/security.md."""
    person = office.people[0]
    row = person.secondments.get()
    person.affiliations.update(known_as="小袁")  # what its own unit calls them
    user = {
        "lead of the community": lambda: office.lead,
        "lead of a task force there": lambda: places.grant(RoleName.TASKFORCE_LEAD, office.area).user,
        "district": lambda: office.above,
        "the unit": lambda: places.grant(RoleName.ORG_HR, organisation=office.unit).user,
        "another unit": lambda: places.grant(RoleName.ORG_HR, organisation=places.organisation()).user,
        "lead elsewhere": lambda: places.lead(places.area()),
    }[who]()
    seat = make.seats(1)[0]
    SignUp.objects.filter(pk=seat.pk).update(volunteer=person, secondment=row, post=office.post, shift=office.shift)
    api = Api(user)
    loan = next(iter(api.get("secondments/").json()["results"]), {})
    seats = api.get("sign-ups/").json()["results"]
    name = person.user.name
    found = (
        name in {loan.get("name"), *(one.get("name") for one in seats)},
        person.user.phone in {one.get("phone") for one in seats},
        office.home.name in text(places.client(user).get("/desk/people/")),
        bool(loan),
    )
    assert found == SEEN_BY[who]
