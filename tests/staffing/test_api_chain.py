"""A chain list over the API: what it would do, and taking it in, as often as one likes."""

import pytest
from django.test import Client

from communities.actions import tokens
from communities.models import User
from communities.states import SCOPES
from staffing.models import ChainRow, SignUp
from tests.factories import communities as places
from tests.factories import staffing as make
from tests.staffing.desks import Desk

pytestmark = pytest.mark.django_db
LIST = "#接龙\n明早志愿者\n\n1. 张三 3号楼 12012345678 扫码\n2. 李四 +1\n3. 还缺人吗？\n4. 袁阿姨"


@pytest.fixture
def desk():
    return Desk(seats=10)


def machine(desk, user=None):
    token = tokens.issue(user or desk.lead, "chain", SCOPES, 1, now=desk.now)[1]
    return Client(headers={"authorization": f"Bearer {token}", "accept-language": "en"})


def send(desk, doing, user=None, **body):
    address = f"/api/v1/call-ups/{desk.call.pk}/chain:{doing}/"
    return machine(desk, user).post(address, body, content_type="application/json")


def test_the_preview_says_of_each_line_what_was_read_and_what_would_become_of_it(desk):
    auntie = make.volunteer(desk.home, user=User.objects.create_user(name="袁秀兰"))

    found = send(desk, "preview", text=LIST).json()

    assert (found["title"], found["comers"], found["new"], found["gone"]) == ("明早志愿者", 3, 4, 0)
    assert [(line["kind"], line["how"], line["reason"]) for line in found["lines"]] == [
        ("new", "new", ""),
        ("new", "new", ""),
        ("ask", "", "only_question"),
        ("ask", "", "family_name"),
    ]
    assert found["lines"][3]["choices"] == [{"volunteer": auntie.pk, "name": "袁秀兰"}]
    assert found["lines"][2]["detail"] == "This line only asks something."
    first = found["lines"][0]
    assert (first["name"], first["phone"], first["building"], first["role"]) == (
        "张三",
        "+8612012345678",
        "3",
        "data_entry",
    )
    assert ChainRow.objects.count() == 0


def test_taking_it_in_twice_is_taking_it_in_once(desk):
    once = send(desk, "commit", text=LIST).json()
    twice = send(desk, "commit", text=LIST).json()

    assert once == {"entered": 4, "waiting": 0, "asking": 1, "changed": 0, "back": 0, "same": 0}
    assert twice == {"entered": 0, "waiting": 0, "asking": 0, "changed": 0, "back": 0, "same": 4}
    assert SignUp.objects.filter(channel="chain").count() == 4


def test_seats_go_back_only_when_asked_for(desk):
    send(desk, "commit", text="1. 张三\n2. 李四")

    assert send(desk, "commit", text="2. 李四").json()["asking"] == 1
    assert SignUp.objects.alive().count() == 2
    send(desk, "commit", text="2. 李四 3号楼", free=True)
    assert SignUp.objects.alive().count() == 1


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"text": 3},
        {"text": "大家好"},
        {"text": "1. 张三\n" * 10_001},
        {"text": "1. 张三", "fre": True},
        {"text": "1. 张三", "free": "yes"},
    ],
)
def test_what_cannot_be_read_is_told_by_field(desk, body):
    assert send(desk, "commit", **body).status_code == 400
    assert ChainRow.objects.count() == 0


def test_only_who_runs_the_call_takes_in_its_list(desk):
    for user in (places.lead(places.area()), make.volunteer(desk.home).user):
        assert send(desk, "preview", user, text=LIST).status_code == 403
        assert send(desk, "commit", user, text=LIST).status_code == 403
