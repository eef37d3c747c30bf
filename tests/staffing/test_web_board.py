"""The board at the point: one tap per person, walk-ins, no-shows, and the code that people scan."""

from datetime import timedelta

import pytest
from django.conf import settings as conf
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from communities.errors import Busy
from communities.states import RoleName
from staffing.actions import attendance
from staffing.actions.signups import Entry, sign_up
from staffing.models import Post, Proposal, Shift, SignUp
from staffing.rules.passes import token
from staffing.web.seat_forms import CorrectForm
from tests.factories import communities as places
from tests.factories import staffing as make
from tests.staffing.desks import Desk, text
from volunteers.models import ServiceRecord

pytestmark = pytest.mark.django_db
SOON = timedelta(minutes=12)
STARTED = timedelta(minutes=-20)


def seated(desk, status="confirmed", **columns):
    """Somebody with a seat, entered before the start whatever the clock says."""
    entry = Entry(channel="desk", by=desk.lead, on_behalf=True)
    signup = sign_up(desk.post.pk, make.volunteer(desk.home).pk, now=desk.now, entry=entry)
    SignUp.objects.filter(pk=signup.pk).update(status=status, **columns)
    signup.refresh_from_db()
    return signup


def leader(desk):
    return places.client(places.lead(desk.area, RoleName.POINT_LEAD))


def tap(client: Client, desk, signup, doing, **headers):
    return client.post(reverse("board_tap", args=[desk.shift.pk, doing, signup.pk]), headers=headers)


def test_a_stranger_signs_in_first_an_outsider_finds_nothing_who_only_sees_is_told_so(settings):
    desk = Desk(starts_in=SOON)
    address = reverse("board", args=[desk.shift.pk])

    assert Client().get(address).status_code == 302
    assert places.client(make.volunteer().user).get(address).status_code == 404
    assert places.client(places.lead(places.area(), RoleName.POINT_LEAD)).get(address).status_code == 404
    assert places.client(places.lead(desk.area, RoleName.GRID_MEMBER)).get(address).status_code == 403
    assert leader(desk).get(address).status_code == 200


def test_the_board_of_a_shift_that_is_over_lets_nobody_in_any_more():
    desk = Desk(starts_in=SOON)
    doors = [reverse(name, args=[desk.shift.pk]) for name in ("board_qr", "walk_in")]
    assert all(door in text(leader(desk).get(reverse("board", args=[desk.shift.pk]))) for door in doors)

    Shift.objects.update(status="finished")
    assert not any(door in text(leader(desk).get(reverse("board", args=[desk.shift.pk]))) for door in doors)


def test_who_leads_the_shift_opens_its_board_around_it_and_no_other():
    desk, later = Desk(starts_in=SOON), Desk(starts_in=timedelta(hours=5))
    user = places.user()
    Shift.objects.update(leader=user)
    client = places.client(user)

    assert client.get(reverse("board", args=[desk.shift.pk])).status_code == 200
    assert client.get(reverse("board", args=[later.shift.pk])).status_code == 404


def test_the_tally_counts_missing_on_the_way_and_here():
    desk = Desk(seats=6, starts_in=SOON)
    seated(desk), seated(desk, on_my_way_at=desk.now)
    for _each in range(2):
        seated(desk, "checked_in", checked_in_at=desk.now)

    seen = leader(desk).get(reverse("board", args=[desk.shift.pk])).context["presence"]

    assert [seen.absent, len(seen.coming), len(seen.here)] == [3, 1, 2]


def test_a_tap_checks_in_at_once_and_is_undone_within_ten_minutes_only():
    desk = Desk(starts_in=SOON)
    signup, client = seated(desk), leader(desk)

    answer = tap(client, desk, signup, "in", **{"hx-request": "true"})
    assert answer.status_code == 200
    assert reverse("board_tap", args=[desk.shift.pk, "undo", signup.pk]) in text(answer)
    assert SignUp.objects.get().status == "checked_in"
    assert tap(client, desk, signup, "in").status_code == 303
    assert tap(client, desk, signup, "undo").status_code == 303
    assert SignUp.objects.get().status == "confirmed"

    tap(client, desk, signup, "in")
    SignUp.objects.update(checked_in_at=desk.now - timedelta(minutes=11))
    assert tap(client, desk, signup, "undo").status_code == 409
    assert SignUp.objects.get().status == "checked_in"


