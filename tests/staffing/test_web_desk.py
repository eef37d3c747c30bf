"""The desk: who opens it, what it shows, and that each legal step works from its door and no illegal one does."""

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.db.models import F
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from communities.models import Message, ZonePolicy
from communities.states import RoleName
from staffing.actions import decisions, pledges
from staffing.actions.signups import Entry, sign_up
from staffing.models import Asking, CallUp, Pledge, Post, Shift, SignUp
from staffing.queries import desk as queries
from tests.factories import communities as places
from tests.factories import staffing as make
from tests.staffing.desks import Desk, text
from volunteers.models import ServiceRecord
from volunteers.states import PersonKind

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk():
    return Desk()


def person(desk, **fields):
    return make.volunteer(desk.home, community=desk.area, **fields)


def seated(desk, status="confirmed", **fields):
    signup = sign_up(desk.post.pk, person(desk, **fields).pk, now=desk.now)
    SignUp.objects.filter(pk=signup.pk).update(status=status)
    signup.refresh_from_db()
    return signup


def act(client: Client, page: str, /, *args, **body):
    return client.post(reverse(page, args=args), body)


PAGES = ["call_desk", "call_live", "call_shifts", "call_share", "call_poster", "gate_sheet"]


@pytest.mark.parametrize("name", PAGES)
def test_a_stranger_signs_in_first_an_outsider_finds_nothing_and_the_lead_reads_it(desk, name):
    address = reverse(name, args=[desk.call.pk])

    assert Client().get(address).status_code == 302
    assert places.client(person(desk).user).get(address).status_code == 404
    assert places.client(places.lead(places.area())).get(address).status_code == 404
    assert desk.as_lead().get(address).status_code == 200


DOINGS = ["call_edit", "call_cancel", "call_copy_day", "shifts_new"]


@pytest.mark.parametrize("name", DOINGS)
@pytest.mark.parametrize("role", [RoleName.SUBDISTRICT_LEAD, RoleName.AUDITOR, RoleName.POINT_LEAD])
def test_who_only_sees_the_call_may_not_change_it(desk, name, role):
    client = places.client(desk.holder(role))

    assert client.get(reverse(name, args=[desk.call.pk])).status_code == 403
    assert act(client, "call_do", desk.call.pk, "close").status_code == 403
    assert CallUp.objects.get().status == "open"


def test_the_gap_is_what_is_not_named_pledged_or_asked(desk):
    post = make.post(desk.point(places.site(compound=desk.home)), seats=10)
    desk.post = post
    for _each in range(3):
        seated(desk)
    decisions.invite(post.pk, person(desk).pk, by=desk.lead, now=desk.now)
    pledges.promise(post.pk, places.organisation().pk, 2, desk.start, by=desk.lead, now=desk.now)
    make.post(desk.shift, role=make.role("sampler", counted=False), seats=4)

    gap = desk.as_lead().get(reverse("call_desk", args=[desk.call.pk])).context["gap"]

    assert (gap.seats, gap.named, gap.asked, gap.pledged, gap.bare, gap.missing) == (12, 3, 1, 2, 6, 9)


@pytest.mark.parametrize(
    ("role", "names", "phones"),
    [
        (RoleName.COMMUNITY_LEAD, True, True),
        (RoleName.SUBDISTRICT_LEAD, True, False),
        (RoleName.AUDITOR, False, False),
        (RoleName.CITY_COMMAND, False, False),
    ],
)
def test_names_and_phones_are_for_those_who_need_them(desk, role, names, phones):
    one = seated(desk)
    reader = desk.lead if role == RoleName.COMMUNITY_LEAD else desk.holder(role)
    client = places.client(reader)
    pages = [
        text(client.get(reverse(name, args=[pk])))
        for name, pk in (("call_desk", desk.call.pk), ("roster", desk.shift.pk))
    ]

    assert [one.volunteer.name in page for page in pages] == [names, names]
    assert [one.volunteer.user.phone in page for page in pages] == [False, phones]


def test_the_live_part_answers_304_until_something_changes(desk):
    client = desk.as_lead()
    address = reverse("call_live", args=[desk.call.pk])
    tag = client.get(address).headers["ETag"]

    assert client.get(address, headers={"if-none-match": tag}).status_code == 304
    seated(desk)
    changed = client.get(address, headers={"if-none-match": tag})
    assert changed.status_code == 200
    assert changed.headers["ETag"] != tag


