"""People over REST: who finds whom, and what they see of them."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from communities.models import User
from communities.states import Level, RoleName
from tests.doors import Api, told
from tests.factories import communities as places
from tests.factories import staffing as make
from volunteers.models import Enrolment, HeldQualification, Volunteer

pytestmark = pytest.mark.django_db
PRIVATE = {"phone", "residence"}


@pytest.fixture
def district():
    return places.area(Level.DISTRICT)


@pytest.fixture
def here(district):
    return places.area(parent=district)


@pytest.fixture
def person(here):
    return make.volunteer(places.compound(here))


@pytest.fixture
def lead(here):
    return Api(places.lead(here))


def test_who_finds_whom(here, district, person):
    other = make.volunteer(community=places.area())
    roles = {
        RoleName.COMMUNITY_LEAD: here,
        RoleName.GRID_MEMBER: here,
        RoleName.POINT_LEAD: here,
        RoleName.DISTRICT_LEAD: district,
        RoleName.CITY_COMMAND: district,
        RoleName.AUDITOR: district,
        RoleName.SYSTEM_ADMIN: district,
    }
    found = {role: Api(places.lead(area, role)).ids("volunteers/") for role, area in roles.items()}
    seen = {RoleName.COMMUNITY_LEAD, RoleName.GRID_MEMBER, RoleName.POINT_LEAD, RoleName.DISTRICT_LEAD}
    assert found == {role: [person.pk] if role in seen else [] for role in roles}
    assert Api(other.user).ids("volunteers/") == [other.pk]
    assert told(Api(other.user).get(f"volunteers/{person.pk}/")) == (404, "not_found")


def test_phone_and_home_are_for_the_person_and_the_lead_only(here, district, person):
    users = {
        "own": person.user,
        "lead": places.lead(here),
        "grid": places.lead(here, RoleName.GRID_MEMBER),
        "point": places.lead(here, RoleName.POINT_LEAD),
        "district": places.lead(district, RoleName.DISTRICT_LEAD),
    }
    rows = {name: Api(user).get(f"volunteers/{person.pk}/").json() for name, user in users.items()}
    assert {name: PRIVATE & row.keys() for name, row in rows.items()} == {
        "own": PRIVATE,
        "lead": PRIVATE,
        "grid": set(),
        "point": set(),
        "district": set(),
    }
    assert {row["name"] for row in rows.values()} == {person.user.name}
    assert person.user.phone not in str(rows["grid"]) + str(rows["district"])


def test_where_else_somebody_is_enrolled_is_not_shown(lead, here, person):
    Enrolment.objects.create(volunteer=person, community=(elsewhere := places.area()), channel="web")
    assert [row["community"] for row in lead.get(f"volunteers/{person.pk}/").json()["enrolments"]] == [here.pk]
    assert lead.ids("volunteers/", community=elsewhere.pk) == []
    assert [row["community"] for row in Api(person.user).get("volunteers/me/").json()["enrolments"]] == [
        here.pk,
        elsewhere.pk,
    ]


def test_who_has_left_is_not_found(lead, person):
    person.enrolments.update(ended_at=person.created_at)
    assert lead.ids("volunteers/") == []


@pytest.mark.parametrize("name", ["phone", "user__phone_hash", "person__phone", "residence", "name", "number", "user"])
def test_nobody_is_searched_by_what_is_private(lead, name):
    for asked in ({name: "1"}, {"ordering": name}):
        answer = lead.get("volunteers/", **asked)
        assert (answer.status_code, list(answer.json()["errors"])) == (400, list(asked))


def test_filters(lead, here, person):
    make.held(person, "english")
    staff = make.volunteer(community=here, kind="grid_member")
    assert lead.ids("volunteers/", kind="grid_member") == [staff.pk]
    assert lead.ids("volunteers/", community=here.pk) == [person.pk, staff.pk]
    assert lead.ids("volunteers/", qualification="english") == [person.pk]


def test_thirty_people_cost_as_many_statements_as_one(lead, here, person):
    def count():
        with CaptureQueriesContext(connection) as queries:
            assert lead.get("volunteers/").status_code == 200
        return len(queries)

    count()
    one = count()
    for _person in range(30):
        make.held(make.volunteer(community=here), "typing")
    assert (count(), one <= 6) == (one, True)


PERSON = {"name": "王演示0031", "phone": "１２００９００００３１", "consent": True, "is_adult": True}


def test_staff_enter_somebody_and_again_is_the_same_person(lead, here):
    make.qualification("typing")
    body = {"community": here.pk, "person": PERSON | {"skills": ["typing"]}}
    first, again = lead.post("volunteers/", body), lead.post("volunteers/", body)
    assert (first.status_code, again.status_code, first.json()) == (201, 201, again.json())
    row = first.json()
    assert (row["name"], row["phone"], [one["qualification"] for one in row["held"]]) == (
        "王演示0031",
        "+8612009000031",
        ["typing"],
    )
    assert not User.objects.by_phone("+8612009000031").phone_verified
    assert Enrolment.objects.get().entered_by == User.objects.get(grants__area=here)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"phone": "110"}, "phone"),
        ({"phone": 12009000031}, "phone"),
        ({"name": "‮王"}, "name"),
        ({"name": " "}, "name"),
        ({"consent": False}, "consent"),
        ({"consent": "yes"}, "consent"),
        ({"is_adult": 1}, "is_adult"),
        ({"skills": "typing"}, "skills"),
        ({"kind": "medical"}, "kind"),
        ({"is_staff": True}, "is_staff"),
    ],
)
def test_what_cannot_be_said_of_a_person(lead, here, change, field):
    answer = lead.post("volunteers/", {"community": here.pk, "person": PERSON | change})
    assert (answer.status_code, list(answer.json()["errors"]["person"])) == (400, [field])
    assert not Volunteer.objects.exists()


def test_oneself_with_consent(here):
    api = Api(places.user())
    body = {"community": here.pk, "is_adult": True}
    assert told(api.get("volunteers/me/")) == (404, "not_found")
    assert list(api.post("volunteers/", body).json()["errors"]) == ["consent"]
    answer = api.post("volunteers/", body | {"consent": True})
    assert (answer.status_code, answer.json()) == (201, api.get("volunteers/me/").json())


def test_neighbours_and_leads_elsewhere_enter_nobody(here, person):
    for user in (person.user, places.lead(places.area())):
        assert told(Api(user).post("volunteers/", {"community": here.pk, "person": PERSON})) == (403, "not_your_role")
    assert Volunteer.objects.count() == 1


def test_a_paper_is_verified_and_a_person_let_in_by_the_lead_alone(lead, here, person):
    held = make.held(person, "licence")
    assert told(Api(person.user).post(f"volunteers/{person.pk}/verify/", {"qualification": "licence"})) == (
        403,
        "not_your_role",
    )
    grid = Api(places.lead(here, RoleName.GRID_MEMBER))
    assert told(grid.post(f"volunteers/{person.pk}/approve/", {"community": here.pk})) == (403, "not_your_role")
    answer = lead.post(f"volunteers/{person.pk}/verify/", {"qualification": "licence"})
    assert answer.json()["held"] == [
        {"qualification": "licence", "verified": True, "from_day": None, "expires_on": None}
    ]
    assert (
        lead.post(f"volunteers/{person.pk}/approve/", {"community": here.pk}).json()["enrolments"][0]["approved"]
        is True
    )
    assert lead.post(f"volunteers/{person.pk}/verify/", {"qualification": "cooking"}).status_code == 400
    assert lead.post(f"volunteers/{person.pk}/approve/", {"community": places.area().pk}).status_code == 400
    assert HeldQualification.objects.get(pk=held.pk).verified_by == User.objects.get(
        grants__area=here, grants__role="community_lead"
    )


def test_one_says_oneself_when_one_is_away_and_leaves_oneself(lead, person):
    api = Api(person.user)
    days = {"starts_at": "2030-04-05T00:00:00+08:00", "ends_at": "2030-04-06T00:00:00+08:00"}
    assert told(lead.post(f"volunteers/{person.pk}/away/", days)) == (403, "not_your_role")
    assert api.post(f"volunteers/{person.pk}/away/", days).status_code == 200
    assert told(api.post(f"volunteers/{person.pk}/away/", days)) == (409, "already_away")
    assert api.post(f"volunteers/{person.pk}/leave/").status_code == 200
    assert not person.consents.filter(withdrawn_at=None).exists()


def test_qualifications_and_roles_are_read_by_everybody(person):
    make.qualification("typing")
    role = make.role("guide")
    role.requires.add(make.qualification("english"))
    role.prefers.add(make.qualification("typing"))
    api = Api(person.user)
    assert [row["slug"] for row in api.get("qualifications/", kind="skill").json()["results"]] == ["typing", "english"]
    row = api.get("roles/").json()["results"][0]
    assert (row["slug"], row["requires"], row["prefers"]) == ("guide", ["english"], ["typing"])
