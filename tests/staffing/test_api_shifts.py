"""Calls, shifts, posts and pledges over REST."""

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from communities.models import Message
from communities.states import Level, RoleName
from staffing.actions import signups
from staffing.models import CallUp, Pledge, Post, Shift, SignUp
from staffing.rules.transitions import CALL, SHIFT
from staffing.states import CallStatus, ShiftStatus
from tests.doors import Api, told
from tests.factories import communities as places
from tests.factories import staffing as make
from tests.factories.staffing import DAWN, NIGHT
from volunteers.models import Affiliation

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def night():
    with time_machine.travel(NIGHT, tick=False) as clock:
        yield clock


@pytest.fixture
def here():
    return places.area(parent=places.area(Level.DISTRICT))


@pytest.fixture
def lead(here):
    return Api(places.lead(here))


@pytest.fixture
def neighbour():
    return Api(make.volunteer().user)


@pytest.fixture
def call(here):
    return make.call(here)


@pytest.fixture
def shift(call):
    return make.shift(call_up=call)


CALL_BODY = {
    "title": "明早核酸，招志愿者",
    "activity": "第2轮核酸检测",
    "starts_at": "2022-04-04T05:30:00+08:00",
    "ends_at": "2022-04-04T12:00:00+08:00",
    "risks": "近距离接触居民",
    "protection": "防护服、口罩",
    "insured": True,
}


def test_from_an_empty_page_to_an_open_call(lead, here, neighbour):
    site, role = places.site(here), make.role("data_entry")
    call = lead.post("call-ups/", CALL_BODY | {"community": here.pk})
    assert (call.status_code, call.json()["status"]) == (201, "draft")
    number = call.json()["id"]
    posts = [{"role": role.pk, "seats": 17}]
    body = {
        "call_up": number,
        "site": site.pk,
        "starts_at": CALL_BODY["starts_at"],
        "ends_at": "2022-04-04T08:45:00+08:00",
    }
    shift = lead.post("shifts/", body | {"briefing": "洗手", "posts": posts})
    assert (shift.status_code, shift.json()["status"]) == (201, "draft")
    assert neighbour.ids("call-ups/") == neighbour.ids("shifts/") == neighbour.ids("posts/") == []
    assert lead.post(f"call-ups/{number}/publish/").json()["status"] == "open"
    row = neighbour.get(f"shifts/{shift.json()['id']}/", include="posts,site,call_up").json()
    assert [(post["seats"], post["room"]) for post in row["posts"]] == [(17, 17)]
    assert (row["site"]["id"], row["call_up"]["id"], row["status"]) == (site.pk, number, "open")


def test_a_call_without_posts_is_not_published_and_says_why(lead, here):
    call = make.call(here, status="draft", published_at=None)
    assert told(lead.post(f"call-ups/{call.pk}/publish/")) == (409, "no_posts")


def test_a_call_is_edited_and_what_is_not_said_stays(lead, call):
    answer = lead.patch(f"call-ups/{call.pk}/", {"bring": "水杯", "urgent": True})
    assert (answer.status_code, answer.json()["bring"], answer.json()["urgent"]) == (200, "水杯", True)
    assert answer.json()["title"] == call.title
    assert lead.patch(f"call-ups/{call.pk}/", {"ends_at": "2022-04-04T05:00:00+08:00"}).json()["errors"].keys() == {
        "ends_at"
    }


@pytest.mark.parametrize(
    "field", ["status", "slug", "created_by", "contact", "contact_id", "published_at", "is_demo", "community", "id"]
)
def test_a_call_has_no_other_fields_to_write(lead, call, field):
    before = CallUp.objects.values().get(pk=call.pk)
    assert list(lead.patch(f"call-ups/{call.pk}/", {field: 1}).json()["errors"]) == [field]
    assert CallUp.objects.values().get(pk=call.pk) == before


