"""How many were served at a seat, entered on the board and over the API; lanes are measured by it."""

from datetime import timedelta

import pytest
from django.urls import reverse

from communities.states import RoleName
from staffing.models import SignUp, WorkCount
from tests.doors import Api, told
from tests.factories import communities as places
from tests.staffing.desks import Desk, text
from tests.staffing.test_web_board import SOON, leader, seated

pytestmark = pytest.mark.django_db


def test_the_leader_enters_the_numbers_of_those_who_are_or_were_there():
    desk = Desk(starts_in=SOON, seats=3)
    here, gone, missing = seated(desk, "checked_in"), seated(desk, "completed"), seated(desk)
    client, address = leader(desk), reverse("board_counts", args=[desk.shift.pk])

    page = text(client.get(address))
    assert here.volunteer.user.name in page
    assert missing.volunteer.user.name not in page
    answer = client.post(address, {str(here.pk): "612", str(gone.pk): "", str(missing.pk): "5"})

    assert (answer.status_code, answer["Location"]) == (303, reverse("board", args=[desk.shift.pk]))
    assert list(WorkCount.objects.values_list("sign_up", "number")) == [(here.pk, 612)]
    client.post(address, {str(here.pk): "640", str(gone.pk): "1200"})
    assert dict(WorkCount.objects.values_list("sign_up", "number")) == {here.pk: 640, gone.pk: 1200}
    assert 'value="640"' in client.get(address).content.decode()


def test_a_number_that_nobody_could_serve_is_said_so_and_none_is_kept():
    desk = Desk(starts_in=SOON, seats=3)
    one, other = seated(desk, "checked_in"), seated(desk, "checked_in")
    answer = leader(desk).post(reverse("board_counts", args=[desk.shift.pk]), {str(one.pk): "5", str(other.pk): "-1"})
    assert answer.status_code == 400
    assert not WorkCount.objects.exists()


def test_a_count_over_the_api_is_kept_once_and_only_for_who_was_there():
    desk = Desk(starts_in=timedelta(minutes=-20))
    api = Api(places.lead(desk.area, RoleName.POINT_LEAD))
    seat = seated(desk, "checked_in")
    path = f"sign-ups/{seat.pk}/count-work/"

    assert [api.post(path, {"number": number}).status_code for number in (10, 1200, -1, 20_001)] == [200, 200, 400, 400]
    assert list(WorkCount.objects.values_list("number", flat=True)) == [1200]
    SignUp.objects.filter(pk=seat.pk).update(status="no_show")
    assert told(api.post(path, {"number": 3})) == (409, "too_early")
    assert Api(seat.volunteer.user).post(path, {"number": 3}).status_code == 403
