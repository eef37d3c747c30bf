"""What people are told: complete, in their language, by first name, and no more once it is out of date."""

import re
from datetime import timedelta

import pytest
from django.utils import translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from communities.messages import delivery
from communities.messages.claims import claim
from communities.messages.kinds import KINDS, Claimed
from communities.messages.outbox import Note, post
from communities.models import Message
from communities.rules.names import first_name
from staffing import messages
from staffing.actions import decisions, offers, reminders, shift_moves, shifts, signups
from staffing.models import SignUp
from staffing.queries.links import seat_by_link
from tests.factories import communities as places
from tests.factories import staffing as make
from tests.factories.staffing import DAWN, NIGHT
from volunteers.models import Consent

HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def address(settings):
    settings.PUBLIC_URL = "https://redvest.example"


@pytest.fixture
def place():
    """One seat at point 12 of a community, with a leader to call."""
    community = places.area(name="香樟社区", name_en="Camphor community")
    site = places.site(community, name="12号点", name_en="Point 12", gate="西苑2号门", gate_en="west gate 2")
    leader = places.user("李点长", phone="+8612000099999")
    shift = make.shift(site, make.call(community), leader=leader)
    return make.post(shift, seats=1, role=make.role("data", name="信息录入", name_en="data entry"))


def booked(post, name="王安然", now=NIGHT - HOUR):
    return signups.sign_up(post.pk, make.volunteer(user=places.user(name)).pk, now=now)


def texts(language="zh-hans", now=NIGHT) -> list[str]:
    """Every message as it would leave now, out-of-date ones left out; the link is written as LINK."""
    claimed, _now = claim("messages", now)
    contexts = delivery.gather(claimed, now)
    with translation.override(language):
        found = [KINDS[one.kind].text(contexts[one.id]) for one in claimed if one.id in contexts]
    return [re.sub(r"https://redvest.example/a/[\w-]{24}\b", "LINK", text) for text in found]


def only_the_latest(*kinds):
    Message.objects.exclude(kind__in=kinds).delete()


CONFIRMED = {
    "zh-hans": """香樟社区：安然，位置定了。
12号点 信息录入，4月4日（周一）05:30–08:45
05:10到，西苑2号门
有事找点长 12000099999
来不了、出发了，点一下：LINK""",
    "en": """Camphor community: 安然, you have a seat.
Point 12, data entry. Mon 4 April, 05:30–08:45
Be there at 05:10: west gate 2
Questions: 点长 12000099999
Can't come, or on your way: LINK""",
}


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_confirmed_seat_is_told_with_all_one_needs_to_know(place, language):
    booked(place)
    assert texts(language) == [CONFIRMED[language]]


@pytest.mark.django_db
def test_a_waiting_person_is_told_their_place_in_line_and_no_phone(place):
    booked(place)
    for _person in range(2):
        booked(place)
    only_the_latest("waitlisted")
    assert [text.splitlines()[0] for text in texts()] == [f"香樟社区：安然，你在候补第{rank}位。" for rank in (1, 2)]
    assert not any("12000099999" in text for text in texts(now=NIGHT + HOUR))


@pytest.mark.django_db
def test_a_freed_seat_is_offered_until_when_it_is_kept(place):
    holder = booked(place)
    booked(place)
    signups.withdraw(holder.pk, now=NIGHT)
    only_the_latest("offered")
    assert texts()[0].splitlines() == [
        "香樟社区：安然，有个位置给你留到22:00，能来吗？",
        "12号点 信息录入，4月4日（周一）05:30–08:45",
        "05:10到，西苑2号门",
        "有事找点长 12000099999",
        "能来、来不了，点一下：LINK",
    ]


@pytest.mark.django_db
def test_a_moved_shift_is_told_with_its_old_and_its_new_time_and_place(place):
    booked(place)
    elsewhere = places.site(place.shift.site.area, name="3号点", gate="东门")
    later = DAWN + HOUR
    shift_moves.move(
        place.shift_id, starts_at=later, ends_at=later + 3 * HOUR, site=elsewhere.pk, by=places.user(), now=NIGHT
    )
    only_the_latest("changed")
    assert texts()[0].splitlines() == [
        "香樟社区：安然，你的班有变动，还能来吗？22:00前回个话。",
        "原来：12号点 信息录入，4月4日（周一）05:30–08:45",
        "现在：3号点 信息录入，4月4日（周一）06:30–09:30",
        "06:10到，东门",
        "有事找点长 12000099999",
        "能来、来不了，点一下：LINK",
    ]


