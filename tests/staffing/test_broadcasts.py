"""Notices to many: whom they reach, when they leave, what they say, and that nothing leaves after a stop."""

from datetime import timedelta

import pytest
from django.utils import timezone

from communities import pace
from communities.actions.digests import gather
from communities.actions.optouts import no_more
from communities.errors import Invalid, Refused
from communities.messages.delivery import deliver
from communities.models import GroupRobot, Message
from communities.states import Topic
from staffing.actions import broadcasts, signups
from staffing.actions.broadcasts import Notice, Words
from staffing.models import Broadcast, NoticeTemplate
from staffing.queries.broadcasts import reach, standing, templates
from staffing.rules.placeholders import filled, parts, problems, used
from tests.communities.test_messages import box  # noqa: F401
from tests.doors import Api
from tests.factories import communities as places
from tests.factories import staffing as make
from tests.factories.staffing import DAWN, NIGHT

pytestmark = pytest.mark.django_db
LATE = NIGHT + timedelta(hours=3)  # 23:00, in quiet hours
MORNING = NIGHT + timedelta(hours=10)
WORDS = Words(
    "明早大风",
    "Strong wind tomorrow",
    "{name}，帐篷今晚收好。\n疑问找{contact}。",
    "{name}, take the tents down tonight.",
)


@pytest.fixture
def here():
    return places.area(name="香樟社区", name_en="Camphor")


@pytest.fixture
def lead(here):
    found = places.lead(here)
    found.name = "周领队"
    found.save()
    return found


def neighbours(area, count=3, **fields):
    return [make.volunteer(community=area, **fields) for _person in range(count)]


def draft(area, lead, words=WORDS, now=NIGHT, **how):
    return broadcasts.write(area.pk, Notice(words, **how), by=lead, now=now)


def sent(area, lead, now=NIGHT, **how):
    return broadcasts.send(draft(area, lead, now=now, **how).pk, by=lead, now=now)


def readers(found):
    return set(
        Message.objects.filter(target=found.pk, kind__in=["broadcast", "duty_notice"]).values_list("reader", flat=True)
    )


def test_everybody_who_is_enrolled_there_is_told_once_in_their_own_language(box, here, lead):  # noqa: F811
    (one, other, english), _elsewhere = neighbours(here), neighbours(places.area())
    english.user.language = "en"
    english.user.save()
    found = sent(here, lead)
    assert broadcasts.send(found.pk, by=lead, now=NIGHT) == found
    assert (found.people, readers(found)) == (3, {one.user_id, other.user_id, english.user_id})
    deliver("messages", NIGHT)
    texts = {letter.to: letter.text for letter in box.newest()}
    assert len(box) == 3
    assert texts[one.user.phone].splitlines()[0].startswith("香樟社区：")
    assert "疑问找领队" in texts[one.user.phone].replace(" ", "")
    assert texts[english.user.phone].splitlines()[-1].startswith("Questions: ")
    assert standing(found).sent == 3


def test_a_draft_tells_nobody_and_its_preview_counts_by_way(box, here, lead, settings):  # noqa: F811
    quiet, unwilling, mute, mail, _sms = neighbours(here, 5)
    type(mail.user).objects.filter(pk=mail.user_id).update(phone_hash=None, phone_cipher=None, email="demo@example.org")
    type(mute.user).objects.filter(pk=mute.user_id).update(phone_hash=None, phone_cipher=None)
    type(quiet.user).objects.filter(pk=quiet.user_id).update(muted_at=NIGHT)
    no_more(unwilling.user, [Topic.NEWS], now=NIGHT)
    found = draft(here, lead)
    counted = reach(found, NIGHT)
    assert (counted.people, counted.sms, counted.push, counted.email) == (2, 1, 0, 1)
    assert (counted.unwilling, counted.unreachable, counted.all) == (2, 1, 5)
    assert not Message.objects.exists()
    assert broadcasts.send(found.pk, by=lead, now=NIGHT).people == 2


def test_filters_narrow_whom_it_is_for(box, here, lead):  # noqa: F811
    home = places.compound(here)
    skilled, neighbour, both = neighbours(here, 3)
    for one in (skilled, both):
        make.held(one, "typing")
    for one in (neighbour, both):
        one.residence = home
        one.save()
    typing = skilled.held.get().qualification_id
    assert readers(sent(here, lead, qualification=typing)) == {skilled.user_id, both.user_id}
    assert readers(sent(here, lead, compound=home.pk)) == {neighbour.user_id, both.user_id}
    assert readers(sent(here, lead, compound=home.pk, qualification=typing)) == {both.user_id}