@pytest.mark.parametrize("name", ["desk", "call_desk", "call_shifts", "gate_sheet"])
def test_a_page_asks_the_same_number_of_queries_for_30_shifts_as_for_one(desk, name):
    address = reverse(name, args=[] if name == "desk" else [desk.call.pk])
    client = desk.as_lead()
    client.get(address)
    seated(desk)
    with CaptureQueriesContext(connection) as one:
        client.get(address)
    for _each in range(30):
        desk.post = make.post(desk.point(places.site(compound=desk.home)), seats=3)
        seated(desk)
        make.call(desk.area)
    with CaptureQueriesContext(connection) as thirty:
        assert client.get(address).status_code == 200

    assert len(thirty) == len(one)


def test_a_second_look_at_a_call_asks_little_and_shows_what_has_changed_since(desk):
    address, client = reverse("call_desk", args=[desk.call.pk]), desk.as_lead()
    seated(desk)
    with time_machine.travel(timezone.now(), tick=False):  # what was reckoned stays so for a minute of the clock
        first = client.get(address)
        with CaptureQueriesContext(connection) as again:
            second = client.get(address)
    assert second.context["steps"] == first.context["steps"]
    assert len(again) <= 8, [query["sql"][:90] for query in again]

    seated(desk)
    Shift.objects.filter(pk=desk.shift.pk).update(leader=None, version=F("version") + 1)
    changed = client.get(address).context
    assert (first.context["gap"].taken, changed["gap"].taken) == (1, 2)
    assert "no_leader" in [found.code for _tone, _text, found in changed["attention"]]


def test_the_roster_asks_the_same_number_of_queries_for_30_people_as_for_one(desk):
    desk.post = make.post(desk.shift, role=make.role("many"), seats=40)
    address, client = reverse("roster", args=[desk.shift.pk]), desk.as_lead()
    seated(desk)
    client.get(address)
    with CaptureQueriesContext(connection) as one:
        client.get(address)
    for _each in range(30):
        seated(desk)
    with CaptureQueriesContext(connection) as thirty:
        client.get(address)

    assert len(thirty) == len(one)


# Calls


CALL = {
    "title": "明早核酸", "activity": "第3轮核酸检测", "day": "2030-04-05", "start": "530", "end": "１２：００", "days": "1",
    "risks": "近距离接触居民\n\n 站3小时 ", "protection": "防护服", "insured": "on", "arrive_minutes": "20",
}  # fmt: skip


def test_a_call_is_written_with_clock_times_as_people_type_them(desk):
    response = desk.as_lead().post(reverse("call_new") + f"?area={desk.area.pk}", CALL)

    made = CallUp.objects.latest("pk")
    assert response.headers["Location"] == reverse("shifts_new", args=[made.pk])
    local = timezone.localtime(made.starts_at, make.TAIYUAN), timezone.localtime(made.ends_at, make.TAIYUAN)
    assert [f"{moment:%Y-%m-%d %H:%M}" for moment in local] == ["2030-04-05 05:30", "2030-04-05 12:00"]
    assert made.risks == "近距离接触居民\n站3小时"
    assert made.status == "draft"


def test_what_cannot_be_read_is_said_at_its_field_and_nothing_is_lost(desk):
    response = desk.as_lead().post(reverse("call_new"), CALL | {"start": "25:00", "title": ""})

    assert response.status_code == 400
    assert set(response.context["form"].errors) == {"start", "title"}
    assert "第3轮核酸检测" in text(response)
    assert CallUp.objects.count() == 1


def test_a_call_over_the_grant_of_a_neighbour_community_is_not_found(desk):
    response = desk.as_lead().post(reverse("call_new") + f"?area={places.area().pk}", CALL)

    assert response.status_code == 404


def test_many_points_get_the_same_posts_in_one_go(desk):
    sites = [places.site(compound=desk.home).pk for _each in range(3)]
    knock, entry = make.role("knock"), make.role("data_entry")
    body = {
        "sites": sites,
        "day": "2030-04-05",
        "start": "05:30",
        "end": "08:45",
        "blocks": "1",
        f"seats_{knock.pk}": "3",
        f"seats_{entry.pk}": "1",
    }

    response = desk.as_lead().post(reverse("shifts_new", args=[desk.call.pk]), body)

    assert response.status_code == 303
    made = Shift.objects.filter(site__in=sites)
    assert [shift.status for shift in made] == ["draft"] * 3
    assert (
        sorted(Post.objects.filter(shift__in=made).values_list("role__slug", "seats"))
        == [("data_entry", 1)] * 3 + [("knock", 3)] * 3
    )