@pytest.mark.parametrize(
    ("starts_in", "before", "doing", "answer", "after"),
    [
        (SOON, "confirmed", "in", 303, "checked_in"),
        (STARTED, "confirmed", "in", 303, "checked_in"),
        (STARTED, "confirmed", "absent", 303, "no_show"),
        (STARTED, "checked_in", "out", 303, "completed"),
        (timedelta(minutes=61), "confirmed", "in", 409, "confirmed"),
        (timedelta(minutes=-14), "confirmed", "absent", 409, "confirmed"),
        (timedelta(hours=-4), "confirmed", "in", 409, "confirmed"),
        (SOON, "signed_up", "in", 409, "signed_up"),
        (SOON, "invited", "in", 409, "invited"),
        (SOON, "cancelled", "in", 409, "cancelled"),
        (STARTED, "confirmed", "out", 409, "confirmed"),
        (STARTED, "no_show", "in", 409, "no_show"),
        (STARTED, "checked_in", "absent", 409, "checked_in"),
        (STARTED, "completed", "undo", 409, "completed"),
    ],
)
def test_each_legal_step_works_from_the_board_and_no_other(starts_in, before, doing, answer, after):
    desk = Desk(starts_in=starts_in)
    if starts_in < timedelta(hours=-3):
        make_room_in_the_past(desk)
        return
    signup = seated(desk, before, checked_in_at=desk.now if before == "checked_in" else None)

    assert tap(leader(desk), desk, signup, doing).status_code == answer
    assert SignUp.objects.get().status == after


def make_room_in_the_past(desk):
    """The block is over: nobody can be checked in any more."""
    person = make.volunteer(desk.home)
    signup = sign_up(desk.post.pk, person.pk, now=desk.start - timedelta(hours=1))

    assert tap(leader(desk), desk, signup, "in").status_code == 409
    assert SignUp.objects.get().status == "confirmed"


def test_somebody_of_another_shift_is_not_found_on_this_board():
    desk, other = Desk(starts_in=SOON), Desk(starts_in=SOON)
    signup = seated(other)

    assert tap(leader(desk), desk, signup, "in").status_code == 404
    assert SignUp.objects.get().status == "confirmed"


def test_checking_out_writes_the_minutes_into_the_record():
    desk = Desk(starts_in=timedelta(hours=-2))
    signup = seated(desk, "checked_in", checked_in_at=desk.now - timedelta(minutes=125))

    tap(leader(desk), desk, signup, "out")

    assert ServiceRecord.objects.get().minutes in (125, 126)


WALK_IN = {"name": "Demo Volunteer 07", "phone": "120 0099 0007"}


def test_a_walk_in_is_entered_and_checked_in_with_name_and_phone_alone(settings):
    settings.DEMO = True
    desk = Desk(starts_in=SOON)
    address, client = reverse("walk_in", args=[desk.shift.pk]), leader(desk)

    for _twice in range(2):
        assert client.post(address, WALK_IN | {"post": desk.post.pk}).status_code == 303

    signup = SignUp.objects.get()
    assert [signup.status, signup.channel, signup.volunteer.user.name] == ["checked_in", "walk_in", "Demo Volunteer 07"]
    assert signup.volunteer.user.phone_verified is False


def test_a_walk_in_with_a_wrong_phone_or_on_a_full_post_is_not_entered(settings):
    settings.DEMO = True
    desk = Desk(seats=1, starts_in=SOON)
    address, client = reverse("walk_in", args=[desk.shift.pk]), leader(desk)

    assert client.post(address, WALK_IN | {"phone": "12", "post": desk.post.pk}).status_code == 400
    seated(desk)
    assert client.post(address, WALK_IN | {"post": desk.post.pk}).status_code == 409
    assert SignUp.objects.count() == 1


def test_the_reserve_on_the_board_is_called_with_one_tap():
    desk = Desk(starts_in=SOON)
    near = make.volunteer(desk.home)
    client = leader(desk)
    board = client.get(reverse("board", args=[desk.shift.pk]))
    assert board.context["reserve"] == near

    address = reverse("board_call", args=[desk.shift.pk, desk.post.pk])
    assert client.post(address, {"volunteer": make.volunteer().pk}).status_code == 403
    assert client.post(address, {"volunteer": near.pk}).status_code == 303
    assert list(SignUp.objects.values_list("volunteer", "status")) == [(near.pk, "invited")]


