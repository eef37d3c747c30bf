"""Signing up over REST, and all that follows from it."""

from datetime import timedelta

import pytest
import time_machine
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from communities.models import Message, User
from communities.states import Level, RoleName
from staffing.actions import signups
from staffing.models import Pledge, Post, SignUp
from staffing.phrases import field_error
from staffing.rules import passes
from staffing.rules.transitions import SIGN_UP
from staffing.states import HOLDS_SEAT, SignUpStatus
from tests.doors import Api, told
from tests.factories import communities as places
from tests.factories import staffing as make
from tests.factories.staffing import DAWN, NIGHT
from volunteers.models import ServiceRecord, Volunteer

pytestmark = pytest.mark.django_db
S = SignUpStatus


@pytest.fixture(autouse=True)
def night():
    with time_machine.travel(NIGHT, tick=False) as clock:
        yield clock


@pytest.fixture
def here():
    return places.area(parent=places.area(Level.SUBDISTRICT, places.area(Level.DISTRICT)))


@pytest.fixture
def post(here):
    return make.post(make.shift(call_up=make.call(here)), seats=1)


@pytest.fixture
def lead(here):
    return Api(places.lead(here))


@pytest.fixture
def person(here):
    return make.volunteer(community=here)


@pytest.fixture
def api(person):
    return Api(person.user)


def test_a_sign_up_is_new_once_and_the_same_ever_after(api, post, night):
    first = api.post("sign-ups/", {"post": post.pk})
    night.shift(1)
    again = api.post("sign-ups/", {"post": post.pk})
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    assert first.json()["status"] == "confirmed"
    assert (SignUp.objects.count(), Message.objects.count()) == (1, 1)


def test_what_the_answer_says_is_what_a_look_at_it_says(api, post):
    answer = api.post("sign-ups/", {"post": post.pk}).json()
    assert api.get(f"sign-ups/{answer['id']}/").json() == answer


def test_the_last_seat_goes_to_one_and_the_next_waits_first_in_line(api, post):
    api.post("sign-ups/", {"post": post.pk})
    answer = Api(make.volunteer().user).post("sign-ups/", {"post": post.pk})
    assert (answer.status_code, answer.json()["status"], answer.json()["position"]) == (201, "waitlisted", 1)


def test_a_refusal_says_every_reason_and_changes_nothing(here, post):
    minor = make.volunteer(is_adult=False)
    make.seats(1)
    post.shift.status = "closed"
    post.shift.save()
    answer = Api(minor.user).post("sign-ups/", {"post": post.pk})
    assert told(answer) == (409, "closed")
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert [reason["code"] for reason in answer.json()["reasons"]] == ["closed", "minor"]
    assert answer.json()["detail"] == answer.json()["reasons"][0]["detail"]
    assert answer.json()["type"] == "/api/problems/closed/"
    assert not SignUp.objects.of(minor.pk).exists()


def test_a_refusal_speaks_the_language_that_is_asked_for(api, post):
    post.shift.call_up.status = "closed"
    post.shift.call_up.save()
    said = {
        language: Api(Volunteer.objects.last().user, **{"accept-language": language})
        .post("sign-ups/", {"post": post.pk})
        .json()["detail"]
        for language in ("en", "zh-hans")
    }
    assert said == {"en": "Sign-up is closed.", "zh-hans": "报名停了。"}


def test_an_account_that_is_no_volunteer_is_told_to_check_in_first(post):
    assert told(Api(places.user()).post("sign-ups/", {"post": post.pk})) == (409, "not_enrolled")


def test_a_post_of_a_draft_is_not_there_for_neighbours(api, here):
    draft = make.post(make.shift(call_up=make.call(here, status="draft"), status="draft"))
    assert told(api.post("sign-ups/", {"post": draft.pk})) == (404, "not_found")
    assert told(api.post("sign-ups/", {"post": 10**12})) == (404, "not_found")


def test_signing_up_costs_few_statements(transactional_db, api, post):
    """Token and account; lock; person; counts; who acts; seat; message. The post was read for who came before."""
    Api(make.volunteer().user).post("sign-ups/", {"post": post.pk})
    with CaptureQueriesContext(connection) as queries:
        assert api.post("sign-ups/", {"post": post.pk}).status_code == 201
    told = [query["sql"] for query in queries if query["sql"] not in ("BEGIN", "COMMIT")]
    assert len(told) == 7, "\n".join(told)