def test_those_with_a_place_in_a_call_hear_of_their_duty_whatever_topics_they_ended(box, here, lead):  # noqa: F811
    call = make.call(here, activity="核酸采样")
    post = make.post(make.shift(places.site(here), call))
    holder, _other = neighbours(here, 2)
    signups.sign_up(post.pk, holder.pk, now=NIGHT)
    no_more(holder.user, [Topic.NEWS], now=NIGHT)
    words = Words("改路线", "Other way in", "{call} {when}，{link}", "{call}")
    found = broadcasts.write(here.pk, Notice(words, call_up=call.pk), by=lead, now=NIGHT)
    broadcasts.send(found.pk, by=lead, now=NIGHT)
    deliver("messages", NIGHT)
    letter = next(one for one in box.newest() if "改路线" in one.text)
    assert readers(found) == {holder.user_id}
    assert (letter.to, f"/c/{call.slug}/" in letter.text, "核酸采样" in letter.text) == (holder.user.phone, True, True)


def test_in_the_evening_it_reaches_them_too_and_not_in_the_digest_they_ended(box, here, lead):  # noqa: F811
    call = make.call(here)
    holder = make.volunteer(community=here)
    signups.sign_up(make.post(make.shift(places.site(here), call)).pk, holder.pk, now=NIGHT)
    Message.objects.all().delete()
    no_more(holder.user, [Topic.NEWS], now=NIGHT)
    noon = NIGHT - timedelta(hours=8)
    found = sent(here, lead, now=noon, urgency="evening", call_up=call.pk)
    assert (found.leaves_at, deliver("messages", noon), gather(NIGHT)) == (NIGHT, {}, 0)
    assert deliver("messages", NIGHT) == {"sent": 1}


def test_in_quiet_hours_it_waits_for_the_morning(box, here, lead):  # noqa: F811
    neighbours(here, 1)
    found = sent(here, lead, now=LATE)
    assert found.leaves_at == MORNING
    assert deliver("messages", LATE) == {}
    assert deliver("messages", MORNING) == {"sent": 1}


def test_an_emergency_breaks_the_quiet_hours_and_says_why_for_good(box, here, lead):  # noqa: F811
    neighbours(here, 1)
    with pytest.raises(Invalid) as error:
        draft(here, lead, urgency="emergency", reason=" ")
    assert list(error.value.fields) == ["reason"]
    found = sent(here, lead, now=LATE, urgency="emergency", reason="燃气泄漏")
    assert deliver("callup", LATE) == {"sent": 1}
    events = list(found.events.order_by("pgh_id").values_list("status", "urgency", "reason", "sent_by"))
    assert events[0] == ("draft", "emergency", "燃气泄漏", None)
    assert events[-1] == ("sent", "emergency", "燃气泄漏", lead.pk)


def test_what_is_not_urgent_comes_with_the_digest_of_the_evening(box, here, lead):  # noqa: F811
    neighbours(here, 2)
    noon = NIGHT - timedelta(hours=8)
    first, second = (sent(here, lead, now=noon, urgency="evening") for _notice in range(2))
    assert first.leaves_at == NIGHT
    assert (gather(NIGHT - timedelta(minutes=1)), gather(NIGHT)) == (0, 2)
    deliver("messages", NIGHT)
    assert [letter.text.splitlines()[0] for letter in box.newest()] == ["今晚有2条通知"] * 2
    assert (standing(first).gathered, standing(second).gathered) == (2, 2)


def test_after_a_stop_nothing_leaves_not_even_in_a_digest(box, here, lead):  # noqa: F811
    neighbours(here, 2)
    evening, night = sent(here, lead, urgency="evening"), sent(here, lead, now=LATE)
    gather(NIGHT)
    for found in (evening, night):
        broadcasts.stop(found.pk, by=lead, now=LATE)
        broadcasts.stop(found.pk, by=lead, now=LATE)
    deliver("messages", MORNING)
    assert len(box) == 0
    with pytest.raises(Refused):
        broadcasts.send(night.pk, by=lead, now=MORNING)


def test_a_stop_is_heard_while_a_batch_is_on_its_way(box, here, lead, monkeypatch):  # noqa: F811
    neighbours(here, 120)
    found, asked = sent(here, lead), []

    def turn(channel, count, queue):
        asked.append(count)
        if len(asked) == 2:
            broadcasts.stop(found.pk, by=lead, now=NIGHT)
        return 0.0

    monkeypatch.setattr(pace, "take", turn)
    deliver("messages", NIGHT)
    assert (asked, len(box), standing(found).kept_back) == ([50, 50, 20], 50, 70)


def test_tried_on_oneself_it_comes_at_once_and_to_nobody_else(box, here, lead):  # noqa: F811
    neighbours(here, 2)
    found = draft(here, lead)
    broadcasts.try_on(found.pk, by=lead, now=LATE)
    deliver("messages", LATE)
    (letter,) = box.newest()
    assert (letter.to, letter.text.startswith("【试发】香樟社区：")) == (lead.phone, True)
    assert Broadcast.objects.get().status == "draft"


