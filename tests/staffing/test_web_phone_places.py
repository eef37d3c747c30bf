"""One's own places: the pass, one-tap answers, "I cannot come", my shifts, the calendar, my page."""

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from icalendar import Calendar

from communities.messages import links
from communities.messages.links import Purpose
from staffing.actions import attendance, decisions, shift_moves, shifts
from staffing.actions.signups import sign_up
from staffing.models import CallUp, Shift, SignUp
from tests.communities.conftest import clean_redis, texts  # noqa: F401
from tests.factories import communities as places
from tests.factories import staffing as make
from tests.factories.staffing import BLOCK
from tests.staffing.phone import Scene, signed_in
from volunteers.models import Absence, Availability, CalendarFeed, Consent, HeldQualification, ServiceRecord

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clean_redis")]
EN = {"accept-language": "en"}


@pytest.fixture(autouse=True)
def _demo(settings):
    settings.DEMO = True


@pytest.fixture
def scene():
    return Scene()


def text(response):
    return " ".join(response.content.decode().split())


def again(signup):
    return SignUp.objects.get(pk=signup.pk)


def now():
    return timezone.now()


def postpone(shift, length):
    start, end = shift.starts_at + length, shift.ends_at + length
    shift_moves.move(shift.pk, starts_at=start, ends_at=end, by=places.user(), now=now())


def page_of(signup):
    mine = signed_in(signup.volunteer)
    return text(mine.get(f"/s/{signup.pk}/"))


def offered(scene):
    """A reserve to whom a freed seat is being offered."""
    holders = scene.fill()
    reserve = scene.take(scene.post)
    decisions.cancel(holders[0].pk, by=places.user(), now=now(), reason="double_entry")
    return again(reserve)


def link(signup, purpose=None):
    expires = signup.respond_by if signup.status == "invited" else signup.period.upper
    token = links.make(purpose or (Purpose.OFFER if signup.status == "invited" else Purpose.SEAT), signup.pk, expires)
    return f"/a/{token}"


def tap(path, answer, **more):
    """Open the link without signing in, and press the button."""
    browser = Client(headers=EN)
    seen = browser.get(path).context["seen"]
    return browser.post(path, {"answer": answer, "seen": seen} | more)


# The pass


def test_a_seat_is_a_vest_with_number_point_role_gate_and_leader(scene):
    page = page_of(scene.take())
    told = [
        'class="ticket"',
        "</span>1</p>",
        "Point 12",
        "Data-entry clerk",
        "05:10",
        "gate 2",
        "邓演示",
        "A charged phone",
    ]
    assert [word for word in told if word not in page] == []


def test_a_place_in_line_is_no_vest_and_has_an_honest_number(scene):
    scene.fill()
    scene.take(scene.post)
    page = page_of(scene.take(scene.post))
    assert 'class="ticket"' not in page
    assert "No. 2 on the waitlist" in page
    assert "1 person is before you." in page


def test_a_seat_that_waits_for_the_community_is_no_vest_yet(scene):
    scene.post.auto_confirm = False
    scene.post.save()
    page = page_of(scene.take(scene.post))
    assert "Waits for the community&#x27;s yes" in page
    assert 'class="ticket"' not in page


def test_the_leaders_number_is_shown_from_the_day_before_to_those_who_have_the_seat(scene):
    Shift.objects.filter(pk=scene.first.pk).update(
        starts_at=now() + timedelta(hours=20), ends_at=now() + timedelta(hours=22)
    )
    seat = scene.take()
    assert f"tel:{scene.leader.phone}" in page_of(seat)
    scene.fill()
    assert scene.leader.phone not in page_of(scene.take(scene.post))
    Shift.objects.filter(pk=scene.first.pk).update(
        starts_at=now() + timedelta(days=3), ends_at=now() + timedelta(days=3, hours=2)
    )
    SignUp.objects.filter(pk=seat.pk).update(period=(now() + timedelta(days=3), now() + timedelta(days=3, hours=2)))
    assert scene.leader.phone not in page_of(again(seat))


def test_an_offer_is_answered_on_the_spot(scene):
    reserve = offered(scene)
    mine = signed_in(reserve.volunteer)
    assert "The seat is kept for you until" in text(mine.get(f"/s/{reserve.pk}/"))
    answer = mine.post(f"/s/{reserve.pk}/answer/", {"answer": "come"})
    assert (answer.headers["Location"], again(reserve).status) == (f"/s/{reserve.pk}/", "confirmed")