def test_a_long_morning_becomes_shifts_one_after_another(desk):
    role, site = make.role("knock"), places.site(compound=desk.home)
    body = {"sites": [site.pk], "day": "2030-04-05", "start": "530", "end": "1200", "blocks": "2"} | {
        f"seats_{role.pk}": 1
    }
    page = desk.as_lead().get(reverse("shifts_new", args=[make.call(desk.area).pk]))

    assert page.context["form"].initial["blocks"] == 2
    assert act(desk.as_lead(), "shifts_new", desk.call.pk, **body).status_code == 303
    clocks = [
        timezone.localtime(moment, make.TAIYUAN)
        for shift in site.shifts.all()
        for moment in (shift.starts_at, shift.ends_at)
    ]
    assert [f"{clock:%H:%M}" for clock in clocks] == ["05:30", "08:45", "08:45", "12:00"]


def test_publishing_says_everything_that_is_missing_at_once_and_opens_nothing(desk):
    call = make.call(desk.area, status="draft", risks="", protection="", insured=False, published_at=None)
    shift = make.shift(desk.site, call, start=desk.start, status="draft", briefing="")
    make.post(shift, role=make.role("risky", risky=True))

    response = act(desk.as_lead(), "call_do", call.pk, "publish")

    assert response.status_code == 409
    assert len(response.context["reasons"]) == 4
    assert [Shift.objects.get(pk=shift.pk).status, CallUp.objects.get(pk=call.pk).status] == ["draft", "draft"]


@pytest.mark.parametrize(
    ("before", "doing", "answer", "after"),
    [
        ("draft", "publish", 303, "open"),
        ("open", "close", 303, "closed"),
        ("closed", "reopen", 303, "open"),
        ("draft", "close", 409, "draft"),
        ("cancelled", "reopen", 409, "cancelled"),
        ("cancelled", "close", 409, "cancelled"),
    ],
)
def test_each_legal_step_of_a_call_works_from_the_desk_and_no_other(desk, before, doing, answer, after):
    CallUp.objects.update(status=before)

    assert act(desk.as_lead(), "call_do", desk.call.pk, doing).status_code == answer
    assert CallUp.objects.get().status == after


def test_cancelling_a_call_says_how_many_are_told_in_the_button_and_needs_a_reason(desk):
    seated(desk), seated(desk)
    address, client = reverse("call_cancel", args=[desk.call.pk]), desk.as_lead()

    assert client.get(address).context["verb"] in ("Cancel the call, tell 2 people", "取消这次招募，告诉2人")
    assert client.post(address, {"reason": " "}).status_code == 400
    assert CallUp.objects.get().status == "open"
    assert client.post(address, {"reason": "下雨"}).status_code == 303
    assert [CallUp.objects.get().status, Shift.objects.get().status] == ["cancelled", "cancelled"]
    assert list(SignUp.objects.values_list("status", flat=True)) == ["cancelled", "cancelled"]


@pytest.mark.parametrize("name", ["call_share", "call_copy_day", "shifts_new", "call_cancel"])
def test_a_call_bears_the_name_it_has_in_the_readers_language(desk, name):
    CallUp.objects.update(title="下雨", title_en="Rain")
    client = desk.as_lead()
    client.cookies["django_language"] = "en"
    page = client.get(reverse(name, args=[desk.call.pk])).content.decode()
    assert ">Rain</" in page


def test_what_is_shared_of_a_call_that_is_over_asks_for_nobody(desk):
    CallUp.objects.update(standby=3)
    pages = [reverse(name, args=[desk.call.pk]) for name in ("call_share", "call_poster")]
    asks = ("still needed", "stand by", "还差", "机动")
    assert all(any(word in text(desk.as_lead().get(page)) for word in asks) for page in pages)

    CallUp.objects.update(status="closed")
    assert not any(word in text(desk.as_lead().get(page)) for page in pages for word in asks)


def test_a_whole_day_is_copied_once_however_often_one_asks(desk):
    day = timezone.localtime(desk.start, make.TAIYUAN).date()
    body = {"day": day.isoformat(), "days": f"{day + timedelta(days=1)}，{day + timedelta(days=2)}"}
    for _each in range(2):
        assert act(desk.as_lead(), "call_copy_day", desk.call.pk, **body).status_code == 303

    assert Shift.objects.count() == 3
    assert list(Shift.objects.exclude(pk=desk.shift.pk).values_list("status", flat=True)) == ["draft", "draft"]