def test_staff_enter_somebody_with_consent(lead, post, here):
    person = {"name": "王演示0031", "phone": "+86 120 0900 0031", "consent": True, "is_adult": True}
    answer = lead.post("sign-ups/", {"post": post.pk, "person": person})
    assert (answer.status_code, answer.json()["name"], answer.json()["phone"]) == (201, "王演示0031", "+8612009000031")
    entered = Volunteer.objects.get(pk=answer.json()["volunteer"])
    assert entered.consents.get().recorded_by == entered.enrolments.get().entered_by == places_lead(here)
    assert (SignUp.objects.get().entered_by, SignUp.objects.get().channel) == (places_lead(here), "api")


def places_lead(area):
    return User.objects.get(grants__area=area)


@pytest.mark.parametrize("consent", [False, "true", 1, None])
def test_nobody_is_entered_without_consent(lead, post, consent):
    person = {"name": "王演示0031", "phone": "+8612009000031", "consent": consent, "is_adult": True}
    answer = lead.post("sign-ups/", {"post": post.pk, "person": person})
    assert (answer.status_code, list(answer.json()["errors"]["person"])) == (400, ["consent"])
    assert not Volunteer.objects.exists()


def test_staff_sign_up_a_volunteer_of_their_own_community(lead, post, person):
    assert lead.post("sign-ups/", {"post": post.pk, "volunteer": person.pk}).status_code == 201


def test_a_stranger_to_the_community_is_not_there_to_be_signed_up(lead, post):
    stranger = make.volunteer(community=places.area())
    assert told(lead.post("sign-ups/", {"post": post.pk, "volunteer": stranger.pk})) == (404, "not_found")


def test_neighbours_sign_up_nobody_but_themselves(api, post, here):
    other = make.volunteer(community=here)
    assert told(api.post("sign-ups/", {"post": post.pk, "volunteer": other.pk})) == (403, "not_your_role")
    assert not SignUp.objects.exists()


def test_only_who_runs_the_place_overrides_the_rest_rules(api, lead, post, person):
    make.post(make.shift(start=DAWN - timedelta(hours=6)), seats=1)
    body = {"post": post.pk, "override_reason": "无人接替"}
    assert told(api.post("sign-ups/", body)) == (403, "not_your_role")
    assert lead.post("sign-ups/", body | {"volunteer": person.pk}).status_code == 201
    assert SignUp.objects.get().override_reason == "无人接替"


@pytest.mark.parametrize("value", [0, -1, 10**20, "7", 7.0, 7.5, True, None, [], {}])
@pytest.mark.parametrize("field", ["post", "volunteer"])
def test_ids_are_whole_numbers(api, post, field, value):
    answer = api.post("sign-ups/", {"post": post.pk} | {field: value})
    assert (answer.status_code, list(answer.json()["errors"])) == (400, [field])


@pytest.mark.parametrize(
    "name",
    [
        field.name
        for field in SignUp._meta.fields
        if field.name not in ("post", "volunteer", "auto_accept", "override_reason")
    ],
)
def test_no_column_is_assigned_by_accident(api, post, name):
    answer = api.post("sign-ups/", {"post": post.pk, name: 1})
    assert (answer.status_code, list(answer.json()["errors"])) == (400, [name])
    assert not SignUp.objects.exists()


@pytest.mark.parametrize("body", ["[]", "7", '"x"', "{", "", '{"post": NaN}'])
def test_a_body_that_is_no_object_is_400(api, body):
    answer = api.client.post("/api/v1/sign-ups/", body, content_type="application/json")
    assert answer.status_code == 400


def test_the_same_key_signs_up_once(api, post):
    first = api.post("sign-ups/", {"post": post.pk}, **{"Idempotency-Key": "k"})
    again = api.post("sign-ups/", {"post": post.pk}, **{"Idempotency-Key": "k"})
    assert (first.status_code, again.status_code, again.headers["Idempotent-Replay"]) == (201, 201, "true")
    assert first.json() == again.json()