def test_a_moved_shift_shows_what_it_was_and_what_it_is(scene):
    seat = scene.take()
    postpone(scene.first, timedelta(hours=12))
    page = page_of(again(seat))
    assert "The shift has been moved." in page
    assert page.index("05:30–08:45, Point 12</s>") < page.index("17:30–20:45, Point 12</b>")


def test_a_cancelled_shift_says_so_and_why(scene):
    seat = scene.take()
    shifts.cancel([scene.first.pk], by=places.user(), now=now(), reason="雷雨")
    page = page_of(again(seat))
    assert "This shift was cancelled" in page
    assert "雷雨" in page
    assert "I can&#x27;t come" not in page


@pytest.mark.parametrize("path", ["/s/{}/", "/s/{}/cannot/", "/s/{}.ics"])
def test_another_persons_place_is_not_found_and_a_stranger_signs_in_first(scene, path):
    seat = scene.take()
    address = path.format(seat.pk)
    assert signed_in(scene.neighbour()).get(address).status_code == 404
    assert Client().get(address).headers["Location"].startswith("/accounts/login/code/?next=")
    assert Client().get(path.format(999_999)).status_code == 302


def test_another_persons_place_cannot_be_answered(scene):
    seat = scene.take()
    thief = signed_in(scene.neighbour())
    assert thief.post(f"/s/{seat.pk}/answer/", {"answer": "cannot"}).status_code == 404
    assert thief.post(f"/s/{seat.pk}/cannot/").status_code == 404
    assert again(seat).status == "confirmed"


def test_who_brought_somebody_sees_their_place_and_can_give_it_back(scene):
    person = scene.neighbour()
    make.consent(person)
    mine = signed_in(person)
    mine.post(scene.form, scene.said(mine, others="1", p1_name="郭示例", p1_agreed="on"))
    own, guests = SignUp.objects.order_by("pk")
    assert "郭示例" in text(mine.get(f"/s/{own.pk}/"))
    mine.post(f"/s/{guests.pk}/cannot/")
    assert (again(own).status, again(guests).status) == ("confirmed", "cancelled")


# I cannot come


def test_cannot_come_says_what_it_does_and_is_about_this_one_seat(scene):
    seat, other = scene.take(), scene.take()
    mine = signed_in(seat.volunteer)
    page = text(mine.get(f"/s/{seat.pk}/cannot/"))
    assert "Your seat no. 1 is offered to the next in line at once. The shift goes on for all others." in page
    answer = mine.post(f"/s/{seat.pk}/cannot/")
    assert answer.headers["Location"] == "/my/"
    assert (again(seat).status, again(other).status, Shift.objects.get(pk=scene.first.pk).status) == (
        "cancelled",
        "confirmed",
        "open",
    )


def test_opening_the_page_gives_nothing_back(scene):
    seat = scene.take()
    signed_in(seat.volunteer).get(f"/s/{seat.pk}/cannot/")
    assert again(seat).status == "confirmed"


# One tap


def test_a_link_opens_without_signing_in_and_opening_it_answers_nothing(scene):
    reserve = offered(scene)
    page = Client(headers=EN).get(link(reserve))
    assert page.status_code == 200
    assert "can you take a seat?" in text(page)
    assert again(reserve).status == "invited"


@pytest.mark.parametrize(("answer", "becomes"), [("come", "confirmed"), ("cannot", "declined")])
def test_an_offer_is_taken_or_passed_on_with_one_tap(scene, answer, becomes):
    reserve = offered(scene)
    done = tap(link(reserve), answer)
    assert (done.status_code, done.headers["Location"]) == (303, link(reserve))
    assert again(reserve).status == becomes


def test_tapping_twice_is_tapping_once(scene):
    reserve = offered(scene)
    path = link(reserve)
    assert tap(path, "come").status_code == 303
    assert tap(path, "cannot").status_code == 303
    assert again(reserve).status == "cancelled"


def test_a_no_can_be_taken_back_while_the_seat_is_free(scene):
    reserve = offered(scene)
    path = link(reserve)
    tap(path, "cannot")
    assert "I can come after all" in text(Client(headers=EN).get(path))
    tap(path, "come")
    assert SignUp.objects.alive().get(volunteer=reserve.volunteer).status == "confirmed"