def test_what_cancelling_would_do_and_does(lead, call, shift):
    post = make.post(shift, seats=1)
    for _person in range(2):
        signups.sign_up(post.pk, make.volunteer().pk, now=NIGHT)
    numbers = {"seats": 1, "waiting": 1, "here": 0, "told": 2}
    reason = {"reason": "雷雨"}
    assert lead.get(f"call-ups/{call.pk}/consequences/").json() == numbers
    assert lead.post(f"call-ups/{call.pk}/cancel/?dry_run=true", reason).json() == numbers
    assert lead.get(f"shifts/{shift.pk}/consequences/").json() == numbers
    assert lead.post(f"shifts/{shift.pk}/cancel/?dry_run=true", reason).json() == numbers
    assert SignUp.objects.alive().count() == 2
    assert lead.post(f"call-ups/{call.pk}/cancel/", reason).json() == numbers
    assert (SignUp.objects.alive().count(), Message.objects.filter(kind="cancelled").count()) == (0, 2)
    assert lead.get(f"shifts/{shift.pk}/").json()["cancel_reason"] == "雷雨"


@pytest.mark.parametrize("asked", ["dry_run=1", "dry_run=True", "dryrun=true", "dry_run="])
def test_a_misspelt_dry_run_does_not_cancel(lead, call, asked):
    assert lead.post(f"call-ups/{call.pk}/cancel/?{asked}", {"reason": "x"}).status_code == 400
    call.refresh_from_db()
    assert call.status == "open"


def test_a_moved_shift_asks_its_people_again_after_a_look_at_who_they_are(lead, shift):
    seat = signups.sign_up(make.post(shift).pk, make.volunteer().pk, now=NIGHT)
    later = {"starts_at": "2022-04-04T06:30:00+08:00", "ends_at": "2022-04-04T09:45:00+08:00"}
    effect = {"keep": [], "ask": [seat.pk], "conflict": []}
    assert lead.patch(f"shifts/{shift.pk}/?dry_run=true", later).json() == effect
    seat.refresh_from_db()
    assert seat.status == "confirmed"
    assert lead.patch(f"shifts/{shift.pk}/", later).json() == effect
    seat.refresh_from_db()
    assert seat.status == "invited"


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"starts_at": "2022-04-04T06:30:00"}, "starts_at"),
        ({"starts_at": "tomorrow"}, "starts_at"),
        ({"starts_at": 1649000000}, "starts_at"),
        ({"starts_at": "2022-04-04"}, "starts_at"),
        ({"ends_at": "2022-04-04T05:00:00+08:00"}, "ends_at"),
        ({"ends_at": "2022-04-05T06:00:00+08:00"}, "ends_at"),
        ({"status": "open"}, "status"),
        ({"version": 9}, "version"),
    ],
)
def test_times_that_will_not_do(lead, shift, body, field):
    for path in (f"shifts/{shift.pk}/", f"shifts/{shift.pk}/?dry_run=true"):
        answer = lead.patch(path, body)
        assert (answer.status_code, list(answer.json()["errors"])) == (400, [field])


def test_a_shift_is_not_moved_to_a_place_of_another_community(lead, shift):
    assert told(lead.patch(f"shifts/{shift.pk}/", {"site": places.site().pk})) == (403, "not_your_role")


SEATS = [0, -1, 501, 10**9, 10**30, "17", 17.5, 17.0, True, None, [17], {}]


@pytest.mark.parametrize("seats", SEATS)
def test_seats_are_a_whole_number_from_1_to_500(lead, shift, seats):
    post = make.post(shift, seats=3)
    role = make.role("guide")
    answers = [
        lead.patch(f"posts/{post.pk}/", {"seats": seats}),
        lead.post("posts/", {"shift": shift.pk, "role": role.pk, "seats": seats}),
        lead.post(
            "pledges/",
            {
                "post": post.pk,
                "organisation": places.organisation().pk,
                "seats": seats,
                "due_at": "2022-04-03T22:00:00+08:00",
            },
        ),
    ]
    assert [(answer.status_code, list(answer.json()["errors"])) for answer in answers] == [(400, ["seats"])] * 3
    assert (Post.objects.get().seats, Pledge.objects.count()) == (3, 0)


