"""Oneself over REST: the profile, when one is free and away, consents, the calendar's address, one's own sign-ups."""

from datetime import timedelta

import pytest
from django.conf import settings

from staffing.actions import signups
from staffing.models import SignUp
from tests.doors import Api, told
from tests.factories import communities as places
from tests.factories import staffing as make
from tests.factories.staffing import DAWN, NIGHT
from volunteers.models import Absence, Availability, CalendarFeed, HeldQualification

pytestmark = pytest.mark.django_db
MORNING = {"weekday": 5, "from_time": "05:30", "to_time": "12:00"}
AWAY = {"starts_at": "2030-05-01T00:00:00+08:00", "ends_at": "2030-05-04T00:00:00+08:00"}


@pytest.fixture
def here():
    return places.area()


@pytest.fixture
def person(here):
    return make.volunteer(places.compound(here))


@pytest.fixture
def other(here):
    return make.volunteer(community=here)


@pytest.fixture
def api(person):
    return Api(person.user)


def test_one_sees_oneself(api, person):
    make.held(person, "typing")
    assert api.get("me/").json() == {
        "id": person.user_id,
        "name": person.user.name,
        "phone": person.user.phone,
        "email": None,
        "language": person.user.language,
        "urgent_calls": False,
        "volunteer": person.pk,
        "residence": person.residence_id,
        "skills": ["typing"],
    }


def test_an_account_that_is_no_volunteer_has_a_name_and_no_home():
    user = places.user()
    row = Api(user).get("me/").json()
    assert (row["name"], row["volunteer"], row["residence"], row["skills"]) == (user.name, None, None, [])
    assert Api(user).patch("me/", {"name": "新名"}).json()["name"] == "新名"
    assert told(Api(user).patch("me/", {"skills": []})) == (409, "not_enrolled")
    assert told(Api(user).post("me/availabilities/", MORNING)) == (409, "not_enrolled")
    assert Api(user).ids("me/absences/") == []


def test_what_is_left_out_stays(api, person, here):
    make.qualification("typing")
    make.held(person, "licence")
    HeldQualification.objects.get().qualification.__class__.objects.filter(slug="licence").update(self_declared=False)
    home = places.compound(here)
    row = api.patch("me/", {"skills": ["typing"], "residence": home.pk}).json()
    assert (row["skills"], row["residence"], row["name"]) == (["typing"], home.pk, person.user.name)
    row = api.patch("me/", {"language": "en", "urgent_calls": True}).json()
    assert (row["language"], row["urgent_calls"], row["skills"]) == ("en", True, ["typing"])
    assert api.patch("me/", {"skills": [], "residence": None}).json()["residence"] is None
    assert [held.qualification.slug for held in HeldQualification.objects.filter(volunteer=person)] == ["licence"]
    assert [(row["purpose"], row["withdrawn_at"]) for row in api.get("me/consents/").json()["results"]] == [
        ("urgent_calls", None)
    ]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"name": "\u200b"}, "name"),
        ({"language": "fr"}, "language"),
        ({"urgent_calls": "true"}, "urgent_calls"),
        ({"skills": ["flying"]}, "skills"),
        ({"phone": "+8612000000001"}, "phone"),
        ({"is_adult": True}, "is_adult"),
        ({"kind": "medical"}, "kind"),
    ],
)
def test_what_cannot_be_said_is_refused_and_changes_nothing(api, person, body, field):
    before = api.get("me/").json()
    answer = api.patch("me/", body)
    assert (answer.status_code, list(answer.json()["errors"])) == (400, [field])
    assert api.get("me/").json() == before


def test_a_home_is_one_of_ones_communities(api):
    elsewhere = places.compound()
    assert list(api.patch("me/", {"residence": elsewhere.pk}).json()["errors"]) == ["residence"]


def test_free_times_are_listed_added_once_and_removed(api, person):
    first, again = api.post("me/availabilities/", MORNING), api.post("me/availabilities/", MORNING)
    assert (first.status_code, again.status_code, again.json()) == (201, 200, first.json())
    assert first.json() | {"id": 0} == {"id": 0, "weekday": 5, "from_time": "05:30:00", "to_time": "12:00:00"}
    longer = api.post("me/availabilities/", MORNING | {"to_time": "13:00"}).json()
    assert (longer["id"], longer["to_time"]) == (first.json()["id"], "13:00:00")
    assert api.ids("me/availabilities/") == [longer["id"]]
    assert api.delete(f"me/availabilities/{longer['id']}/").status_code == 204
    assert told(api.delete(f"me/availabilities/{longer['id']}/")) == (404, "not_found")
    bad = api.post("me/availabilities/", MORNING | {"to_time": "05:00"})
    assert (bad.status_code, list(bad.json()["errors"])) == (400, ["to_time"])
    assert api.post("me/availabilities/", MORNING | {"weekday": 7}).status_code == 400
    assert api.post("me/availabilities/", MORNING | {"from_time": 5}).status_code == 400