# Shifts and posts


@pytest.mark.parametrize(
    ("before", "doing", "answer", "after"),
    [
        ("draft", "publish", 303, "open"),
        ("open", "close", 303, "closed"),
        ("closed", "reopen", 303, "open"),
        ("running", "finish", 303, "finished"),
        ("open", "finish", 409, "open"),
        ("draft", "close", 409, "draft"),
        ("finished", "reopen", 409, "finished"),
        ("cancelled", "publish", 409, "cancelled"),
        ("open", "start", 409, "open"),
    ],
)
def test_each_legal_step_of_a_shift_works_from_the_desk_and_no_other(desk, before, doing, answer, after):
    Shift.objects.update(status=before)

    assert act(desk.as_lead(), "shift_do", desk.shift.pk, doing).status_code == answer
    assert Shift.objects.get().status == after


def test_cancelling_a_shift_tells_each_person_once(desk):
    seated(desk)
    address, client = reverse("shift_cancel", args=[desk.shift.pk]), desk.as_lead()

    assert client.get(address).context["effect"].told == 1
    assert client.post(address, {"reason": "雨"}).status_code == 303
    assert [Shift.objects.get().status, SignUp.objects.get().status] == ["cancelled", "cancelled"]


def test_moving_a_shift_shows_who_is_asked_again_before_anything_changes(desk):
    one, other = seated(desk), seated(desk)
    later = make.post(make.shift(desk.site, start=desk.start + timedelta(hours=6)), role=make.role("later"))
    sign_up(later.pk, other.volunteer_id, now=desk.now, entry=Entry(override_reason="test"))
    there = timezone.localtime(desk.start + timedelta(hours=5), make.TAIYUAN)
    body = {
        "site": desk.site.pk, "day": there.date().isoformat(), "start": f"{there:%H:%M}", "end": f"{there + timedelta(hours=3):%H:%M}",
    }  # fmt: skip
    address, client = reverse("shift_move", args=[desk.shift.pk]), desk.as_lead()

    look = client.post(address, body)
    assert [signup.pk for signup in look.context["conflicts"]] == [other.pk]
    assert Shift.objects.get(pk=desk.shift.pk).starts_at == desk.shift.starts_at

    assert client.post(address, body | {"sure": "1"}).status_code == 303
    assert sorted(SignUp.objects.filter(shift=desk.shift).values_list("pk", "status")) == [
        (one.pk, "invited"),
        (other.pk, "invited"),
    ]


def test_seats_go_up_freely_and_down_only_to_what_is_held_naming_who_holds_them(desk):
    one, other = seated(desk), seated(desk)
    client = desk.as_lead()

    assert act(client, "post_seats", desk.post.pk, seats="5").status_code == 303
    refused = act(client, "post_seats", desk.post.pk, seats="1")
    assert refused.status_code == 409
    assert all(signup.volunteer.name in text(refused) for signup in (one, other))
    assert Post.objects.get().seats == 5
    assert [
        act(client, "post_seats", desk.post.pk, seats=wrong).status_code for wrong in ("0", "17.5", "x", "501")
    ] == [400] * 4
    assert Post.objects.get().seats == 5


def test_a_post_is_added_once_and_taken_away_while_nobody_is_on_it(desk):
    role, client = make.role("gate"), desk.as_lead()
    body = {"role": role.pk, "seats": "2", "auto_confirm": "on"}

    assert act(client, "post_new", desk.shift.pk, **body).status_code == 303
    assert act(client, "post_new", desk.shift.pk, **body).status_code == 409
    assert act(client, "post_remove", Post.objects.get(role=role).pk).status_code == 303
    seated(desk)
    assert act(client, "post_remove", desk.post.pk).status_code == 409
    assert list(Post.objects.all()) == [desk.post]


def test_a_shift_is_repeated_every_week_up_to_a_day(desk):
    day = timezone.localtime(desk.start, make.TAIYUAN).date()
    body = {"days": "", "until": (day + timedelta(days=21)).isoformat(), "weekdays": [str(day.weekday())]}

    assert act(desk.as_lead(), "shift_copy", desk.shift.pk, **body).status_code == 303
    assert Shift.objects.count() == 4