def test_posts_come_change_and_go(lead, shift):
    role = make.role("guide")
    body = {
        "shift": shift.pk,
        "role": role.pk,
        "seats": 2,
        "person_kinds": ["medical", "medical"],
        "auto_confirm": False,
    }
    post = lead.post("posts/", body)
    assert (post.status_code, post.json()["person_kinds"], post.json()["auto_confirm"]) == (201, ["medical"], False)
    assert told(lead.post("posts/", body)) == (409, "post_exists")
    number = post.json()["id"]
    assert lead.patch(f"posts/{number}/", {"seats": 500}).json()["seats"] == 500
    assert lead.delete(f"posts/{number}/").status_code == 204
    assert told(lead.delete(f"posts/{number}/")) == (404, "not_found")


def test_seats_that_people_hold_stay(lead, shift):
    post = make.post(shift, seats=2)
    for _seat in range(2):
        signups.sign_up(post.pk, make.volunteer().pk, now=NIGHT)
    assert told(lead.patch(f"posts/{post.pk}/", {"seats": 1})) == (409, "seats_below_filled")
    assert told(lead.delete(f"posts/{post.pk}/")) == (409, "in_use")


def test_unknown_roles_and_agencies_are_named(lead, shift, here):
    assert list(lead.post("posts/", {"shift": shift.pk, "role": 10**9, "seats": 1}).json()["errors"]) == ["role"]
    body = {"shift": shift.pk, "role": make.role("x").pk, "seats": 1, "agency": 10**9}
    assert list(lead.post("posts/", body).json()["errors"]) == ["agency"]


def test_a_shift_is_copied_to_other_days_once(lead, shift):
    make.post(shift, seats=4)
    days = {"days": ["2022-04-06", "2022-04-05", "2022-04-05"]}
    first, again = lead.post(f"shifts/{shift.pk}/copy/", days), lead.post(f"shifts/{shift.pk}/copy/", days)
    made = [row["starts_at"] for row in first.json()["shifts"]]
    assert (first.status_code, made) == (201, ["2022-04-04T21:30:00Z", "2022-04-05T21:30:00Z"])
    assert again.json() == {"shifts": []}
    assert Post.objects.filter(seats=4).count() == 3


def test_a_shift_is_repeated_weekly(lead, shift):
    answer = lead.post(f"shifts/{shift.pk}/repeat/", {"until": "2022-04-20", "weekdays": [0]})
    assert [row["starts_at"][:10] for row in answer.json()["shifts"]] == ["2022-04-10", "2022-04-17"]


def test_the_leader_is_a_person_in_the_leads_care(lead, here):
    site, own, other = places.site(here), make.volunteer(community=here), make.volunteer()
    body = {"site": site.pk, "starts_at": "2022-04-04T05:30:00+08:00", "ends_at": "2022-04-04T08:45:00+08:00"}
    assert list(lead.post("shifts/", body | {"leader": other.pk}).json()["errors"]) == ["leader"]
    shift = lead.post("shifts/", body | {"leader": own.pk}).json()["id"]
    assert Shift.objects.get(pk=shift).leader == own.user


# -- illegal steps -----------------------------------------------------------------------------------------------------

SHIFT_DEEDS = {
    "publish": ShiftStatus.OPEN,
    "close": ShiftStatus.CLOSED,
    "reopen": ShiftStatus.OPEN,
    "start": ShiftStatus.RUNNING,
    "finish": ShiftStatus.FINISHED,
    "cancel": ShiftStatus.CANCELLED,
}
CALL_DEEDS = {
    "publish": CallStatus.OPEN,
    "close": CallStatus.CLOSED,
    "reopen": CallStatus.OPEN,
    "cancel": CallStatus.CANCELLED,
}


def illegal(table, deeds):
    return [
        (state, deed)
        for deed, there in deeds.items()
        for state in table
        if there not in table[state] and state != there
    ]


def everything():
    return [list(model.objects.order_by("pk").values()) for model in (CallUp, Shift, Post, SignUp, Message)]