def test_chat_groups_are_told_once_each_and_never_by_name(box, here, lead, settings):  # noqa: F811
    GroupRobot.objects.create(
        area=here, name="楼长群", kind="feishu", url=f"{settings.SMS_GATEWAY_URL}/robot/feishu/demo"
    )
    found = sent(here, lead, groups=True)
    assert found.people == 0
    deliver("messages", NIGHT)
    assert [(letter.channel, letter.text.splitlines()[0]) for letter in box.newest()] == [
        ("feishu", "香樟社区：明早大风")
    ]


def test_what_did_not_arrive_is_the_lead_s_to_send_again(box, here, lead):  # noqa: F811
    neighbours(here, 1)
    sent(here, lead, now=timezone.now())
    Message.objects.update(status="failed")
    theirs, other = Api(lead), Api(places.lead(places.area()))
    (failed,) = theirs.ids("messages/", status="failed")
    assert other.ids("messages/", status="failed") == []
    assert theirs.post(f"messages/{failed}/retry/").json()["status"] == "scheduled"
    assert other.post(f"messages/{failed}/retry/").status_code == 404


def test_nobody_to_tell_is_said_and_changes_nothing(here, lead):
    found = draft(here, lead)
    with pytest.raises(Refused) as refused:
        broadcasts.send(found.pk, by=lead, now=NIGHT)
    found.refresh_from_db()
    assert (refused.value.code, found.status, found.people) == ("nobody_to_tell", "draft", 0)


def test_what_was_sent_is_not_rewritten(box, here, lead):  # noqa: F811
    neighbours(here, 1)
    found = sent(here, lead)
    with pytest.raises(Refused) as refused:
        broadcasts.rewrite(found.pk, Notice(WORDS), by=lead)
    assert refused.value.code == "notice_sent"


def test_sending_to_one_and_to_many_costs_the_same(box, here, lead, queries_of):  # noqa: F811
    def cost():
        found = draft(here, lead)
        return queries_of(lambda: broadcasts.send(found.pk, by=lead, now=NIGHT))

    neighbours(here, 1)
    first = cost()
    neighbours(here, 30)
    assert cost() == first


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("{name}，{community}", []),
        ("{naem}", ["unknown_placeholder"]),
        ("{}", ["unknown_placeholder"]),
        ("{name", ["braces"]),
        ("name}", ["braces"]),
        ("{{name}}", ["braces"]),
        ("{call} {when}", ["placeholder_needs_call"]),
        ("5号楼有阳性", ["health_words"]),
        ("A close contact lives there", ["health_words"]),
        ("见 https://example.org", ["foreign_link"]),
        ("见 www.example.org", ["foreign_link"]),
    ],
)
def test_words_are_checked_when_they_are_kept(text, codes):
    assert problems(text, of_a_call=False) == codes


def test_a_value_is_never_read_for_placeholders_again():
    assert filled("{name} {contact} {when}", {"name": "{contact}", "contact": "x"}) == "{contact} x "
    assert used("{name} {call}{x}") == {"name", "call", "x"}


@pytest.mark.parametrize(("text", "count"), [("中" * 70, 1), ("中" * 71, 2), ("a" * 160, 1), ("a" * 161, 2), ("", 1)])
def test_a_long_text_is_several_text_messages(text, count):
    assert parts([text]) == count


def test_templates_of_an_area_serve_those_below_it_and_are_checked_when_kept(lead):
    district = places.area("district")
    below = places.area(parent=district)
    kept = broadcasts.keep_template(district.pk, "大风", WORDS, by=lead, now=NIGHT)
    own = broadcasts.keep_template(below.pk, "大风", WORDS, by=lead, now=NIGHT)
    assert (list(templates(below)), list(templates(district))) == ([own, kept], [kept])
    broken = Words("{x}", "x", "阳性", "x{")
    with pytest.raises(Invalid) as error:
        broadcasts.keep_template(below.pk, "", broken, by=lead, now=NIGHT)
    assert sorted(error.value.fields) == ["name", "subject", "text", "text_en"]
    with pytest.raises(Invalid) as error:
        broadcasts.keep_template(below.pk, "大风", WORDS, by=lead, now=NIGHT)
    assert list(error.value.fields) == ["name"]
    broadcasts.keep_template(below.pk, "大风", WORDS, by=lead, now=NIGHT, template_id=own.pk, active=False)
    assert list(templates(below)) == [kept]
    assert NoticeTemplate.objects.count() == 2


def test_a_call_of_another_place_cannot_be_chosen(here, lead):
    call = make.call(places.area(), starts_at=DAWN)
    with pytest.raises(Invalid) as error:
        draft(here, lead, call_up=call.pk)
    assert list(error.value.fields) == ["call_up"]