def test_staying_in_reserve_passes_the_seat_on_and_keeps_one_in_line(scene):
    reserve = offered(scene)
    behind = scene.take(scene.post)
    tap(link(reserve), "reserve")
    assert again(behind).status == "invited"
    assert SignUp.objects.alive().get(volunteer=reserve.volunteer).status == "waitlisted"


def test_another_time_of_the_same_call_is_offered_and_taken(scene):
    reserve = offered(scene)
    shown = Client(headers=EN).get(link(reserve)).context["others"]
    assert [post.pk for post in shown] == [scene.other.pk, scene.later.pk]
    tap(link(reserve), "change", post=str(scene.later.pk))
    assert SignUp.objects.alive().get(volunteer=reserve.volunteer).shift == scene.second


def test_a_post_that_was_not_offered_is_not_taken(scene):
    reserve, elsewhere = offered(scene), make.post()
    answer = tap(link(reserve), "change", post=str(elsewhere.pk))
    assert (answer.status_code, again(reserve).status) == (409, "invited")


def test_an_answer_to_what_has_changed_meanwhile_changes_nothing(scene):
    seat = scene.take()
    browser = Client(headers=EN)
    path, seen = link(seat), f"{seat.pk}.{scene.first.version + 1}"
    answer = browser.post(path, {"answer": "cannot", "seen": seen})
    assert (answer.status_code, again(seat).status) == (409, "confirmed")
    assert "This has changed in the meantime." in text(answer)


def test_the_link_of_a_moved_shift_shows_the_new_time_and_answers_nothing(scene):
    seat = scene.take()
    path = link(seat)
    postpone(scene.first, timedelta(hours=12))
    page = Client(headers=EN).get(path)
    assert (page.status_code, "17:30–20:45" in text(page), "<button" in text(page).split("</main>")[0]) == (
        410,
        True,
        False,
    )
    before = again(seat).status
    assert Client().post(path, {"answer": "cannot", "seen": page.context["seen"]}).status_code == 410
    assert again(seat).status == before


def test_an_expired_offer_says_so_and_points_to_the_shifts_of_now(scene):
    reserve = offered(scene)
    path = link(reserve)
    SignUp.objects.filter(pk=reserve.pk).update(respond_by=now() - timedelta(minutes=1))
    page = Client(headers=EN).get(path)
    assert page.status_code == 410
    assert scene.page in text(page)


@pytest.mark.parametrize("token", ["x", "A" * 24, "A" * 25])
def test_a_token_that_is_not_ours_is_not_found(token):
    assert Client().get(f"/a/{token}").status_code == 404


def test_an_unknown_answer_is_bad_input(scene):
    assert tap(link(scene.take()), "perhaps").status_code == 400


def test_on_my_way_is_said_from_three_hours_before(scene):
    seat = scene.take()
    assert "on_my_way" not in text(Client(headers=EN).get(link(seat)))
    soon = (now() + timedelta(hours=1), now() + timedelta(hours=4))
    Shift.objects.filter(pk=scene.first.pk).update(starts_at=soon[0], ends_at=soon[1])
    SignUp.objects.filter(pk=seat.pk).update(period=soon)
    tap(link(again(seat)), "on_my_way")
    assert again(seat).on_my_way_at is not None


# My shifts


def test_my_shifts_show_the_next_first_with_the_time_left(scene):
    person = scene.neighbour()
    scene.take(scene.post, person)
    make.post(make.shift(scene.site, scene.call, start=scene.first.starts_at + timedelta(days=2)), role=scene.entry)
    page = text(signed_in(person).get("/my/"))
    assert page.index("Confirmed") < page.index("You could take")
    assert "Pass" in page


def test_an_offer_is_answered_inline(scene):
    reserve = offered(scene)
    mine = signed_in(reserve.volunteer)
    assert 'name="answer" value="come"' in text(mine.get("/my/"))
    answer = mine.post(f"/s/{reserve.pk}/answer/", {"answer": "come", "back": "my"})
    assert (answer.headers["Location"], again(reserve).status) == ("/my/", "confirmed")


def test_only_what_the_rules_allow_is_offered(scene):
    person = scene.neighbour()
    scene.entry.requires.add(make.qualification("licence", self_declared=False))
    near = signed_in(person).get("/my/").context["near"]
    assert [post.pk for post, _zone in near] == [scene.other.pk]


