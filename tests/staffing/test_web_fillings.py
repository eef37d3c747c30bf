"""Open seats filled at the desk and over the API: what is shown, what it costs, and without a script."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from communities.locks import one_of
from communities.messages import links
from communities.states import RoleName
from staffing.actions import solving
from staffing.models import Filling, Move, SignUp
from staffing.states import FillingStatus, Mark
from tests.doors import Api
from tests.factories import communities as places
from tests.factories import staffing as make
from tests.staffing.desks import Desk

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk():
    found = Desk(seats=3)
    for _n in range(2):
        make.volunteer(found.home)
    trained = make.role("disinfection")
    trained.requires.add(make.qualification("disinfection", self_declared=False))
    make.post(found.shift, 2, role=trained)
    return found


@pytest.fixture
def browser(desk):
    return english(desk.as_lead())


def english(client):
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return client


def asked(desk, browser) -> Filling:
    """As the form says it."""
    page = browser.get(reverse("proposal_new"))
    said = {name: field.initial for name, field in page.context["form"].fields.items() if field.initial is not None}
    response = browser.post(reverse("proposal_new"), said | page.context["form"].initial)
    found = Filling.objects.get()
    assert response["Location"] == reverse("proposal", args=[found.pk])
    return found


def solved(desk, browser) -> Filling:
    found = asked(desk, browser)
    solving.run(found.pk, desk.now)
    return found


def text(response) -> str:
    return response.content.decode()


def test_the_form_begins_with_the_next_call_and_its_days(desk, browser):
    page = browser.get(reverse("proposal_new"), {"call": desk.call.pk})
    assert page.context["form"].initial["call"] == desk.call.pk
    assert browser.post(reverse("proposal_new"), {"day": "2001-01-01", "days": 9, "seconds": 60}).status_code == 400
    assert not Filling.objects.exists()


def test_while_it_is_worked_out_the_page_says_how_far_it_is_and_can_be_stopped(desk, browser):
    found = asked(desk, browser)
    page = text(browser.get(reverse("proposal", args=[found.pk])))
    assert "It is being worked out" in page
    assert "Stop, and keep the best so far" in page
    assert browser.get(reverse("proposal_live", args=[found.pk])).status_code == 200
    browser.post(reverse("proposal_do", args=[found.pk, "stop"]))
    assert Filling.objects.get().stop_asked
    solving.run(found.pk, desk.now)
    assert browser.get(reverse("proposal_live", args=[found.pk]))["HX-Refresh"] == "true"


def test_it_says_how_many_workers_have_it_in_hand_and_when_none_has(desk, browser):
    found = asked(desk, browser)
    live = reverse("proposal_live", args=[found.pk])
    assert "the next free one goes on" in text(browser.get(live))
    with one_of(f"filling facts {found.pk}"):
        assert "1 worker is on it." in text(browser.get(live))
    Filling.objects.update(begun_at=timezone.now() - timedelta(minutes=2))
    assert "No worker has it in hand." in text(browser.get(live))


def test_from_the_question_to_adopted_seats_without_a_script(desk, browser):
    found = solved(desk, browser)
    page = text(browser.get(reverse("proposal", args=[found.pk])))
    for words in ("Adopt 2 seats", "lives in this very compound", "2 people only lack the qualification"):
        assert words in page
    move = Move.objects.order_by("pk")[0]
    browser.post(reverse("move_do", args=[move.pk, "ban"]), {"back": f"/desk/proposals/{found.pk}/"})
    assert Move.objects.get(pk=move.pk).mark == Mark.BANNED
    browser.post(reverse("proposal_do", args=[found.pk, "rework"]))
    solving.run(found.pk, desk.now)
    page = text(browser.get(reverse("proposal", args=[found.pk])))
    assert "Adopt 1 seat" in page
    assert f"Allow {move.volunteer.user.name} again" in page
    browser.post(reverse("proposal_do", args=[found.pk, "adopt"]))
    assert SignUp.objects.get().status == "invited"
    assert "Take it all back" in text(browser.get(reverse("proposal", args=[found.pk])))
    browser.post(reverse("proposal_do", args=[found.pk, "undo"]))
    assert SignUp.objects.get().reason == "proposal_undone"


def test_the_person_reads_why_they_are_asked_and_says_no_with_one_tap(desk, browser, client):
    found = solved(desk, browser)
    browser.post(reverse("proposal_do", args=[found.pk, "adopt"]))
    signup = SignUp.objects.order_by("pk")[0]
    address = f"/a/{links.make(links.Purpose.SEAT, signup.pk, signup.period.upper)}"
    page = text(client.get(address, headers={"accept-language": "en"}))
    assert "Why you: lives in this very compound" in page
    client.post(address, {"seen": f"{signup.pk}.{signup.shift.version}", "answer": "cannot"})
    signup.refresh_from_db()
    assert (signup.status, signup.late) == ("declined", False)


def test_a_subdistrict_works_it_out_and_leaves_the_yes_to_who_runs_the_shifts(desk):
    above = english(places.client(desk.holder(RoleName.SUBDISTRICT_LEAD), raise_request_exception=False))
    found = Filling.objects.create(
        area=desk.area, starts_at=desk.now, ends_at=desk.now + timedelta(days=1), made_by=desk.lead, made_at=desk.now,
        begun_at=desk.now,
    )  # fmt: skip
    solving.run(found.pk, desk.now)
    page = text(above.get(reverse("proposal", args=[found.pk])))
    assert "To adopt it is for whoever runs the shifts there." in page
    assert above.post(reverse("proposal_do", args=[found.pk, "adopt"])).status_code == 403
    assert above.post(reverse("proposal_do", args=[found.pk, "rework"])).status_code == 303


def test_the_page_costs_the_same_with_one_seat_and_with_thirty():
    counts = []
    for people in (1, 30):
        desk = Desk(seats=60)
        for _n in range(people):
            make.volunteer(desk.home)
        browser = desk.as_lead()
        browser.get(reverse("desk"))
        found = Filling.objects.create(
            area=desk.area, starts_at=desk.now, ends_at=desk.now + timedelta(days=1), made_by=desk.lead,
            made_at=desk.now, begun_at=desk.now,
        )  # fmt: skip
        solving.run(found.pk, desk.now)
        assert found.moves.count() == people
        with CaptureQueriesContext(connection) as caught:
            assert browser.get(reverse("proposal", args=[found.pk])).status_code == 200
        counts.append(len(caught))
    assert counts[0] == counts[1]


def test_over_the_api_from_the_question_to_adopted_seats(desk):
    api = Api(desk.lead)
    window = {"starts_at": desk.now.isoformat(), "ends_at": (desk.now + timedelta(days=1)).isoformat()}
    made = api.post("proposals/", {"area": desk.area.pk, "call_up": desk.call.pk} | window)
    assert (made.status_code, made.json()["status"]) == (201, "solving")
    pk = made.json()["id"]
    assert api.post("proposals/", {"area": desk.area.pk, "call_up": desk.call.pk} | window).json()["id"] == pk
    solving.run(pk, desk.now)
    shown = api.get(f"proposals/{pk}/").json()
    assert (shown["status"], shown["summary"]["before"], shown["summary"]["after"]) == ("ready", 5, 3)
    seats = api.get(f"proposals/{pk}/seats/").json()
    assert [move["asked"] for move in seats["moves"]] == [True, True]
    assert seats["gaps"][0]["binding"] == "qualified"
    marked = api.post(f"proposals/{pk}/mark/", {"move": seats["moves"][0]["id"], "mark": "pinned"})
    assert marked.status_code == 200
    assert api.post(f"proposals/{pk}/mark/", {"move": 10**9, "mark": "pinned"}).status_code == 404
    assert api.post(f"proposals/{pk}/adopt/").json()["status"] == "adopted"
    assert SignUp.objects.filter(status="invited").count() == 2
    assert api.post(f"proposals/{pk}/undo/").json()["status"] == "undone"


def test_over_the_api_a_call_of_another_place_and_too_long_a_window_are_refused(desk):
    api, elsewhere = Api(desk.lead), make.call()
    week = {"starts_at": desk.now.isoformat(), "ends_at": (desk.now + timedelta(days=8)).isoformat()}
    assert api.post("proposals/", {"area": desk.area.pk} | week).json()["errors"].keys() == {"ends_at"}
    day = week | {"ends_at": (desk.now + timedelta(days=1)).isoformat()}
    wrong = api.post("proposals/", {"area": desk.area.pk, "call_up": elsewhere.pk} | day)
    assert (wrong.status_code, set(wrong.json()["errors"])) == (400, {"call_up"})


def test_a_proposal_that_failed_says_that_nothing_has_changed(desk, browser):
    found = asked(desk, browser)
    Filling.objects.update(status=FillingStatus.FAILED)
    page = text(browser.get(reverse("proposal", args=[found.pk])))
    assert "Nothing has changed. Try again" in page
