"""Rounds of doors over the API: begun, dealt, given, knocked at in batches, decided and closed."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from staffing.models import DoorRound, DoorVisit, HomeService
from tests.doors import Api, told
from tests.factories import communities as places
from tests.factories.doors import Yard, knock, seat_of, tap

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


@pytest.fixture
def yard():
    now = timezone.now()
    return Yard(start=now - 20 * MINUTE, now=now - 60 * MINUTE, dealt=2)


def row(door, outcome="notified", **said):
    at = timezone.now() - MINUTE
    return {"client_id": str(uuid4()), "made_at": at.isoformat(), "door": door.pk, "outcome": outcome} | said


def test_a_round_from_its_begin_to_its_end(yard):
    lead, now = Api(yard.lead), timezone.now()
    body = {
        "area": yard.area.pk,
        "title": "再走一遍",
        "begins_at": (now - MINUTE).isoformat(),
        "ends_at": (now + 300 * MINUTE).isoformat(),
        "compounds": [yard.home.pk],
    }

    made = lead.post("door-rounds/", body).json()
    lead.post(f"door-rounds/{made['id']}/deal/", {"number": 2})
    beats = lead.get("beats/", round=made["id"]).json()["results"]
    refused = lead.post(f"door-rounds/{made['id']}/close/")
    closed = lead.post(f"door-rounds/{made['id']}/close/", {"waiver": "改到明天"}).json()

    assert (made["counts"]["doors"], len(beats)) == (36, 2)
    assert told(refused) == (409, "doors_pending")
    assert (closed["waiver"], bool(closed["closed_at"])) == ("改到明天", True)
    assert lead.ids("door-rounds/", open="true") == [yard.round.pk]


def test_who_has_the_beat_reads_its_doors_and_sends_taps_in_a_batch(yard):
    person = yard.helper(yard.beats[0])
    phone = Api(person.user)
    said = [row(yard.door("101")), row(yard.door("102"), "home_service", need="care"), row(yard.door("101", 1))]

    first = phone.post("door-visits/record/", {"visits": said, "sent_at": timezone.now().isoformat()}).json()
    again = phone.post("door-visits/record/", {"visits": said}).json()

    assert len(phone.ids("doors/", beat=yard.beats[0].pk)) == 18
    assert phone.ids("doors/", beat=yard.beats[1].pk) == []
    assert [(one["result"], one["code"]) for one in first["results"]] == [
        ("taken", ""),
        ("taken", ""),
        ("refused", "not_your_door"),
    ]
    assert [one["result"] for one in again["results"]] == ["known", "known", "refused"]
    assert (DoorVisit.objects.count(), HomeService.objects.get().need) == (2, "care")


def test_undoing_needs_the_tap_alone(yard):
    phone, one = Api(yard.helper().user), None
    one = row(yard.door("101"))
    phone.post("door-visits/record/", {"visits": [one]})

    back = {"client_id": one["client_id"], "made_at": timezone.now().isoformat(), "undo": True}
    found = phone.post("door-visits/record/", {"visits": [back]}).json()

    assert found["results"][0]["result"] == "taken"
    assert yard.door("101").outcome == "pending"


@pytest.mark.parametrize(
    "said",
    [
        {"outcome": "pending"},
        {"outcome": "home_service"},
        {"need": "care"},
        {"made_at": "2022-04-11T06:00:00"},
        {"client_id": "x"},
        {"who": "me"},
    ],
)
def test_a_tap_that_makes_no_sense_is_refused_by_field(yard, said):
    found = Api(yard.helper().user).post("door-visits/record/", {"visits": [row(yard.door("101"), **said)]})

    assert (found.status_code, DoorVisit.objects.count()) == (400, 0)


def test_beats_are_given_and_taken_back(yard):
    person = yard.helper(yard.beats[0])
    lead, seat, beat = Api(yard.lead), seat_of(person), yard.beats[1]

    given = lead.post(f"beats/{beat.pk}/give/", {"sign_up": seat.pk}).json()
    back = lead.post(f"beats/{beat.pk}/take-back/", {"sign_up": seat.pk}).json()
    foreign = lead.post(f"beats/{beat.pk}/give/", {"sign_up": seat.pk + 999})

    assert (given["seats"], back["seats"], foreign.status_code) == ([seat.pk], [], 400)


def test_coverage_decision_and_homes(yard):
    first, second = yard.helper(), yard.helper()
    knock(first, tap(yard.door("101"), "vacant", yard.start + MINUTE))
    knock(second, tap(yard.door("101"), "home_service", yard.start + 2 * MINUTE, need="food"))
    lead = Api(yard.lead)

    before = lead.get(f"door-rounds/{yard.round.pk}/coverage/").json()
    (home,) = lead.get("home-services/", round=yard.round.pk, include="door").json()["results"]
    done = lead.post(f"home-services/{home['id']}/finish/").json()
    decided = lead.post(f"doors/{yard.door('101').pk}/decide/", {"outcome": "vacant"}).json()

    assert (before["total"]["done"], before["total"]["disputed"]) == (1, 1)
    assert [(one["no"], one["doors"]) for one in before["entrances"]] == [("3单元", 18), ("1单元", 18)]
    assert (home["door"]["number"], done["status"]) == ("101", "done")
    assert (decided["outcome"], decided["said"]) == ("vacant", ["vacant"])
    assert told(lead.post(f"home-services/{home['id']}/cancel/", {"reason": "x"})) == (409, "home_is_over")


def test_another_community_finds_nothing(yard):
    knock(yard.helper(), tap(yard.door("101"), "home_service", yard.start + MINUTE, need="food"))
    other = Api(places.lead(places.area()))

    for path in ("door-rounds/", "beats/", "doors/", "door-visits/", "home-services/"):
        assert other.ids(path) == [], path
    body = {"area": yard.area.pk, "title": "x", "begins_at": yard.start.isoformat(), "ends_at": yard.end.isoformat()}
    assert other.post("door-rounds/", body | {"compounds": [yard.home.pk]}).status_code == 403
    assert DoorRound.objects.count() == 1


def test_lists_ask_the_same_for_one_row_and_for_thirty(yard, queries_of):
    person, lead = yard.helper(), Api(yard.lead)
    doors = yard.doors()
    paths = ("door-rounds/", "beats/", "doors/", "door-visits/", "home-services/")
    knock(person, tap(doors[0], "home_service", yard.start + MINUTE, need="care"))
    lead.get("doors/")

    few = [queries_of(lambda path=path: lead.get(path)) for path in paths]
    knock(person, *(tap(door, "home_service", yard.start + MINUTE, need="care") for door in doors[1:18]))
    for _more in range(3):
        yard.begin()
    assert [queries_of(lambda path=path: lead.get(path)) for path in paths] == few


LIST = "楼栋,单元,房号,电梯\n7号楼,1单元,101,无\n7号楼,1单元,102,无\n7号楼,,103,无\n"


def test_the_doors_of_an_entrance_come_from_a_pattern_and_are_read_from_below(yard):
    lead, here = Api(yard.lead), f"compounds/{yard.home.pk}/"
    said = {"building": "8号楼", "entrance": "2单元", "storeys": 2, "flats": 2, "has_lift": True}

    first, again = (lead.post(f"{here}doors:generate/", said).json() for _time in range(2))
    rows = lead.get("entrances/", compound=yard.home.pk).json()["results"]

    assert (first, again) == ({"doors": 4, "entrances": 1}, {"doors": 0, "entrances": 0})
    assert [(row["building"], len(row["doors"])) for row in rows] == [("4号楼", 18), ("6号楼", 18), ("8号楼", 4)]
    assert [door["number"] for door in rows[-1]["doors"]] == ["101", "102", "201", "202"]
    assert (rows[-1]["has_lift"], rows[-1]["storeys"]) == (True, 2)


def test_a_list_of_doors_is_looked_at_before_it_is_taken_in_whole_or_not_at_all(yard):
    lead, here = Api(yard.lead), f"compounds/{yard.home.pk}/"
    right = LIST.replace("7号楼,,103", "7号楼,1单元,103")

    seen = lead.post(f"{here}doors:preview/", {"text": LIST}).json()
    refused = lead.post(f"{here}doors:commit/", {"text": LIST})
    taken, again = (lead.post(f"{here}doors:commit/", {"text": right}).json() for _time in range(2))
    bad = lead.post(f"{here}doors:preview/", {"text": "a,b\n1,2"})

    assert (seen["new"], seen["known"], seen["wrong"]) == (2, 0, 1)
    assert [(line["line"], line["kind"], line["problems"]) for line in seen["lines"]] == [
        (2, "new", []),
        (3, "new", []),
        (4, "wrong", ["entrance_missing"]),
    ]
    assert (refused.status_code, list(refused.json()["errors"])) == (400, ["text"])
    assert (taken["doors"], again["doors"]) == (3, 0)
    assert (bad.status_code, list(bad.json()["errors"])) == (400, ["text"])


def test_doors_are_entered_and_read_by_who_looks_after_the_place(yard):
    stranger = Api(places.lead(places.area()))
    said = {"building": "8号楼", "entrance": "2单元", "storeys": 2, "flats": 2, "has_lift": True}
    assert stranger.ids("entrances/") == []
    assert stranger.post(f"compounds/{yard.home.pk}/doors:generate/", said).status_code == 403


@pytest.mark.parametrize("storeys", [1, 30])
def test_entrances_cost_the_same_few_queries_whatever_their_doors(yard, storeys, django_assert_num_queries):
    lead = Api(yard.lead)
    said = {"building": "8号楼", "entrance": "2单元", "storeys": storeys, "flats": 3, "has_lift": True}
    lead.post(f"compounds/{yard.home.pk}/doors:generate/", said)
    lead.get("entrances/")
    with django_assert_num_queries(4):
        lead.get("entrances/", compound=yard.home.pk)