@pytest.mark.parametrize(("state", "deed"), illegal(SHIFT, SHIFT_DEEDS))
def test_an_illegal_step_of_a_shift_changes_nothing(lead, shift, night, state, deed):
    make.post(shift)
    Shift.objects.filter(pk=shift.pk).update(status=state)
    night.move_to(DAWN)
    before = everything()
    answer = lead.post(f"shifts/{shift.pk}/{deed}/", {"reason": "x"} if deed == "cancel" else {})
    assert (answer.status_code, everything()) == (409, before)


@pytest.mark.parametrize(("state", "deed"), illegal(CALL, CALL_DEEDS))
def test_an_illegal_step_of_a_call_changes_nothing(lead, call, shift, state, deed):
    make.post(shift)
    CallUp.objects.filter(pk=call.pk).update(status=state)
    before = everything()
    answer = lead.post(f"call-ups/{call.pk}/{deed}/", {"reason": "x"} if deed == "cancel" else {})
    assert (answer.status_code, everything()) == (409, before)


def test_the_point_leader_starts_and_finishes_but_does_not_close(shift, here, night):
    make.post(shift)
    night.move_to(DAWN)
    point = Api(places.lead(here, RoleName.POINT_LEAD))
    assert told(point.post(f"shifts/{shift.pk}/close/")) == (403, "not_your_role")
    assert point.post(f"shifts/{shift.pk}/start/").json()["status"] == "running"
    assert point.post(f"shifts/{shift.pk}/finish/").json()["status"] == "finished"


# -- who -----------------------------------------------------------------------------------------------------------

WRITES = {
    "call-ups/{call}/": ("patch", {}),
    "call-ups/{call}/publish/": ("post", {}),
    "call-ups/{call}/close/": ("post", {}),
    "call-ups/{call}/cancel/": ("post", {"reason": "x"}),
    "shifts/{shift}/": ("patch", {}),
    "shifts/{shift}/cancel/": ("post", {"reason": "x"}),
    "shifts/{shift}/copy/": ("post", {"days": ["2022-04-09"]}),
    "posts/{post}/": ("patch", {"seats": 5}),
    "posts/{post}/invite/": ("post", {"volunteer": 1}),
}


@pytest.mark.parametrize("path", WRITES)
@pytest.mark.parametrize("draft", [False, True])
def test_who_does_not_run_the_place_is_told_so_or_does_not_find_it(here, path, draft):
    """A published thing is there for everybody to read; a draft is not there at all."""
    state = {"status": "draft"} if draft else {}
    call = make.call(here, **state)
    post = make.post(make.shift(call_up=call, **state))
    method, body = WRITES[path]
    path = path.format(call=call.pk, shift=post.shift_id, post=post.pk)
    before = everything()
    outsiders = [make.volunteer().user, places.lead(places.area()), places.lead(here, RoleName.SYSTEM_ADMIN)]
    found = [told(Api(user).send(method, path, body)) for user in outsiders]
    assert found == [(404, "not_found") if draft else (403, "not_your_role")] * 3
    above = [places.lead(here.parent, RoleName.DISTRICT_LEAD), places.lead(here, RoleName.AUDITOR)]
    assert [told(Api(user).send(method, path, body)) for user in above] == [(403, "not_your_role")] * 2
    assert everything() == before


def test_drafts_are_listed_for_the_desk_alone(here, lead, neighbour):
    call = make.call(here, status="draft")
    shift = make.shift(call_up=call, status="draft")
    post = make.post(shift)
    for path, number in {"call-ups/": call.pk, "shifts/": shift.pk, "posts/": post.pk}.items():
        assert (lead.ids(path), neighbour.ids(path), told(neighbour.get(f"{path}{number}/"))) == (
            [number],
            [],
            (404, "not_found"),
        )


# -- lists ---------------------------------------------------------------------------------------------------------


