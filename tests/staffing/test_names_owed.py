"""An organisation that owes names is reminded in time, and gives them by a link."""

from datetime import timedelta

import pytest
import time_machine

from communities.messages import links
from communities.models import Message
from communities.states import RoleName
from staffing.actions import pledges
from staffing.messages.pledges import read, text
from staffing.models import Pledge, Post
from tests.factories import communities as places
from tests.factories import staffing as make
from tests.factories.staffing import DAWN, NIGHT

pytestmark = pytest.mark.django_db
DUE = NIGHT + timedelta(hours=4)


@pytest.fixture
def promised():
    unit = places.organisation()
    places.grant(RoleName.ORG_HR, organisation=unit, starts_at=NIGHT - timedelta(days=1))
    post = make.post(make.shift(call_up=make.call()), seats=4)
    return pledges.promise(post.pk, unit.pk, 3, DUE, by=places.user(), now=NIGHT)


def address(pledge):
    return f"/l/{links.make(links.Purpose.PLEDGE, Message.objects.get(kind='names_owed').pk, pledge.due_at)}/"


def test_who_owes_names_is_reminded_once_three_hours_before(promised):
    told = Message.objects.filter(kind="names_owed", target=promised.pk)
    pledges.remind(DUE - timedelta(hours=3, minutes=1))
    assert told.count() == 0
    for minute in (0, 1, 30):
        pledges.remind(DUE - timedelta(hours=3) + timedelta(minutes=minute))
    assert told.count() == 1
    named = make.volunteer()
    for _seat in range(3):
        pledges.name(promised.pk, named.pk, by=places.user(), now=NIGHT)
        named = make.volunteer()
    assert read(list(told), NIGHT) == {}


def test_the_message_says_how_many_and_links_to_the_form(promised):
    pledges.remind(DUE - timedelta(hours=1))
    told = list(Message.objects.filter(kind="names_owed"))
    (owed,) = read(told, NIGHT).values()
    assert owed.names == 3
    assert address(promised) in text(owed)


def test_names_are_given_by_the_link_without_an_account(promised, client):
    pledges.remind(DUE - timedelta(hours=1))
    said = {"name": "赵演示", "phone": "12000007123", "is_adult": "on", "consent": "on"}
    with time_machine.travel(DUE - timedelta(hours=1), tick=False):
        assert client.get(address(promised)).status_code == 200
        assert client.post(address(promised), said | {"consent": ""}).status_code == 400
        assert client.post(address(promised), said).status_code == 303
    promised.refresh_from_db()
    signup = promised.sign_ups.get()
    assert (promised.named, signup.status, signup.volunteer.name) == (1, "confirmed", "赵演示")
    assert signup.entered_by.grants.get().organisation == promised.organisation


def test_the_link_is_over_when_the_names_are_due_and_the_seats_are_a_gap_again(promised, client):
    pledges.remind(DUE - timedelta(hours=1))
    assert Post.objects.get().pledged == 3
    pledges.lapse(DUE)
    assert (Post.objects.get().pledged, Pledge.objects.get().status) == (0, "lapsed")
    with time_machine.travel(DUE + timedelta(minutes=1), tick=False):
        assert client.get(address(promised)).status_code == 410
        assert client.get(f"/l/{links.make(links.Purpose.SEAT, 1, DAWN)}/").status_code == 404