def test_the_record_counts_all_hours(scene):
    person = scene.neighbour()
    for index, minutes in enumerate((390, 120)):
        ServiceRecord.objects.create(
            volunteer=person, sign_up=index, community=scene.community, kind="volunteer", what="核酸", where="12号点",
            started_at=now() - BLOCK, ended_at=now(), minutes=minutes,
        )  # fmt: skip
    page = signed_in(person).get("/my/")
    assert (page.context["hours"], page.context["times"]) == (8.5, 2)


@pytest.mark.parametrize("rows", [1, 30])
def test_my_shifts_cost_the_same_few_queries_with_one_row_and_thirty(rows):
    scene, person = Scene(seats=40), None
    person = scene.neighbour()
    for index in range(rows):
        shift = make.shift(
            scene.site,
            scene.call,
            start=scene.first.starts_at + timedelta(days=2 * index + 1),
            length=timedelta(hours=2),
        )
        sign_up(make.post(shift, role=scene.entry).pk, person.pk, now=now())
        make.post(make.shift(scene.site, scene.call, start=shift.starts_at + timedelta(hours=3)), 5, role=scene.marshal)
    mine = signed_in(person)
    with CaptureQueriesContext(connection) as asked:
        page = mine.get("/my/")
    assert len(page.context["cards"]) == rows
    assert len(asked) == 8


def test_somebody_with_nothing_yet_is_shown_the_way(client):
    page = text(places.client(places.user(), proved=False, headers=EN).get("/my/"))
    assert 'href="/calls/"' in page


# The calendar


def entries(response):
    return [dict(event) for event in Calendar.from_ical(response.content).walk("VEVENT")]


def test_the_file_has_the_same_uid_and_a_higher_sequence_after_a_change(scene):
    seat = scene.take()
    mine = signed_in(seat.volunteer)
    first = entries(mine.get(f"/s/{seat.pk}.ics"))[0]
    postpone(scene.first, timedelta(minutes=15))
    second = entries(mine.get(f"/s/{seat.pk}.ics"))[0]
    assert first["UID"] == second["UID"]
    assert second["SEQUENCE"] > first["SEQUENCE"]
    assert second["DTSTART"].dt == scene.first.starts_at + timedelta(minutes=15)


def test_what_was_cancelled_is_cancelled_in_the_calendar(scene):
    seat = scene.take()
    feed = CalendarFeed.objects.create(volunteer=seat.volunteer)
    stranger = Client()
    assert [entry["STATUS"] for entry in entries(stranger.get(f"/my/feed/{feed.key}.ics"))] == ["CONFIRMED"]
    shifts.cancel([scene.first.pk], by=places.user(), now=now(), reason="雷雨")
    assert [entry["STATUS"] for entry in entries(stranger.get(f"/my/feed/{feed.key}.ics"))] == ["CANCELLED"]


def test_a_new_feed_address_ends_the_old_one(scene):
    person = scene.neighbour()
    mine = signed_in(person)
    mine.get("/me/")
    old = CalendarFeed.objects.get(volunteer=person).key
    mine.post("/me/", {"do": "feed"})
    assert Client().get(f"/my/feed/{old}.ics").status_code == 404
    assert Client().get(f"/my/feed/{CalendarFeed.objects.get(volunteer=person).key}.ics").status_code == 200


def test_somebody_elses_places_are_not_in_the_feed(scene):
    mine, _other = scene.take(), scene.take()
    feed = CalendarFeed.objects.create(volunteer=mine.volunteer)
    assert [entry["UID"] for entry in entries(Client().get(f"/my/feed/{feed.key}.ics"))] == [
        f"sign-up-{mine.pk}@redvest"
    ]


# Me


def test_my_page_changes_name_language_home_and_skills(scene):
    person = scene.neighbour()
    make.held(person, "climbing")
    told = {
        "do": "profile",
        "name": "新示例",
        "language": "en",
        "home": str(scene.east.pk),
        "skills": ["typing"],
        "urgent_calls": "on",
    }
    answer = signed_in(person).post("/me/", told)
    person.refresh_from_db()
    assert answer.headers["Location"] == "/me/"
    assert (person.user.name, person.user.language, person.user.urgent_calls, person.residence) == (
        "新示例",
        "en",
        True,
        scene.east,
    )
    assert list(HeldQualification.objects.filter(volunteer=person).values_list("qualification__slug", flat=True)) == [
        "typing"
    ]