def test_the_shift_starts_up_to_half_an_hour_early_and_is_finished_from_the_board():
    desk, early = Desk(starts_in=SOON), Desk(starts_in=timedelta(minutes=31))
    do = lambda which, doing: leader(which).post(reverse("board_do", args=[which.shift.pk, doing])).status_code  # noqa: E731

    assert [do(early, "start"), do(desk, "finish"), do(desk, "start")] == [409, 409, 303]
    assert Shift.objects.get(pk=desk.shift.pk).status == "running"
    assert do(desk, "finish") == 303
    assert Shift.objects.get(pk=desk.shift.pk).status == "finished"


def test_towards_the_end_the_board_says_who_relieves_those_on_duty():
    desk, early = (Desk(seats=3, starts_in=timedelta(minutes=left) - make.BLOCK) for left in (20, 40))
    page = {}
    for each in (desk, early):
        seated(each, "checked_in", checked_in_at=each.start)
        page[each] = leader(each)
        page[each].cookies[conf.LANGUAGE_COOKIE_NAME] = "en"
    shown = lambda which: text(page[which].get(reverse("board", args=[which.shift.pk])))  # noqa: E731

    assert ("Time to change over" in shown(early), "Nobody follows here." in shown(desk)) == (False, True)
    following = make.post(make.shift(desk.site, desk.call, start=desk.start + make.BLOCK), seats=7)
    Post.objects.filter(pk=following.pk).update(taken=4)
    assert "4 of 7 seats are taken, 0 here already." in shown(desk)


def test_the_live_part_answers_304_until_somebody_arrives():
    desk = Desk(starts_in=SOON)
    signup, client = seated(desk), leader(desk)
    address = reverse("board_live", args=[desk.shift.pk])
    tag = client.get(address).headers["ETag"]

    assert client.get(address, headers={"if-none-match": tag}).status_code == 304
    attendance.check_in(signup.pk, by=desk.lead, now=timezone.now())
    assert client.get(address, headers={"if-none-match": tag}).status_code == 200


@pytest.mark.parametrize(("holder", "shown"), [(RoleName.POINT_LEAD, False), (RoleName.COMMUNITY_LEAD, True)])
def test_a_phone_number_is_a_link_only_for_who_may_see_it(holder, shown):
    desk = Desk(starts_in=SOON)
    phone = seated(desk).volunteer.user.phone

    page = text(places.client(places.lead(desk.area, holder)).get(reverse("board", args=[desk.shift.pk])))

    assert (f"tel:{phone}" in page, phone in page) == (shown, shown)
    assert (phone[-4:] in page) is True


def test_the_board_asks_the_same_number_of_queries_for_30_people_as_for_one():
    desk = Desk(seats=40, starts_in=SOON)
    seated(desk)
    address, client = reverse("board", args=[desk.shift.pk]), leader(desk)
    client.get(address)
    with CaptureQueriesContext(connection) as one:
        client.get(address)
    for _each in range(30):
        seated(desk)
    with CaptureQueriesContext(connection) as thirty:
        client.get(address)

    assert len(thirty) == len(one)


def test_a_locked_person_makes_a_page_that_says_just_a_moment(monkeypatch):
    desk = Desk(starts_in=SOON)
    signup = seated(desk)

    def busy(*_args, **_named):
        raise Busy

    monkeypatch.setattr("staffing.web.board.AT_ONCE", {"in": busy})
    answer = tap(leader(desk), desk, signup, "in")
    assert [answer.status_code, answer.headers["Retry-After"]] == [503, "2"]


# The code


def scanned(desk, age=0):
    return reverse("scan", args=[token(desk.shift.pk, timezone.now() - timedelta(seconds=age), conf.SECRET_KEY)])


def test_scanning_opens_a_page_and_one_tap_there_checks_in_once():
    desk = Desk(starts_in=SOON)
    signup = seated(desk)
    client, address = places.client(signup.volunteer.user, proved=False), scanned(desk)

    page = client.get(address)
    assert page.status_code == 200
    assert SignUp.objects.get().status == "confirmed"
    body = {"fit": "1", "stamp": page.context["stamp"]}
    assert client.post(address, body).status_code == 200
    first = SignUp.objects.get()
    assert client.post(address, body).status_code == 200
    assert [first.status, SignUp.objects.get().checked_in_at] == ["checked_in", first.checked_in_at]