def test_leader_and_briefing_can_be_given_later(desk):
    body = {"leader": desk.lead.pk, "briefing": "洗手", "briefing_en": "", "override_reason": ""}

    assert act(desk.as_lead(), "shift_brief", desk.shift.pk, **body).status_code == 303
    assert [Shift.objects.get().leader, Shift.objects.get().briefing] == [desk.lead, "洗手"]


# People of a shift


@pytest.mark.parametrize(
    ("before", "doing", "body", "answer", "after"),
    [
        ("signed_up", "signup_do:confirm", {}, 303, "confirmed"),
        ("signed_up", "signup_decline", {"reason": "enough_people"}, 303, "declined"),
        ("signed_up", "signup_cancel", {"reason": "重复"}, 303, "cancelled"),
        ("confirmed", "signup_cancel", {"reason": "重复"}, 303, "cancelled"),
        ("invited", "signup_cancel", {"reason": "重复"}, 303, "cancelled"),
        ("confirmed", "signup_do:confirm", {}, 303, "confirmed"),
        ("signed_up", "signup_decline", {"reason": "不喜欢"}, 400, "signed_up"),
        ("confirmed", "signup_decline", {"reason": "enough_people"}, 409, "confirmed"),
        ("declined", "signup_do:confirm", {}, 409, "declined"),
        ("cancelled", "signup_do:confirm", {}, 409, "cancelled"),
        ("completed", "signup_cancel", {"reason": "重复"}, 409, "completed"),
        ("expired", "signup_decline", {"reason": "enough_people"}, 409, "expired"),
        ("signed_up", "signup_do:check-in", {}, 409, "signed_up"),
        ("confirmed", "signup_do:check-in", {}, 409, "confirmed"),
        ("confirmed", "signup_do:check-out", {}, 409, "confirmed"),
        ("confirmed", "signup_do:no-show", {}, 409, "confirmed"),
    ],
)
def test_each_legal_step_of_a_sign_up_works_from_the_roster_and_no_other(desk, before, doing, body, answer, after):
    signup = seated(desk, before)
    name, _colon, step = doing.partition(":")

    assert act(desk.as_lead(), name, *filter(None, [signup.pk, step]), **body).status_code == answer
    assert SignUp.objects.get(pk=signup.pk).status == after


@pytest.mark.parametrize("role", [RoleName.SUBDISTRICT_LEAD, RoleName.POINT_LEAD, RoleName.GRID_MEMBER])
def test_who_sees_names_without_running_the_shift_decides_nothing(desk, role):
    signup = seated(desk, "signed_up")
    client = places.client(places.lead(desk.area, role))

    assert act(client, "signup_do", signup.pk, "confirm").status_code == 403
    assert act(client, "signup_cancel", signup.pk, reason="x").status_code == 403
    assert act(places.client(places.lead(places.area())), "signup_do", signup.pk, "confirm").status_code == 404
    assert SignUp.objects.get().status == "signed_up"


def test_a_volunteer_who_is_moved_is_asked_and_keeps_the_old_seat(desk):
    signup = seated(desk)
    target = make.post(desk.shift, role=make.role("gate"))

    assert act(desk.as_lead(), "signup_move", signup.pk, post=target.pk).status_code == 303
    assert sorted(SignUp.objects.values_list("post_id", "status")) == sorted(
        [(desk.post.pk, "confirmed"), (target.pk, "invited")]
    )


def test_staff_who_are_moved_go_at_once(desk):
    signup = seated(desk, kind=PersonKind.GRID_MEMBER)
    target = make.post(desk.shift, role=make.role("gate"))

    assert act(desk.as_lead(), "signup_move", signup.pk, post=target.pk).status_code == 303
    assert sorted(SignUp.objects.values_list("post_id", "status")) == sorted(
        [(desk.post.pk, "cancelled"), (target.pk, "confirmed")]
    )


def test_a_reserve_is_found_near_the_point_and_asked(desk):
    near, far = person(desk), make.volunteer(community=desk.area)
    busy, outsider = seated(desk).volunteer, make.volunteer()
    client = desk.as_lead()

    found = client.get(reverse("post_find", args=[desk.post.pk])).context["people"]
    assert [one.pk for one in found] == [near.pk, far.pk]
    assert act(client, "post_invite", desk.post.pk, volunteer=outsider.pk).status_code == 403
    assert act(client, "post_invite", desk.post.pk, volunteer=near.pk).status_code == 303
    assert dict(SignUp.objects.values_list("volunteer", "status")) == {busy.pk: "confirmed", near.pk: "invited"}


ADDED = {"name": "Demo Volunteer 07", "phone": "120 0099 0007", "is_adult": "on", "consent": "on"}