# -- what follows ------------------------------------------------------------------------------------------------------


@pytest.fixture
def seat(post, person):
    return signups.sign_up(post.pk, person.pk, now=NIGHT)


def test_withdrawing_frees_the_seat_and_again_changes_nothing(api, seat, post):
    first, again = api.post(f"sign-ups/{seat.pk}/withdraw/"), api.post(f"sign-ups/{seat.pk}/withdraw/")
    assert (first.status_code, first.json()["status"], again.json()) == (200, "cancelled", first.json())
    post.refresh_from_db()
    assert post.taken == 0


def test_a_freed_seat_is_offered_and_accepted_or_gone_when_late(api, seat, post, night):
    heirs = [Api(make.volunteer().user) for _heir in range(2)]
    first, second = [heir.post("sign-ups/", {"post": post.pk}).json()["id"] for heir in heirs]
    api.post(f"sign-ups/{seat.pk}/withdraw/")
    assert heirs[0].post(f"sign-ups/{first}/decline/").json()["status"] == "declined"
    night.shift(timedelta(hours=3))
    late = heirs[1].post(f"sign-ups/{second}/accept/")
    assert told(late) == (410, "expired")


def test_the_lead_confirms_or_turns_down_with_a_reason(lead, here, person):
    quiet = make.post(make.shift(call_up=make.call(here)), auto_confirm=False, seats=2)
    asked = signups.sign_up(quiet.pk, person.pk, now=NIGHT)
    other = signups.sign_up(quiet.pk, make.volunteer().pk, now=NIGHT)
    assert lead.post(f"sign-ups/{asked.pk}/confirm/").json()["status"] == "confirmed"
    assert lead.post(f"sign-ups/{other.pk}/decline/").json()["errors"] == {"reason": [field_error("reason_missing")]}
    assert lead.post(f"sign-ups/{other.pk}/decline/", {"reason": "too_old"}).status_code == 400
    assert lead.post(f"sign-ups/{other.pk}/decline/", {"reason": "enough_people"}).json()["status"] == "declined"


def test_a_lead_cancels_with_a_reason(lead, seat):
    assert lead.post(f"sign-ups/{seat.pk}/cancel/").json()["errors"].keys() == {"reason"}
    assert lead.post(f"sign-ups/{seat.pk}/cancel/", {"reason": "重复"}).json()["status"] == "cancelled"


def test_nobody_is_on_the_way_hours_before(api, seat, night):
    night.move_to(DAWN - timedelta(hours=3, minutes=1))
    answer = api.post(f"sign-ups/{seat.pk}/set-out/")
    assert (answer.status_code, answer.json()["code"]) == (409, "too_early")
    assert SignUp.objects.get(pk=seat.pk).on_my_way_at is None