def test_a_hundred_shifts_with_their_posts_cost_four_statements(neighbour, here):
    site, call = places.site(here), make.call(here)
    roles = [make.role(f"r{number}") for number in range(4)]
    starts = [DAWN + timedelta(hours=number) for number in range(100)]
    shifts = Shift.objects.bulk_create(
        Shift(site=site, call_up=call, starts_at=start, ends_at=start + timedelta(hours=1), status="open")
        for start in starts
    )
    Post.objects.bulk_create(Post(shift=shift, role=role, seats=2) for shift in shifts for role in roles)
    neighbour.get("shifts/")
    with CaptureQueriesContext(connection) as queries:
        rows = neighbour.get("shifts/", include="posts,site", page_size=100).json()["results"]
    assert ([row["id"] for row in rows], {len(row["posts"]) for row in rows}) == ([shift.pk for shift in shifts], {4})
    assert len(queries) <= 5, "\n".join(query["sql"] for query in queries)


def pages(api, path, **asked):
    found, answer = [], api.get(path, **asked).json()
    while True:
        found.append([row["id"] for row in answer["results"]])
        if answer["next"] is None:
            return found, answer
        answer = api.client.get(answer["next"]).json()


@pytest.mark.parametrize("ordering", ["id", "-id", "starts_at", "-starts_at"])
def test_pages_hold_every_row_once_in_order_and_lead_back_again(neighbour, here, ordering):
    """Many shifts start at the same moment."""
    site = places.site(here)
    shifts = [make.shift(site, start=DAWN + timedelta(hours=number % 2)) for number in range(7)]
    order = sorted(
        shifts, key=lambda shift: shift.pk if "id" in ordering else (shift.starts_at, shift.pk), reverse="-" in ordering
    )
    expected = [shift.pk for shift in order]
    found, last = pages(neighbour, "shifts/", ordering=ordering, page_size=3)
    assert found == [expected[:3], expected[3:6], expected[6:]]
    middle = neighbour.client.get(last["previous"]).json()
    assert [row["id"] for row in middle["results"]] == expected[3:6]
    first = neighbour.client.get(middle["previous"]).json()
    assert ([row["id"] for row in first["results"]], first["previous"]) == (expected[:3], None)
    assert [row["id"] for row in neighbour.client.get(first["next"]).json()["results"]] == expected[3:6]


def test_a_row_added_meanwhile_shifts_no_page(neighbour, here):
    site = places.site(here)
    shifts = [make.shift(site, start=DAWN + timedelta(hours=number)) for number in range(4)]
    answer = neighbour.get("shifts/", page_size=2).json()
    make.shift(site, start=DAWN - timedelta(hours=1))
    assert [row["id"] for row in neighbour.client.get(answer["next"]).json()["results"]] == [
        shift.pk for shift in shifts[2:]
    ]


def test_a_cursor_of_another_ordering_is_no_cursor(neighbour, here):
    site = places.site(here)
    for number in range(3):
        make.shift(site, start=DAWN + timedelta(hours=number))
    link = neighbour.get("shifts/", page_size=1, ordering="-starts_at").json()["next"]
    answer = neighbour.client.get(link.replace("-starts_at", "starts_at"))
    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["cursor"])


def test_filters_of_shifts_and_posts(neighbour, here):
    call, other = make.call(here), make.call()
    mine, theirs = make.shift(call_up=call), make.shift(call_up=other, start=DAWN + timedelta(days=1), status="closed")
    post, full = make.post(mine, seats=2), make.post(theirs, role=make.role("guide"))
    signups.sign_up(full.pk, make.volunteer().pk, now=NIGHT) if theirs.status == "open" else Post.objects.filter(
        pk=full.pk
    ).update(taken=1)
    for asked in [
        {"call_up": call.pk},
        {"site": mine.site_id},
        {"area": here.pk},
        {"under": here.parent_id},
        {"status": "open"},
    ]:
        assert neighbour.ids("shifts/", **asked) == [mine.pk], asked
    assert neighbour.ids("shifts/", starts_from="2022-04-05T00:00:00+08:00") == [theirs.pk]
    assert neighbour.ids("shifts/", starts_before="2022-04-05T00:00:00+08:00") == [mine.pk]
    for asked in [
        {"shift": mine.pk},
        {"call_up": call.pk},
        {"site": mine.site_id},
        {"role": post.role_id},
        {"with_room": "true"},
    ]:
        assert neighbour.ids("posts/", **asked) == [post.pk], asked
    assert neighbour.ids("posts/", with_room="false") == [full.pk]
    assert neighbour.ids("call-ups/", community=here.pk) == [call.pk]
    assert neighbour.ids("call-ups/", slug=call.slug, status="open", urgent="false") == [call.pk]
    assert neighbour.ids("call-ups/", urgent="true") == []