@pytest.mark.django_db
def test_two_moves_in_a_row_are_told_as_one(place):
    booked(place)
    by = places.user()
    for minutes in (10, 20):
        start = DAWN + timedelta(minutes=minutes)
        shift_moves.move(place.shift_id, starts_at=start, ends_at=start + 3 * HOUR, by=by, now=NIGHT)
    only_the_latest("changed")
    assert [text.splitlines()[:3] for text in texts()] == [
        [
            "香樟社区：安然，你的班有变动。",
            "原来：12号点 信息录入，4月4日（周一）05:30–08:45",
            "现在：12号点 信息录入，4月4日（周一）05:50–08:50",
        ]
    ]


@pytest.mark.django_db
def test_a_cancelled_shift_is_told_once_and_nothing_else_goes_out(place):
    booked(place)
    booked(place)
    for _again in range(2):
        shifts.cancel([place.shift_id], by=places.user(), now=NIGHT, reason="下雨")
    assert texts() == ["香樟社区：安然，这个班取消了，大家都不用来了。\n12号点 信息录入，4月4日（周一）05:30–08:45"] * 2


@pytest.mark.django_db
def test_a_shift_cancelled_while_it_runs_is_still_told(place):
    booked(place)
    shifts.cancel([place.shift_id], by=places.user(), now=DAWN + HOUR, reason="下雨")
    assert len(texts(now=DAWN + HOUR)) == 1
    assert Message.objects.get(kind="cancelled").expires_at == place.shift.ends_at


@pytest.mark.django_db
def test_a_seat_taken_back_is_not_called_a_cancelled_shift(place):
    signup = booked(place)
    decisions.cancel(signup.pk, by=places.user(), now=NIGHT, reason="double_entry")
    assert texts()[0].splitlines()[0] == "香樟社区：安然，你的位置取消了，这次不用来了。"


@pytest.mark.django_db
def test_who_cancelled_themselves_is_told_nothing(place):
    signup = booked(place)
    signups.withdraw(signup.pk, now=NIGHT)
    assert texts() == []


@pytest.mark.django_db
def test_a_reminder_says_where_when_and_whom_to_call(place):
    booked(place)
    only_the_latest()
    reminders.sweep(NIGHT)
    assert texts(now=NIGHT) == [CONFIRMED["zh-hans"].replace("位置定了", "你的班快到了")]


@pytest.mark.django_db
def test_what_is_no_longer_true_is_not_told(place):
    signup = booked(place)
    other = booked(place)
    reminders.sweep(NIGHT)
    kinds = ["signed_up", "waitlisted", "offered", "confirmed", "changed", "reminder", "passed_over", "declined"]
    SignUp.objects.filter(pk__in=[signup.pk, other.pk]).update(status="completed", position=None)
    post([Note(kind, "x", signup.pk, NIGHT, reader=signup.volunteer.user_id) for kind in [*kinds, "cancelled"]])
    post([Note("confirmed", "y", 10**9, NIGHT, reader=signup.volunteer.user_id)])
    assert texts() == []


@pytest.mark.django_db
def test_who_withdrew_consent_is_told_nothing_more(place):
    signup = booked(place)
    shifts.cancel([place.shift_id], by=places.user(), now=NIGHT, reason="下雨")
    consent = {"volunteer": signup.volunteer, "purpose": "service", "channel": "web", "given_at": NIGHT - HOUR}
    Consent.objects.create(text_version="1", withdrawn_at=NIGHT, **consent)
    assert texts() == []
    Consent.objects.create(text_version="2", **consent)
    assert len(texts(now=NIGHT + HOUR)) == 1


@pytest.mark.django_db
def test_the_link_in_a_message_leads_to_the_seat_until_the_offer_or_the_shift_ends(place):
    holder = booked(place)
    waiting = booked(place)
    signups.withdraw(holder.pk, now=NIGHT)
    only_the_latest("offered")
    (claimed,), _now = claim("messages", NIGHT)
    text = KINDS["offered"].text(delivery.gather([claimed], NIGHT)[claimed.id])
    token = text.rpartition("/")[2]
    assert seat_by_link(token, NIGHT + HOUR)[1].pk == waiting.pk
    for late in (NIGHT + 2 * HOUR, DAWN):
        with pytest.raises(offers.Gone):
            seat_by_link(token, late)