@pytest.mark.parametrize("body", ['{"reason": "\\ud800"}', '{"\\udfff": 1}', "[" * 100_000 + "]" * 100_000])
def test_a_body_that_is_no_text_or_has_no_end_is_a_bad_request(lead, seat, body):
    answer = lead.client.post(f"/api/v1/sign-ups/{seat.pk}/decline/", body, content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (400, "parse_error")


def test_a_day_of_attendance(api, lead, seat, night):
    night.move_to(DAWN - timedelta(minutes=40))
    assert api.post(f"sign-ups/{seat.pk}/set-out/").json()["on_my_way_at"] == "2022-04-03T20:50:00Z"
    assert lead.post(f"sign-ups/{seat.pk}/check-in/").json()["status"] == "checked_in"
    assert lead.post(f"sign-ups/{seat.pk}/undo-check-in/").json()["status"] == "confirmed"
    night.move_to(DAWN)
    assert lead.post(f"sign-ups/{seat.pk}/check-in/", {"fit": True}).json()["checked_in_at"] == "2022-04-03T21:30:00Z"
    night.move_to(DAWN + timedelta(minutes=195))
    assert api.post(f"sign-ups/{seat.pk}/check-out/").json()["status"] == "completed"
    assert ServiceRecord.objects.get().minutes == 195


def test_who_is_not_fit_is_not_checked_in(lead, seat, night):
    night.move_to(DAWN)
    assert told(lead.post(f"sign-ups/{seat.pk}/check-in/", {"fit": False})) == (409, "not_fit")


def test_too_many_minutes_need_a_second_lead(lead, here, seat, night):
    night.move_to(DAWN)
    lead.post(f"sign-ups/{seat.pk}/check-in/")
    night.move_to(DAWN + timedelta(hours=8))
    assert told(lead.post(f"sign-ups/{seat.pk}/check-out/")) == (409, "too_long")
    word = lead.post(f"sign-ups/{seat.pk}/propose-check-out/").json()
    assert told(lead.post(f"sign-ups/{seat.pk}/check-out/", word)) == (403, "same_person")
    assert told(Api(seat.volunteer.user).post(f"sign-ups/{seat.pk}/check-out/", word)) == (403, "same_person")
    second = Api(places.lead(here))
    assert second.post(f"sign-ups/{seat.pk}/check-out/", word).json()["status"] == "completed"


def test_a_no_show_is_corrected_by_two_leads(lead, here, seat, night):
    night.move_to(DAWN + timedelta(minutes=20))
    assert lead.post(f"sign-ups/{seat.pk}/no-show/").json()["status"] == "no_show"
    times = {"started_at": DAWN.isoformat(), "ended_at": (DAWN + timedelta(hours=3)).isoformat()}
    proposal = lead.post(f"sign-ups/{seat.pk}/correct/", times)
    assert proposal.status_code == 202
    assert told(lead.post(f"sign-ups/{seat.pk}/correct/", proposal.json())) == (403, "same_person")
    second = Api(places.lead(here))
    assert second.post(f"sign-ups/{seat.pk}/correct/", proposal.json()).json()["status"] == "completed"
    assert ServiceRecord.objects.get().minutes == 180


def test_a_proposal_about_another_sign_up_or_forged_is_no_proposal(lead, here, seat, night):
    other = signups.sign_up(make.post(seat.shift, role=make.role("runner")).pk, make.volunteer().pk, now=NIGHT)
    night.move_to(DAWN + timedelta(minutes=20))
    for one in (seat, other):
        lead.post(f"sign-ups/{one.pk}/no-show/")
    times = {"started_at": DAWN.isoformat(), "ended_at": (DAWN + timedelta(hours=3)).isoformat()}
    word = lead.post(f"sign-ups/{other.pk}/correct/", times).json()["proposal"]
    second = Api(places.lead(here))
    for text in (word, word + "x", "x"):
        assert second.post(f"sign-ups/{seat.pk}/correct/", {"proposal": text}).status_code == 400
    night.shift(timedelta(hours=25))
    assert told(second.post(f"sign-ups/{other.pk}/correct/", {"proposal": word})) == (410, "expired")


def test_moving_a_volunteer_asks_them_and_moving_staff_does_it(lead, here, seat):
    target = make.post(seat.shift, role=make.role("runner"), seats=3)
    moved = lead.post(f"sign-ups/{seat.pk}/move/", {"post": target.pk}).json()
    assert (moved["post"], moved["status"]) == (target.pk, "invited")
    staff = make.volunteer(kind="community_staff", community=here)
    held = signups.sign_up(make.post(make.shift(call_up=make.call(here))).pk, staff.pk, now=NIGHT)
    assert lead.post(f"sign-ups/{held.pk}/move/", {"post": target.pk}).json()["status"] == "confirmed"
    held.refresh_from_db()
    assert held.status == "cancelled"


def test_nobody_is_moved_to_a_post_of_another_community(lead, seat):
    assert told(lead.post(f"sign-ups/{seat.pk}/move/", {"post": make.post().pk})) == (403, "not_your_role")


def test_oneself_with_the_code_on_the_leaders_screen(api, seat, night):
    night.move_to(DAWN)
    path = f"sign-ups/{seat.pk}/check-in/"
    other = passes.token(seat.shift_id + 1, DAWN, settings.SECRET_KEY)
    old = passes.token(seat.shift_id, DAWN - timedelta(seconds=61), settings.SECRET_KEY)
    for body in ({}, {"code": "x"}, {"code": other}, {"code": old}):
        assert told(api.post(path, body)) == (403, "qr_invalid")
    code = passes.token(seat.shift_id, DAWN, settings.SECRET_KEY)
    assert api.post(path, {"code": code}).json()["status"] == "checked_in"


def test_an_offer_is_passed_on_and_the_person_waits_again(api, seat, post):
    heirs = [Api(make.volunteer().user) for _heir in range(2)]
    first, _second = [heir.post("sign-ups/", {"post": post.pk}).json()["id"] for heir in heirs]
    api.post(f"sign-ups/{seat.pk}/withdraw/")
    answer = heirs[0].post(f"sign-ups/{first}/stay-in-line/").json()
    assert (answer["status"], answer["id"] != first) == ("waitlisted", True)


def test_a_place_is_changed_for_another_or_kept(api, seat, here):
    free = make.post(seat.shift, role=make.role("runner"))
    full = make.seats(1)[0].post
    assert told(api.post(f"sign-ups/{seat.pk}/change/", {"post": full.pk})) == (409, "seat_taken")
    seat.refresh_from_db()
    assert seat.status == "confirmed"
    assert api.post(f"sign-ups/{seat.pk}/change/", {"post": free.pk}).json()["status"] == "confirmed"
    seat.refresh_from_db()
    assert seat.status == "cancelled"


def test_a_party_comes_all_or_nothing(api, here):
    call = make.call(here)
    post = make.post(make.shift(call_up=call), seats=2)
    body = {"blocks": [[post.shift_id]], "companions": [{"name": "李演示0002", "consent": True}]}
    answer = api.post(f"call-ups/{call.pk}/parties/", body, **{"Idempotency-Key": "k"})
    assert (answer.status_code, [row["seat_no"] for row in answer.json()["sign_ups"]]) == (201, [1, 2])
    assert answer.json() == api.post(f"call-ups/{call.pk}/parties/", body, **{"Idempotency-Key": "k"}).json()
    late = Api(make.volunteer().user)
    assert told(late.post(f"call-ups/{call.pk}/parties/", body)) == (409, "full")
    body["companions"][0]["consent"] = False
    assert late.post(f"call-ups/{call.pk}/parties/", body).status_code == 400
    assert SignUp.objects.count() == 2


STAFF_DEEDS = ["confirm", "cancel", "move", "undo-check-in", "no-show", "correct", "propose-check-out"]


@pytest.mark.parametrize("deed", STAFF_DEEDS)
def test_the_person_sees_the_sign_up_but_does_not_decide_it(api, seat, deed):
    assert told(api.post(f"sign-ups/{seat.pk}/{deed}/")) == (403, "not_your_role")


@pytest.mark.parametrize("deed", ["withdraw", "accept", "set-out"])
def test_the_lead_does_not_speak_for_the_person(lead, seat, deed):
    assert told(lead.post(f"sign-ups/{seat.pk}/{deed}/")) == (403, "not_your_role")


@pytest.mark.parametrize(
    "deed",
    [*STAFF_DEEDS, "check-in", "stay-in-line", "change", "withdraw", "accept", "decline", "check-out", "set-out"],
)
def test_nobody_else_finds_it_at_all(seat, deed):
    for stranger in (
        make.volunteer().user,
        places.lead(places.area()),
        places.lead(seat.shift.site.area, RoleName.AUDITOR),
    ):
        assert told(Api(stranger).post(f"sign-ups/{seat.pk}/{deed}/")) == (404, "not_found")


# -- illegal steps -----------------------------------------------------------------------------------------------------

DEEDS = {
    "withdraw": (S.CANCELLED, "person", {}),
    "accept": (S.CONFIRMED, "person", {}),
    "decline": (S.DECLINED, "person", {}),
    "set-out": (None, "person", {}),
    "confirm": (S.CONFIRMED, "lead", {}),
    "cancel": (S.CANCELLED, "lead", {"reason": "x"}),
    "check-in": (S.CHECKED_IN, "lead", {}),
    "undo-check-in": (S.CONFIRMED, "lead", {}),
    "check-out": (S.COMPLETED, "lead", {}),
    "no-show": (S.NO_SHOW, "lead", {}),
    "correct": (S.COMPLETED, "lead", {"started_at": DAWN.isoformat(), "ended_at": DAWN.isoformat()}),
}
FROM = {  # what the deed may start from; from where it leads it changes nothing
    "withdraw": {S.INVITED, S.SIGNED_UP, S.WAITLISTED, S.CONFIRMED},
    "accept": {S.INVITED},
    "decline": {S.INVITED},
    "set-out": {S.CONFIRMED, S.CHECKED_IN},
    "confirm": {S.SIGNED_UP},
    "cancel": {S.INVITED, S.SIGNED_UP, S.WAITLISTED, S.CONFIRMED},
    "check-in": {S.CONFIRMED},
    "undo-check-in": {S.CHECKED_IN},
    "check-out": {S.CHECKED_IN},
    "no-show": {S.CONFIRMED},
    "correct": {S.NO_SHOW},
}
ILLEGAL = [
    (state, deed)
    for deed, (there, _who, _body) in DEEDS.items()
    for state in SIGN_UP
    if state not in FROM[deed] and not (state == there and deed != "correct")
]


def test_the_table_of_deeds_agrees_with_the_table_of_steps():
    for deed, (there, _who, _body) in DEEDS.items():
        if there:
            assert all(there in SIGN_UP[state] for state in FROM[deed]), deed


@pytest.mark.parametrize(("state", "deed"), ILLEGAL)
def test_an_illegal_step_is_refused_and_changes_nothing(api, lead, seat, state, deed):
    SignUp.objects.filter(pk=seat.pk).update(
        status=state, position=1 if state == S.WAITLISTED else None, respond_by=DAWN if state == S.INVITED else None
    )
    Post.objects.filter(pk=seat.post_id).update(taken=int(state in HOLDS_SEAT), waiting=int(state == S.WAITLISTED))
    before = everything()
    who = {"person": api, "lead": lead}[DEEDS[deed][1]]
    answer = who.post(f"sign-ups/{seat.pk}/{deed}/", DEEDS[deed][2])
    assert answer.status_code in ({409, 410} if (state, deed) == (S.EXPIRED, "accept") else {409}), answer.json()
    assert everything() == before


def everything():
    return [list(model.objects.order_by("pk").values()) for model in (SignUp, Post, Message, ServiceRecord, Pledge)]


# -- looking -----------------------------------------------------------------------------------------------------------


def test_who_sees_which_sign_ups(here, seat):
    other = make.seats(1)[0]
    seen = {
        "own": Api(seat.volunteer.user),
        "lead": Api(places.lead(here)),
        "district": Api(places.lead(here.parent.parent, RoleName.DISTRICT_LEAD)),
        "elsewhere": Api(places.lead(places.area())),
        "auditor": Api(places.lead(here, RoleName.AUDITOR)),
        "admin": Api(places.lead(here, RoleName.SYSTEM_ADMIN)),
        "other": Api(other.volunteer.user),
    }
    assert {name: api.ids("sign-ups/") for name, api in seen.items()} == {
        "own": [seat.pk],
        "lead": [seat.pk],
        "district": [seat.pk],
        "elsewhere": [],
        "auditor": [],
        "admin": [],
        "other": [other.pk],
    }


def test_names_and_phones_are_there_for_whom_they_are_meant_only(here, seat):
    user = seat.volunteer.user
    private = {"name", "phone", "phone_ends"}
    leader = places.user()
    seat.shift.leader = leader
    seat.shift.save()
    with time_machine.travel(DAWN, tick=False):
        found = {
            "own": Api(user),
            "lead": Api(places.lead(here)),
            "district": Api(places.lead(here.parent.parent, RoleName.DISTRICT_LEAD)),
            "grid": Api(places.lead(here, RoleName.GRID_MEMBER)),
            "point": Api(places.lead(here, RoleName.POINT_LEAD)),
            "leader": Api(leader),
        }
        rows = {name: api.get(f"sign-ups/{seat.pk}/").json() for name, api in found.items()}
    assert {name: {key: row[key] for key in private & row.keys()} for name, row in rows.items()} == {
        "own": {},
        "lead": {"name": user.name, "phone": user.phone},
        "district": {"name": user.name},
        "grid": {"name": user.name},
        "point": {"name": user.name, "phone_ends": user.phone[-4:]},
        "leader": {"name": user.name, "phone_ends": user.phone[-4:]},
    }


def test_who_leads_a_shift_sees_its_people_from_two_hours_before_to_twelve_after(seat, night):
    seat.shift.leader = leader = places.user()
    seat.shift.save()
    times = [DAWN - timedelta(hours=2, minutes=1), DAWN - timedelta(hours=2), seat.shift.ends_at + timedelta(hours=12)]
    seen = []
    for time in times:
        night.move_to(time)
        seen.append(Api(leader).ids("sign-ups/"))
    assert seen == [[], [seat.pk], []]


def test_filters(lead, seat, here):
    other = signups.sign_up(
        make.post(make.shift(call_up=make.call(here), start=DAWN + timedelta(days=2))).pk,
        make.volunteer().pk,
        now=NIGHT,
    )
    signups.withdraw(other.pk, now=NIGHT)
    elsewhere = places.area()
    asked = {
        "post": (seat.post_id, other.post_id),
        "shift": (seat.shift_id, other.shift_id),
        "call_up": (seat.shift.call_up_id, other.shift.call_up_id),
        "site": (seat.shift.site_id, other.shift.site_id),
        "volunteer": (seat.volunteer_id, other.volunteer_id),
        "status": ("confirmed", "cancelled"),
    }
    for name, (mine, others) in asked.items():
        assert (lead.ids("sign-ups/", **{name: mine}), lead.ids("sign-ups/", **{name: others})) == (
            [seat.pk],
            [other.pk],
        )
    assert lead.ids("sign-ups/", starts_from="2022-04-05T00:00:00+08:00") == [other.pk]
    assert lead.ids("sign-ups/", starts_before="2022-04-05T00:00:00+08:00") == [seat.pk]
    assert lead.ids("sign-ups/", under=here.parent_id) == [seat.pk, other.pk]
    assert lead.ids("sign-ups/", under=elsewhere.pk) == []


@pytest.mark.parametrize(
    "asked",
    [
        {"phone": "+8612000000001"},
        {"person__phone": "x"},
        {"volunteer__user__phone_hash": "x"},
        {"status": "asleep"},
        {"post": "1.5"},
        {"post": "0"},
        {"post": "x"},
        {"starts_from": "2022-04-05T00:00:00"},
        {"starts_from": "yesterday"},
        {"ordering": "phone_hash"},
        {"ordering": "volunteer__user__name"},
        {"ordering": "--id"},
        {"include": "volunteer"},
        {"include": "posts"},
        {"page_size": "0"},
        {"page_size": "201"},
        {"page_size": "١"},
        {"page_size": "x"},
        {"cursor": "x"},
        {"cursor": "WyJjcmVhdGVkX2F0IiwgIngiLCAxLCBmYWxzZV0"},
    ],
)
def test_what_cannot_be_asked_is_400_and_named(lead, asked):
    answer = lead.get("sign-ups/", **asked)
    assert (answer.status_code, list(answer.json()["errors"])) == (400, list(asked))


def test_including_the_post_and_the_shift_writes_them_out(lead, seat):
    row = lead.get(f"sign-ups/{seat.pk}/", include="post,shift").json()
    assert (row["post"]["id"], row["shift"]["id"]) == (seat.post_id, seat.shift_id)
    assert row["post"]["taken"] == 1


def test_thirty_rows_cost_as_many_statements_as_one(lead, here, seat):
    def count():
        with CaptureQueriesContext(connection) as queries:
            assert lead.get("sign-ups/", include="post,shift").status_code == 200
        return len(queries)

    count()
    one = count()
    shift = make.shift(call_up=make.call(here))
    for index in range(30):
        signups.sign_up(make.post(shift, role=make.role(f"r{index}")).pk, make.volunteer().pk, now=NIGHT)
    assert (count(), one <= 6) == (one, True)


# -- place me ----------------------------------------------------------------------------------------------------------


def test_place_me_goes_where_most_is_missing_and_again_is_the_same_place(api, here, night):
    call = make.call(here)
    shift = make.shift(call_up=call)
    full, empty = make.post(shift, seats=4), make.post(shift, seats=4, role=make.role("guide"))
    for _seat in range(3):
        signups.sign_up(full.pk, make.volunteer().pk, now=NIGHT)
    first = api.post(f"call-ups/{call.pk}/sign-ups/")
    night.shift(1)
    again = api.post(f"call-ups/{call.pk}/sign-ups/")
    assert (first.status_code, first.json()["post"], first.json()["placed"]) == (201, empty.pk, True)
    assert (again.status_code, again.json()) == (200, first.json())


def test_place_me_on_one_of_these_shifts(api, here):
    call = make.call(here)
    wanted, other = make.post(make.shift(call_up=call)), make.post(make.shift(call_up=call), seats=9)
    assert api.post(f"call-ups/{call.pk}/sign-ups/", {"shifts": [wanted.shift_id]}).json()["post"] == wanted.pk
    assert other.pk != wanted.pk


def test_place_somebody_by_staff_only(api, lead, here, person):
    call = make.call(here)
    make.post(make.shift(call_up=call))
    body = {"volunteer": person.pk}
    assert told(api.post(f"call-ups/{call.pk}/sign-ups/", body)) == (403, "not_your_role")
    assert lead.post(f"call-ups/{call.pk}/sign-ups/", body).status_code == 201


def test_a_walk_in_is_signed_up_and_checked_in_at_once(lead, post, night):
    night.move_to(DAWN)
    person = {"name": "李演示0007", "phone": "+8612009000777", "consent": True, "is_adult": True}
    answer = lead.post(f"posts/{post.pk}/walk-in/", {"person": person})
    assert (answer.status_code, answer.json()["status"]) == (201, "checked_in")


def test_volunteers_are_invited_and_staff_are_assigned(lead, post, here, person):
    runner = make.post(post.shift, role=make.role("runner"))
    staff = make.volunteer(kind="grid_member", community=here)
    assert lead.post(f"posts/{post.pk}/invite/", {"volunteer": person.pk}).json()["status"] == "invited"
    assert told(lead.post(f"posts/{runner.pk}/assign/", {"volunteer": person.pk})) == (409, "volunteers_are_asked")
    assert lead.post(f"posts/{runner.pk}/assign/", {"volunteer": staff.pk}).json()["status"] == "confirmed"


def test_reasons_before_one_signs_up(here, post):
    minor = Api(make.volunteer(is_adult=False).user)
    assert (
        minor.get(f"posts/{post.pk}/reasons/").json()
        == {
            "welcome": False,
            "reasons": [{"code": "minor", "detail": "未满18周岁不能参加。"}],
        }
        or minor.get(f"posts/{post.pk}/reasons/").json()["reasons"][0]["code"] == "minor"
    )


def test_the_answer_to_a_busy_row_is_come_back_in_a_moment(api, post, monkeypatch):
    from communities.errors import Busy

    def busy(*_args, **_how):
        raise Busy

    monkeypatch.setattr(signups, "lock_owner", busy)
    answer = api.post("sign-ups/", {"post": post.pk})
    assert (told(answer), answer.headers["Retry-After"]) == ((503, "busy"), "2")


def test_a_token_reads_or_writes_what_its_scopes_say(person, post):
    reads, writes = Api(person.user, ["read"]), Api(person.user, ["sign-ups:write"])
    assert reads.get("sign-ups/").status_code == 200
    assert told(reads.post("sign-ups/", {"post": post.pk})) == (403, "scope_missing")
    assert told(writes.get("sign-ups/")) == (403, "scope_missing")
    assert writes.post("sign-ups/", {"post": post.pk}).status_code == 201
    assert told(writes.post("shifts/", {})) == (403, "scope_missing")
    assert writes.post(f"call-ups/{post.shift.call_up_id}/sign-ups/").status_code == 409


def test_nobody_without_a_token(post):
    answer = Api().post("sign-ups/", {"post": post.pk})
    assert (told(answer), answer.headers["WWW-Authenticate"]) == ((401, "not_authenticated"), 'Bearer realm="redvest"')