def test_absences_are_listed_added_once_and_removed(api, person):
    first, again = api.post("me/absences/", AWAY), api.post("me/absences/", AWAY)
    assert (first.status_code, again.status_code, again.json()) == (201, 200, first.json())
    assert (first.json()["starts_at"], first.json()["ends_at"]) == ("2030-04-30T16:00:00Z", "2030-05-03T16:00:00Z")
    touching = AWAY | {"ends_at": "2030-05-02T00:00:00+08:00"}
    assert told(api.post("me/absences/", touching)) == (409, "already_away")
    assert api.post("me/absences/", AWAY | {"ends_at": "2030-05-01T00:00:00"}).status_code == 400
    assert api.ids("me/absences/") == [first.json()["id"]]
    assert api.delete(f"me/absences/{first.json()['id']}/").status_code == 204
    assert Absence.objects.count() == 0


def test_what_is_anothers_is_not_there(api, other):
    away = Absence.objects.create(volunteer=other, period=(NIGHT, DAWN))
    free = Availability.objects.create(volunteer=other, weekday=1, from_time="08:00", to_time="09:00")
    assert api.ids("me/absences/") == api.ids("me/availabilities/") == []
    assert told(api.delete(f"me/absences/{away.pk}/")) == (404, "not_found")
    assert told(api.delete(f"me/availabilities/{free.pk}/")) == (404, "not_found")
    assert (Absence.objects.count(), Availability.objects.count()) == (1, 1)


def test_withdrawn_consent_gives_back_what_was_planned(api, person, here):
    make.consent(person)
    start = DAWN + timedelta(days=365 * 20)
    post = make.post(make.shift(call_up=make.call(here, starts_at=start, ends_at=start + make.BLOCK), start=start))
    seat = signups.sign_up(post.pk, person.pk, now=NIGHT)
    first, again = api.post("me/consents/withdraw/"), api.post("me/consents/withdraw/")
    assert [row["purpose"] for row in first.json() if row["withdrawn_at"]] == ["service"]
    assert (again.status_code, again.json()) == (200, first.json())
    assert SignUp.objects.get(pk=seat.pk).status == "cancelled"


def test_the_calendars_address_is_shown_and_renewed_once(api, person):
    first = api.get("me/feed/").json()["address"]
    assert first == f"{settings.PUBLIC_URL}/my/feed/{CalendarFeed.objects.get().key}.ics"
    second = api.post("me/feed/", **{"idempotency-key": "a"}).json()["address"]
    repeat = api.post("me/feed/", **{"idempotency-key": "a"}).json()["address"]
    assert second == repeat != first
    assert api.get("me/feed/").json()["address"] == second


def test_ones_own_sign_ups_are_ones_own(api, person, other, here):
    post = make.post(make.shift(call_up=make.call(here)), 2)
    mine = signups.sign_up(post.pk, person.pk, now=NIGHT)
    signups.sign_up(post.pk, other.pk, now=NIGHT)
    assert api.ids("me/sign-ups/") == [mine.pk]
    assert api.ids("me/sign-ups/", status="waitlisted") == []
    lead = places.grant(area=here, user_=person.user).user
    assert Api(lead).ids("me/sign-ups/") == [mine.pk]


def test_a_token_needs_the_scope_of_oneself(person):
    reads, writes = Api(person.user, scopes=["me:read"]), Api(person.user, scopes=["me:write"])
    assert reads.get("me/").status_code == reads.get("me/sign-ups/").status_code == 200
    assert told(reads.patch("me/", {"language": "en"})) == (403, "scope_missing")
    assert told(reads.get("sign-ups/")) == (403, "scope_missing")
    assert writes.patch("me/", {"language": "en"}).status_code == 200
    assert told(writes.get("me/")) == (403, "scope_missing")
    assert told(Api().get("me/")) == (401, "not_authenticated")