@pytest.mark.django_db
def test_the_link_of_a_moved_shift_is_gone(place):
    booked(place)
    (claimed,), _now = claim("messages", NIGHT)
    token = KINDS["confirmed"].text(delivery.gather([claimed], NIGHT)[claimed.id]).rpartition("/")[2]
    assert seat_by_link(token, NIGHT)[0] == "seat"
    shift_moves.move(place.shift_id, starts_at=DAWN, ends_at=DAWN + HOUR, by=places.user(), now=NIGHT)
    with pytest.raises(offers.Gone):
        seat_by_link(token, NIGHT)


STATE_OF = {
    "signed_up": "signed_up",
    "waitlisted": "waitlisted",
    "offered": "invited",
    "confirmed": "confirmed",
    "changed": "invited",
    "cancelled": "cancelled",
    "passed_over": "cancelled",
    "declined": "declined",
    "reminder": "confirmed",
    "reminded_again": "confirmed",
}
OF_A_CALL = ("call_up", "opened")
LINKS = {"cancelled": 0, "passed_over": 0, "declined": 0, "call_up": 3}  # a call has two more, to say yes and no
HEALTH = re.compile("核酸|抗原|检测|感染|阳性|病|test|health|virus|infect", re.IGNORECASE)
hostile = some.one_of(
    some.text(max_size=120),
    some.sampled_from(
        [
            "<script>alert(1)</script>",
            "=cmd|' /C calc'!A0",
            "\u202eevil",
            "a\r\nBcc: x@example.org",
            "%(name)s {0}",
            "http://evil.example",
            "王",
            "x" * 120,
        ]
    ),
)


@pytest.mark.django_db
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=hostile, kind=some.sampled_from([*STATE_OF, *OF_A_CALL]), language=some.sampled_from(["zh-hans", "en"]))
def test_every_kind_can_be_told_to_anybody_in_both_languages(place, name, kind, language):
    signup = SignUp.objects.first() or booked(place)
    type(signup.volunteer.user).objects.filter(volunteer=signup.volunteer).update(name=name.replace("\x00", ""))
    SignUp.objects.update(status=STATE_OF.get(kind, "cancelled"), position=1, respond_by=NIGHT + HOUR)
    facts = {"start": int(DAWN.timestamp())} if kind in messages.REMINDERS else {}
    target = place.shift.call_up_id if kind in OF_A_CALL else signup.pk
    one = Claimed(1, kind, "x", target, signup.volunteer.user_id, None, facts, "", 1, None)
    place.shift.posts.update(taken=0)
    with translation.override(language):
        context = delivery.gather([one], NIGHT)[1]
        text, subject = KINDS[kind].text(context), KINDS[kind].subject(context)
    known = first_name(name)
    assert text.startswith("香樟社区：" if language == "zh-hans" else "Camphor community: ")
    assert len(subject.splitlines()) == 1
    assert not set(text) & set("<>=|\u202e\r\x00")
    assert text.count("http") - known.count("http") == LINKS.get(kind, 1)
    assert not HEALTH.search(text.replace(known, "") if known else text)
    assert "05:30–" in text


@pytest.mark.django_db
def test_the_contexts_of_one_message_and_of_thirty_take_the_same_number_of_queries(django_assert_num_queries):
    people = [booked(make.post(seats=1)) for _post in range(30)]
    readers = [signup.volunteer.user_id for signup in people]
    Message.objects.all().delete()
    for signup, reader in zip(people, readers, strict=True):
        post([Note("confirmed", "x", signup.pk, NIGHT, reader=reader)])
    claimed, _now = claim("messages", NIGHT)
    for some_of_them in (claimed[:1], claimed):
        with django_assert_num_queries(4):
            assert len(delivery.gather(some_of_them, NIGHT)) == len(some_of_them)


@pytest.mark.django_db
def test_every_kind_of_staffing_is_registered():
    assert set(STATE_OF) | {"call_up"} <= set(KINDS)
    assert {name for name in STATE_OF if KINDS[name].vital} == {"changed", "cancelled"}
    assert messages.ABOUT_A_SEAT == [
        "signed_up",
        "waitlisted",
        "offered",
        "confirmed",
        "changed",
        "reminder",
        "reminded_again",
    ]