def test_staff_enter_a_neighbour_with_consent_on_record(desk, settings):
    settings.DEMO = True
    client = desk.as_lead()

    assert (
        act(client, "post_add", desk.post.pk, **{k: v for k, v in ADDED.items() if k != "consent"}).status_code == 400
    )
    assert not SignUp.objects.exists()
    assert act(client, "post_add", desk.post.pk, **ADDED).status_code == 303
    assert act(client, "post_add", desk.post.pk, **ADDED).status_code == 303

    signup = SignUp.objects.get()
    assert [signup.status, signup.entered_by, signup.channel] == ["confirmed", desk.lead, "desk"]
    consent = signup.volunteer.consents.get()
    assert [consent.purpose, consent.recorded_by] == ["service", desk.lead]


def test_the_rest_rules_are_set_aside_only_by_who_runs_the_shift_and_with_a_reason(desk, settings):
    settings.DEMO = True
    tired = make.volunteer(desk.home, user=places.user(phone="+8612000990007"))
    early = make.post(
        make.shift(desk.site, start=desk.start - timedelta(hours=9), length=timedelta(hours=8)),
        role=make.role("early", max_block_minutes=600),
    )
    sign_up(early.pk, tired.pk, now=desk.now)
    client = desk.as_lead()

    assert act(client, "post_add", desk.post.pk, **ADDED).status_code == 409
    grid = places.client(places.lead(desk.area, RoleName.GRID_MEMBER))
    assert act(grid, "post_add", desk.post.pk, **ADDED, override_reason="求你").status_code == 409
    assert act(client, "post_add", desk.post.pk, **ADDED, override_reason="本人同意").status_code == 303
    signup = SignUp.objects.get(post=desk.post)
    assert [signup.override_reason, signup.override_by] == ["本人同意", desk.lead]


def test_an_organisation_names_the_people_it_promised_and_gives_back_the_rest(desk, settings):
    settings.DEMO = True
    unit = places.organisation()
    due = timezone.localtime(desk.start - timedelta(hours=1), make.TAIYUAN)
    body = {"organisation": unit.pk, "seats": "2", "day": due.date().isoformat(), "clock": f"{due:%H:%M}"}
    assert act(desk.as_lead(), "pledge_new", desk.post.pk, **body).status_code == 303
    pledge = Pledge.objects.get()
    clerk = places.client(places.grant(RoleName.ORG_HR, organisation=unit).user)
    stranger = places.client(places.grant(RoleName.ORG_HR, organisation=places.organisation()).user)

    assert stranger.get(reverse("pledge", args=[pledge.pk])).status_code == 404
    assert act(clerk, "pledge", pledge.pk, **ADDED).status_code == 303
    assert act(clerk, "pledge_release", pledge.pk).status_code == 303
    assert SignUp.objects.get().pledge == pledge
    assert [Pledge.objects.get().status, Post.objects.get().pledged, Post.objects.get().taken] == ["withdrawn", 0, 1]


def test_more_than_the_free_seats_cannot_be_promised(desk):
    due = timezone.localtime(desk.start - timedelta(hours=1), make.TAIYUAN)
    when = {"day": due.date().isoformat(), "clock": f"{due:%H:%M}"}
    body = {"organisation": places.organisation().pk, "seats": "3", **when}

    assert act(desk.as_lead(), "pledge_new", desk.post.pk, **body).status_code == 409
    assert not Pledge.objects.exists()


def officer(unit):
    return places.client(places.grant(RoleName.AGENCY_LEAD, organisation=unit).user)


def asked_of(client):
    return list(client.get(reverse("pledges")).context["asked"])


def test_an_officer_finds_what_asks_their_organisation_and_nothing_else(desk):
    head, other = places.organisation(), places.organisation()
    branch = places.organisation(parent=head)
    own, foreign = make.post(desk.shift, 2, agency=branch), make.post(desk.shift, 2, agency=other)
    draft = make.post(make.shift(desk.site, desk.call, start=desk.start + make.BLOCK, status="draft"), 2, agency=head)

    assert asked_of(officer(head)) == [own]
    assert asked_of(officer(branch)) == [own]
    assert asked_of(officer(other)) == [foreign]
    CallUp.objects.update(organisation=head)
    assert asked_of(officer(branch)) == [desk.post, own]
    assert asked_of(officer(other)) == [foreign]
    assert desk.as_lead().get(reverse("pledges")).context["asked"] is None
    assert draft.shift.status == "draft"


