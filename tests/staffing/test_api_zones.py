"""Zones over the API: consequences first, set, proposed and answered; what a level means; how far a re-check has come."""

from datetime import timedelta

import pytest
from django.utils import timezone

from communities.models import ZoneProposal, ZoneStatus
from communities.states import RoleName
from staffing.actions import rechecks
from staffing.actions.signups import sign_up
from staffing.models import SignUp, ZoneRecheck
from tests.factories import communities as places
from tests.factories import staffing as make
from tests.staffing.desks import Desk

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk():
    places.policies()
    return Desk(seats=5)


def post(client, address, **said):
    return client.post(f"/api/v1/{address}", said, content_type="application/json")


def notice(desk, **fields):
    said = {"level": "lockdown", "since": desk.now.isoformat(), "issuer": "示范指挥部", "notice_no": "42"}
    return said | {"compound": desk.home.pk} | fields


@pytest.fixture
def district(desk):
    return places.client(desk.holder(RoleName.DISTRICT_LEAD))


def test_a_dry_run_says_what_it_would_do_and_changes_nothing(desk, district):
    sign_up(desk.post.pk, make.volunteer().pk, now=desk.now)
    foreseen = post(district, "zone-statuses/?dry_run=true", **notice(desk))

    assert foreseen.status_code == 200
    assert foreseen.json() == {
        "seats": 1, "stay": 0, "approve": 0, "cannot_enter": 1, "cannot_leave": 0, "on_duty": 0, "line": 0, "people": 1,
    }  # fmt: skip
    assert [ZoneStatus.objects.count(), ZoneRecheck.objects.count()] == [0, 0]


def test_a_status_is_set_its_progress_read_and_its_repair_list_shown_to_who_sees_names(desk, district):
    seat = sign_up(desk.post.pk, make.volunteer().pk, now=desk.now)
    made = post(district, "zone-statuses/", **notice(desk)).json()
    progress = district.get(f"/api/v1/zone-rechecks/{made['recheck']}/").json()
    assert [progress[name] for name in ("seats", "checked", "finished_at")] == [1, 0, None]

    rechecks.run(made["recheck"], timezone.now())

    progress = district.get(f"/api/v1/zone-rechecks/{made['recheck']}/").json()
    assert (progress["checked"], bool(progress["finished_at"])) == (1, True)
    found = desk.as_lead().get(f"/api/v1/zone-rechecks/{made['recheck']}/repair-list/").json()
    assert found["found"] == [{"sign_up": seat.pk, "verdict": "cannot_enter", "code": "zone_residents_only"}]
    command = places.client(places.lead(desk.district, RoleName.CITY_COMMAND))
    seen = command.get(f"/api/v1/zone-rechecks/{made['recheck']}/repair-list/").json()
    assert (seen["figures"]["cannot_enter"], seen["found"]) == (1, [])


def test_two_changes_at_the_same_instant_are_a_conflict(desk, district):
    assert post(district, "zone-statuses/", **notice(desk)).status_code == 201
    again = post(district, "zone-statuses/", **notice(desk, level="controlled"))
    assert (again.status_code, again.json()["code"]) == (409, "zone_same_instant")


@pytest.mark.parametrize(
    "wrong",
    [{"level": "red"}, {"compound": None}, {"area": 1}, {"since": "2022-04-03T18:00:00"}, {"why": "x"}, {"issuer": 1}],
)
def test_what_cannot_be_read_is_told_by_field(desk, district, wrong):
    answer = post(district, "zone-statuses/", **notice(desk, **wrong))
    assert answer.status_code == 400
    assert not ZoneStatus.objects.exists()


def test_the_community_proposes_and_the_district_sets_or_refuses(desk, district):
    said = {"compound": desk.home.pk, "level": "lockdown", "since": desk.now.isoformat()}
    assert post(district, "zone-proposals/", **said).status_code == 403
    asked = post(desk.as_lead(), "zone-proposals/", **said)
    assert (asked.status_code, asked.json()["status"]) == (201, "proposed")
    assert post(desk.as_lead(), "zone-proposals/", **said).status_code == 200

    basis = {name: value for name, value in notice(desk).items() if name != "compound"}
    assert post(desk.as_lead(), f"zone-proposals/{asked.json()['id']}/set/", **basis).status_code == 403
    done = post(district, f"zone-proposals/{asked.json()['id']}/set/", **basis)
    assert (done.status_code, done.json()["status"]) == (200, "set")
    assert ZoneProposal.objects.get().made == ZoneStatus.objects.get()

    late = post(district, f"zone-proposals/{asked.json()['id']}/refuse/", answer="再看看")
    assert (late.status_code, late.json()["code"]) == (409, "invalid_transition")


def test_a_level_is_written_by_who_keeps_the_scheme_and_never_looser_than_the_one_below(desk, district):
    keeper = places.client(places.lead(desk.district, RoleName.SYSTEM_ADMIN))
    level = next(row for row in keeper.get("/api/v1/zone-policies/").json()["results"] if row["level"] == "lockdown")
    address = f"/api/v1/zone-policies/{level['id']}/"

    looser = keeper.patch(address, {"entry": "anyone"}, content_type="application/json")
    assert (looser.status_code, looser.json()["code"]) == (409, "policy_looser")
    stricter = keeper.patch(address, {"pass_for": ["door_beat"]}, content_type="application/json")
    assert (stricter.json()["pass_for"], stricter.json()["version"]) == (["door_beat"], 2)
    assert district.patch(address, {"name": "x"}, content_type="application/json").status_code == 403


def test_a_pass_is_given_by_the_district_asked_for_by_the_lead_and_opens_the_gate(desk, district):
    person = make.volunteer(community=desk.area)
    post(district, "zone-statuses/", **notice(desk))
    said = {"volunteer": person.pk, "compound": desk.home.pk, "reason": "消毒", "closed_loop": True}
    said |= {"start": desk.now.isoformat(), "end": (desk.now + timedelta(days=2)).isoformat()}
    asked = post(desk.as_lead(), "access-passes/", **said).json()
    assert (asked["issued_at"], asked["closed_loop"]) == (None, True)
    assert post(places.client(person.user), "sign-ups/", post=desk.post.pk).json()["code"] == "zone_residents_only"

    assert post(district, f"access-passes/{asked['id']}/issue/").status_code == 200
    make.consent(person)
    assert post(places.client(person.user), "sign-ups/", post=desk.post.pk).status_code == 201
    assert SignUp.objects.get().status == "signed_up"  # the lead approves each one inside a sealed compound

    assert post(desk.as_lead(), f"access-passes/{asked['id']}/revoke/").json()["revoked_at"]
    assert ZoneRecheck.objects.filter(access_pass=asked["id"]).exists()


@pytest.mark.parametrize("count", [1, 12])
def test_lists_cost_the_same_however_long(desk, district, queries_of, count):
    for number in range(count):
        places.zone("controlled", since=desk.now - timedelta(days=1), compound=places.compound(desk.area), group=number)
    assert queries_of(lambda: district.get("/api/v1/zone-statuses/?current=true")) == 3