def test_a_page_opened_in_time_still_counts_when_the_code_has_turned():
    desk = Desk(starts_in=SOON)
    signup = seated(desk)
    client = places.client(signup.volunteer.user, proved=False)
    stamp = client.get(scanned(desk)).context["stamp"]
    other = places.client(seated(desk).volunteer.user, proved=False)

    old = scanned(desk, age=90)
    assert client.post(old, {"fit": "1", "stamp": stamp}).status_code == 403
    code = stamp.split(":")[0]
    assert (
        other.post(reverse("scan", args=["1-" + code.partition("-")[2]]), {"fit": "1", "stamp": stamp}).status_code
        == 403
    )
    assert set(SignUp.objects.values_list("status", flat=True)) == {"confirmed"}


@pytest.mark.parametrize("kind", ["old", "made up", "of another shift"])
def test_any_other_code_is_refused_and_changes_nothing(kind):
    desk, other = Desk(starts_in=SOON), Desk(starts_in=SOON)
    signup = seated(desk)
    client = places.client(signup.volunteer.user, proved=False)
    address = {
        "old": scanned(desk, age=61),
        "made up": reverse("scan", args=[f"{desk.shift.pk}-x"]),
        "of another shift": scanned(other),
    }
    status = 404 if kind == "of another shift" else 403

    assert client.get(address[kind]).status_code == status
    assert client.post(address[kind], {"fit": "1"}).status_code == status
    assert SignUp.objects.get().status == "confirmed"


def test_who_does_not_feel_well_is_not_checked_in():
    desk = Desk(starts_in=SOON)
    signup = seated(desk)

    assert places.client(signup.volunteer.user, proved=False).post(scanned(desk)).status_code == 409
    assert SignUp.objects.get().status == "confirmed"


def test_the_leaders_screen_shows_a_code_that_counts():
    desk = Desk(starts_in=SOON)
    page = leader(desk).get(reverse("board_qr", args=[desk.shift.pk]))

    assert page.context["address"].endswith(scanned(desk))
    assert page.headers["Cache-Control"].startswith("max-age=0")


def test_a_no_show_leaves_a_seat_that_a_walk_in_takes(settings):
    settings.DEMO = True
    desk = Desk(seats=1, starts_in=STARTED)
    absent, client = seated(desk), leader(desk)

    tap(client, desk, absent, "absent")
    assert Post.objects.get().taken == 0
    assert client.post(reverse("walk_in", args=[desk.shift.pk]), WALK_IN | {"post": desk.post.pk}).status_code == 303
    assert sorted(SignUp.objects.values_list("status", flat=True)) == ["checked_in", "no_show"]


# -- hours that need two people ----------------------------------------------------------------------------------------

LONG_AGO = timedelta(hours=-3)
SINCE = timedelta(hours=6)  # more than the block and two hours


def overlong(desk):
    """Somebody who came early and is still there."""
    return seated(desk, "checked_in", checked_in_at=desk.now - SINCE)


def second(desk):
    return places.client(places.lead(desk.area, RoleName.POINT_LEAD))


def agree(client, desk):
    return client.post(reverse("board_agree", args=[desk.shift.pk, Proposal.objects.get().pk]))


def test_a_check_out_beyond_the_limit_waits_for_a_second_person():
    desk = Desk(starts_in=LONG_AGO)
    signup, first = overlong(desk), leader(desk)

    assert tap(first, desk, signup, "out").status_code == 303
    word = Proposal.objects.get()
    assert (SignUp.objects.get().status, word.kind, word.sign_up) == ("checked_in", "check_out", signup)
    assert agree(first, desk).status_code == 403
    assert SignUp.objects.get().status == "checked_in"

    other = places.lead(desk.area, RoleName.POINT_LEAD)
    assert agree(places.client(other), desk).status_code == 303
    record = ServiceRecord.objects.get()
    assert (SignUp.objects.get().status, record.minutes) == ("completed", 360)
    assert (Proposal.objects.get().agreed_by, record.confirmed_by) == (other, other)
    assert agree(second(desk), desk).status_code == 303
    assert ServiceRecord.objects.count() == 1


def test_the_hours_count_until_they_were_proposed_not_until_somebody_agrees():
    desk = Desk(starts_in=LONG_AGO)
    tap(leader(desk), desk, overlong(desk), "out")
    Proposal.objects.update(ended_at=desk.now - timedelta(minutes=15), proposed_at=desk.now - timedelta(minutes=15))

    agree(second(desk), desk)

    assert ServiceRecord.objects.get().minutes == 345