def test_full_and_past_posts_ask_nobody(desk):
    unit = places.organisation()
    full = make.post(desk.shift, 1, agency=unit, taken=1)
    past = make.post(make.shift(desk.site, desk.call, start=desk.now - timedelta(hours=1)), 2, agency=unit)

    assert asked_of(officer(unit)) == []
    assert {full.agency, past.agency} == {unit}


def test_an_officer_comes_in_at_the_pledges_and_sees_what_is_named_and_missing(desk):
    unit = places.organisation()
    pledges.promise(desk.post.pk, unit.pk, 2, desk.start, by=desk.lead, now=desk.now)
    Pledge.objects.update(named=1)
    client = officer(unit)
    client.cookies["django_language"] = "en"

    assert client.get(reverse("desk"))["Location"] == reverse("pledges")
    page = text(client.get(reverse("pledges")))
    assert "1 of 2 named" in page
    assert "<b>1</b> missing" in page


def test_an_agency_promises_and_names_its_own_people_on_its_own_seats(desk, settings):
    settings.DEMO = True
    unit, other = places.organisation(), places.organisation()
    post = make.post(desk.shift, 2, agency=unit, person_kinds=["agency"])
    due = timezone.localtime(desk.start - timedelta(hours=1), make.TAIYUAN)
    body = {"seats": "2", "day": due.date().isoformat(), "clock": f"{due:%H:%M}"}
    client = officer(unit)

    assert act(officer(other), "pledge_new", post.pk, organisation=other.pk, **body).status_code == 404
    assert act(desk.as_lead(), "pledge_new", post.pk, organisation=other.pk, **body).status_code == 409
    assert act(client, "pledge_new", post.pk, organisation=unit.pk, **body).status_code == 303
    assert act(client, "pledge", Pledge.objects.get().pk, **ADDED).status_code == 303
    person = SignUp.objects.get().volunteer
    assert (person.kind, person.affiliations.get().organisation) == ("agency", unit)


def test_names_are_needed_before_the_shift_starts(desk):
    late = timezone.localtime(desk.start + timedelta(minutes=1), make.TAIYUAN)
    body = {
        "organisation": places.organisation().pk,
        "seats": "1",
        "day": late.date().isoformat(),
        "clock": f"{late:%H:%M}",
    }

    assert act(desk.as_lead(), "pledge_new", desk.post.pk, **body).status_code == 400
    assert not Pledge.objects.exists()


def test_a_lead_asks_neighbours_from_the_desk_and_again_those_who_are_silent(desk):
    person = make.volunteer(desk.home)
    client, page = desk.as_lead(), reverse("call_desk", args=[desk.call.pk])
    address = reverse("call_do", args=[desk.call.pk, "ask"])

    assert address in text(client.get(page))
    assert client.post(address).status_code == 303
    message = Message.objects.get(kind="call_up")
    assert (message.reader, address in text(client.get(page))) == (person.user, False)
    Message.objects.update(status="sent")
    again = reverse("call_do", args=[desk.call.pk, "ask-again"])
    assert again not in text(client.get(page))
    assert client.post(again).status_code == 409
    Asking.objects.update(asked_at=desk.now - timedelta(hours=2))
    assert again in text(client.get(page))
    assert client.post(again).status_code == 303
    assert Message.objects.filter(kind="call_up", reader=person.user).count() == 2


def test_a_lead_says_when_sign_up_opens_and_whom_else_to_ask(desk):
    unit = places.grant(RoleName.ORG_HR, organisation=places.organisation()).organisation
    first = act(desk.as_lead(), "call_edit", desk.call.pk, **edited(desk, opens_day="2030-01-01")).status_code
    body = edited(
        desk, organisation=unit.pk, opens_day=f"{desk.now.astimezone(make.TAIYUAN):%Y-%m-%d}", opens_clock="00:00"
    )
    done = act(desk.as_lead(), "call_edit", desk.call.pk, **body).status_code
    desk.call.refresh_from_db()

    assert (first, done, desk.call.organisation) == (400, 303, unit)
    assert desk.call.sign_up_from == desk.now.astimezone(make.TAIYUAN).replace(
        hour=0, minute=0, second=0, microsecond=0
    )
    page = desk.as_lead().get(reverse("call_edit", args=[desk.call.pk]))
    assert page.context["form"]["opens_clock"].value() == "00:00"