def test_a_phone_is_shown_by_its_last_digits_only(scene):
    person = scene.neighbour()
    page = text(signed_in(person).get("/me/"))
    assert f"ends in {person.user.phone[-4:]}" in page
    assert person.user.phone not in page


def test_a_bad_name_is_said_beside_the_field_and_nothing_is_written(scene):
    person = scene.neighbour()
    name = person.name
    page = signed_in(person).post("/me/", {"do": "profile", "name": "\u202e", "language": "en", "home": ""})
    assert (page.status_code, page.context["form"].errors["name"]) == (400, ["Write the name with letters."])
    person.user.refresh_from_db()
    assert person.user.name == name


def test_days_away_keep_one_from_being_asked(scene):
    person = scene.neighbour()
    day = f"{scene.first.starts_at:%Y-%m-%d}"
    mine = signed_in(person)
    assert mine.post("/me/", {"do": "away", "first": day, "last": day}).status_code == 302
    assert mine.get("/my/").context["near"] == []
    assert mine.post("/me/", {"do": "away", "first": day, "last": day}).status_code == 400
    mine.post("/me/", {"do": "back", "id": Absence.objects.get().pk})
    assert not Absence.objects.exists()


def test_usually_free_is_kept_and_taken_back(scene):
    mine = signed_in(scene.neighbour())
    mine.post("/me/", {"do": "free", "weekday": "5", "from_time": "530", "to_time": "12:00"})
    row = Availability.objects.get()
    assert f"{row.from_time:%H:%M}–{row.to_time:%H:%M}" == "05:30–12:00"
    mine.post("/me/", {"do": "not_free", "id": row.pk})
    assert not Availability.objects.exists()


def test_withdrawing_consent_gives_back_what_is_coming(scene):
    seat = scene.take()
    make.consent(seat.volunteer)
    mine = signed_in(seat.volunteer)
    assert "All your coming shifts" in text(mine.get("/me/leave/"))
    mine.post("/me/leave/")
    assert again(seat).status == "cancelled"
    assert not Consent.objects.filter(withdrawn_at=None).exists()


def test_an_e_mail_address_is_kept_once_its_code_is_right(scene, monkeypatch):
    from communities.actions import codes

    sent = []
    monkeypatch.setattr(codes, "new_code", lambda: "246810")
    monkeypatch.setattr(
        codes, "deliver", lambda address, code: sent.append(address) or codes.Outcome("", codes.Result.SENT)
    )
    person = scene.neighbour()
    mine = signed_in(person)
    assert mine.post("/me/", {"do": "code", "email": "Demo@example.org"}).status_code == 200
    assert mine.post("/me/", {"do": "email", "email": "demo@example.org", "code": "111111"}).status_code == 409
    assert mine.post("/me/", {"do": "email", "email": "demo@example.org", "code": "246810"}).status_code == 302
    person.user.refresh_from_db()
    assert (sent, person.user.email) == (["demo@example.org"], "demo@example.org")


def test_what_was_changed_about_me_is_mine_to_read(scene):
    person = scene.neighbour()
    mine = signed_in(person)
    mine.post("/me/", {"do": "profile", "name": "新示例", "language": "en", "home": ""})
    assert "新示例" in text(mine.get("/me/history/"))


# Home


def test_home_is_the_open_calls_for_a_stranger_my_shifts_for_a_volunteer_and_the_desk_for_staff(scene):
    assert scene.page in text(Client().get("/"))
    assert signed_in(scene.neighbour()).get("/").headers["Location"] == "/my/"
    assert places.client(places.lead(scene.community)).get("/").headers["Location"] == "/desk/"


def test_a_call_that_nobody_can_sign_up_for_any_more_is_not_among_those_that_need_people(scene):
    with time_machine.travel(scene.first.starts_at + timedelta(minutes=1), tick=False):
        assert scene.page in text(Client().get("/calls/"))
    with time_machine.travel(scene.second.starts_at + timedelta(minutes=1), tick=False):
        assert CallUp.objects.open(timezone.now()).get() == scene.call
        assert scene.page not in text(Client().get("/calls/"))


def test_a_checked_in_pass_shows_when(scene):
    seat = scene.take()
    attendance.check_in(seat.pk, by=scene.leader, now=scene.first.starts_at - timedelta(minutes=20))
    assert "You are checked in since 05:10" in page_of(again(seat))