def test_the_board_asks_the_second_person_and_not_the_first():
    desk = Desk(starts_in=LONG_AGO)
    signup, first = overlong(desk), leader(desk)
    before = first.get(reverse("board_live", args=[desk.shift.pk]))
    tap(first, desk, signup, "out")
    address = reverse("board_agree", args=[desk.shift.pk, Proposal.objects.get().pk])

    mine, theirs = (client.get(reverse("board", args=[desk.shift.pk])) for client in (first, second(desk)))

    assert [address in text(page) for page in (mine, theirs)] == [False, True]
    assert before["ETag"] != first.get(reverse("board_live", args=[desk.shift.pk]))["ETag"]


def test_nobody_agrees_to_their_own_hours():
    desk = Desk(starts_in=LONG_AGO)
    person = make.volunteer(desk.home, user=places.lead(desk.area, RoleName.POINT_LEAD))
    signup = sign_up(desk.post.pk, person.pk, now=desk.start - timedelta(hours=1))
    SignUp.objects.update(status="checked_in", checked_in_at=desk.now - SINCE)
    tap(leader(desk), desk, signup, "out")

    assert agree(places.client(person.user), desk).status_code == 403
    assert SignUp.objects.get().status == "checked_in"


def correction(client, desk, signup, start="05:30", end="08:00"):
    return client.post(reverse("board_correct", args=[desk.shift.pk, signup.pk]), {"start": start, "end": end})


def test_a_no_show_who_was_there_is_corrected_by_two():
    desk = Desk(starts_in=LONG_AGO)
    signup, first = seated(desk, "no_show", seat_no=None), leader(desk)
    came = desk.start.astimezone(make.TAIYUAN)
    hours = f"{came:%H:%M}", f"{came + timedelta(hours=2):%H:%M}"

    assert correction(first, desk, signup, *hours).status_code == 303
    assert agree(first, desk).status_code == 403
    assert agree(second(desk), desk).status_code == 303

    done = SignUp.objects.get()
    assert (done.status, done.checked_in_at, ServiceRecord.objects.get().minutes) == (
        "completed",
        came.replace(second=0, microsecond=0),
        120,
    )


@pytest.mark.parametrize(
    ("status", "ended", "answer"),
    [("no_show", 8, 409), ("no_show", 6, 303), ("confirmed", 0, 409), ("cancelled", 0, 409)],
)
def test_what_can_be_corrected_is_a_no_show_within_seven_days(status, ended, answer):
    desk = Desk(starts_in=timedelta(hours=-4))
    past = (desk.start - timedelta(days=ended), desk.start + make.BLOCK - timedelta(days=ended))
    person = make.volunteer(desk.home)
    signup = sign_up(desk.post.pk, person.pk, now=desk.start - timedelta(hours=1))
    SignUp.objects.update(status=status, period=past, seat_no=None if status == "no_show" else 1)
    Shift.objects.update(starts_at=past[0], ends_at=past[1])

    assert correction(leader(desk), desk, signup).status_code == answer
    assert Proposal.objects.count() == (answer == 303)


def test_a_clock_time_is_the_one_nearest_to_the_shift():
    desk = Desk(starts_in=LONG_AGO)
    start = desk.start.astimezone(make.TAIYUAN).replace(hour=23, minute=0, second=0, microsecond=0)
    Shift.objects.update(starts_at=start, ends_at=start + make.BLOCK)
    form = CorrectForm({"start": "00:15", "end": "02:00"}, shift=Shift.objects.get(), zone=make.TAIYUAN)

    assert form.is_valid()
    midnight = (start + timedelta(days=1)).replace(hour=0)
    assert form.times() == {
        "started_at": midnight + timedelta(minutes=15),
        "ended_at": midnight + timedelta(hours=2),
    }


def test_the_roster_proposes_and_agrees_too():
    desk = Desk(starts_in=LONG_AGO)
    signup, other = overlong(desk), places.client(places.lead(desk.area))

    assert desk.as_lead().post(reverse("signup_do", args=[signup.pk, "check-out"])).status_code == 303
    address = reverse("signup_agree", args=[signup.pk, Proposal.objects.get().pk])
    pages = [client.get(reverse("roster", args=[desk.shift.pk])) for client in (desk.as_lead(), other)]
    assert [address in text(page) for page in pages] == [False, True]
    assert desk.as_lead().post(address).status_code == 403
    assert other.post(address).status_code == 303
    assert SignUp.objects.get().status == "completed"