def edited(desk, **fields):
    """The call's form as it is, with these fields filled in."""
    form = desk.as_lead().get(reverse("call_edit", args=[desk.call.pk])).context["form"]
    said = {bound.html_name: bound.value() for bound in form if bound.value() not in (None, False, "")}
    return said | {"start": "05:30", "end": "12:00"} | fields


# People, zones, history


def test_people_are_found_by_name_and_by_the_last_four_digits(desk):
    one = make.volunteer(community=desk.area, user=places.user("陈演示", "+8612000994321"))
    make.volunteer(community=desk.area)
    make.volunteer(community=places.area(), user=places.user("陈演示", "+8612000884321"))
    client = desk.as_lead()

    for asked in ("陈演", "4321"):
        page = client.get(reverse("people"), {"q": asked})
        assert [enrolment.volunteer for enrolment in page.context["page"]] == [one]
        assert "12000994321" not in text(page)


def test_the_lead_verifies_papers_and_approves_for_sealed_compounds(desk):
    one = person(desk)
    paper = make.held(one, "driving")
    enrolment = one.enrolments.get()
    seen = places.client(places.lead(desk.area, RoleName.GRID_MEMBER))

    assert act(seen, "person_approve", enrolment.pk).status_code == 403
    assert act(desk.as_lead(), "person_approve", enrolment.pk).status_code == 303
    assert act(desk.as_lead(), "person_verify", enrolment.pk, paper.pk).status_code == 303
    enrolment.refresh_from_db(), paper.refresh_from_db()
    assert [enrolment.approved_by, paper.verified_by] == [desk.lead, desk.lead]


def test_the_history_of_a_sign_up_names_who_confirmed_it(desk):
    signup = seated(desk, "signed_up")
    act(desk.as_lead(), "signup_do", signup.pk, "confirm")

    page = desk.as_lead().get(reverse("history", args=["sign-up", signup.pk]))
    newest = page.context["page"].object_list[0]
    assert [change.new for change in newest.changes if change.field in ("status", "状态")] != []
    assert newest.who == desk.lead
    assert places.client(places.lead(desk.area, RoleName.POINT_LEAD)).get(page.request["PATH_INFO"]).status_code == 403


def test_points_where_everybody_is_new_are_named_together_and_an_old_hand_settles_it(desk):
    seated(desk), seated(desk)
    block = queries.blocks(desk.call)[0]

    def concerns():
        return [concern.code for concern in queries.attention(desk.call, block)]

    page = desk.as_lead().get(reverse("call_desk", args=[desk.call.pk]))
    assert [shown.code for _what, _why, shown in page.context["attention"]] == concerns() == ["no_leader", "all_new"]
    old = SignUp.objects.first()
    ServiceRecord.objects.create(
        volunteer=old.volunteer, sign_up=0, community=desk.area, started_at=desk.now, ended_at=desk.now, minutes=60
    )
    assert concerns() == ["no_leader"]


def test_who_stands_longer_than_one_block_in_a_row_is_shown_unless_it_was_allowed(desk):
    role = make.role("data_entry")
    next_one = make.post(make.shift(desk.site, desk.call, start=desk.start + make.BLOCK), role=role)
    signup = seated(desk)
    for reason in ("", "街道同意"):
        other = sign_up(next_one.pk, signup.volunteer_id, now=desk.now, entry=Entry(by=desk.lead, override_reason="x"))
        SignUp.objects.filter(pk=other.pk).update(override_reason=reason)
        page = desk.as_lead().get(reverse("call_desk", args=[desk.call.pk]))
        found = [concern for _what, _why, concern in page.context["attention"] if concern.code == "too_long"]
        assert [(concern.facts["hours"], concern.facts["limit"]) for concern in found] == (
            [] if reason else [("6.5", "4")]
        )


def test_a_shift_with_more_people_than_its_zone_allows_or_too_few_leaders_says_so_and_may_stay_so(desk):
    make.post(desk.shift, seats=9, role=make.role("many"))
    places.policies()
    ZonePolicy.objects.filter(level="controlled").update(gathering_limit=5)
    places.zone("controlled", since=desk.now, compound=desk.home)
    address = reverse("roster", args=[desk.shift.pk])

    page = desk.as_lead().get(address)
    few, many = page.context["warnings"]
    assert ("11" in few, "5" in many, few in text(page), many in text(page)) == (True, True, True, True)
    other = places.client(desk.holder(RoleName.GRID_MEMBER)).get(address)
    assert (many in text(other), other.status_code) == (False, 200)