# -- pledges -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def officer():
    unit = places.organisation()
    return places.grant(RoleName.ORG_HR, organisation=unit).user, unit


def test_an_organisation_promises_seats_and_names_its_people(officer, shift):
    _user, unit = officer
    post, api = make.post(shift, seats=3), Api(officer[0])
    body = {"post": post.pk, "organisation": unit.pk, "seats": 2, "due_at": "2022-04-03T21:30:00+08:00"}
    pledge = api.post("pledges/", body)
    assert (pledge.status_code, pledge.json()["named"], pledge.json()["status"]) == (201, 0, "open")
    number = pledge.json()["id"]
    own = make.volunteer()
    Affiliation.objects.create(volunteer=own, organisation=unit)
    seat = api.post(f"pledges/{number}/name/", {"volunteer": own.pk})
    assert (seat.status_code, seat.json()["status"], seat.json().keys() & {"name", "phone"}) == (
        201,
        "confirmed",
        set(),
    )
    assert told(api.post(f"pledges/{number}/name/", {"volunteer": make.volunteer().pk})) == (404, "not_found")
    assert api.post(f"pledges/{number}/release/").json()["status"] == "withdrawn"
    post.refresh_from_db()
    assert (post.taken, post.pledged) == (1, 0)


def test_nobody_promises_for_another_organisation(officer, neighbour, shift):
    post = make.post(shift, seats=3)
    body = {
        "post": post.pk,
        "organisation": places.organisation().pk,
        "seats": 2,
        "due_at": "2022-04-03T21:30:00+08:00",
    }
    for api in (Api(officer[0]), neighbour):
        assert told(api.post("pledges/", body)) == (403, "not_your_role")
    assert not Pledge.objects.exists()


def test_a_pledge_is_not_there_for_others(officer, lead, shift, neighbour):
    pledge = Pledge.objects.create(post=make.post(shift), organisation=officer[1], seats=1, due_at=DAWN)
    assert (lead.ids("pledges/"), Api(officer[0]).ids("pledges/"), neighbour.ids("pledges/")) == (
        [pledge.pk],
        [pledge.pk],
        [],
    )
    assert told(neighbour.post(f"pledges/{pledge.pk}/release/")) == (404, "not_found")


# -- messages ------------------------------------------------------------------------------------------------------


def test_messages_are_read_by_their_reader_and_counted_by_the_lead(lead, shift, neighbour):
    person = make.volunteer()
    seat = signups.sign_up(make.post(shift).pk, person.pk, now=NIGHT)
    message = Message.objects.get()
    own = Api(person.user).get(f"messages/{message.pk}/").json()
    assert (own["own"], own["sign_up"], own["call_up"], own["kind"], own["status"]) == (
        True,
        seat.pk,
        None,
        "confirmed",
        "scheduled",
    )
    seen = lead.get("messages/").json()["results"]
    assert seen == [own | {"own": False}]
    assert not {"text", "subject", "facts", "reader", "address", "key"} & seen[0].keys()
    assert neighbour.ids("messages/") == []
    assert "12号" not in str(seen)
    said = Api(person.user).get(f"messages/{message.pk}/text/")
    assert (said.status_code, set(said.json())) == (200, {"subject", "text"})
    assert told(lead.get(f"messages/{message.pk}/text/")) == (403, "not_your_role")
    assert lead.ids("messages/", sign_up=seat.pk) == [message.pk]
    assert lead.ids("messages/", call_up=seat.pk) == []


def test_the_words_of_what_is_not_true_any_more_are_gone(shift, lead):
    person = make.volunteer()
    seat = signups.sign_up(make.post(shift).pk, person.pk, now=NIGHT)
    message = Message.objects.get()
    signups.withdraw(seat.pk, now=NIGHT)
    assert told(Api(person.user).get(f"messages/{message.pk}/text/")) == (410, "expired")
