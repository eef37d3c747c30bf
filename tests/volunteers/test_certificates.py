"""Certificates: what they say, who gives them, and what a stranger with the number sees."""

import json
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.cache import cache
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from communities.errors import Forbidden, Invalid, Refused
from communities.messages.kinds import KINDS, Claimed
from communities.models import Message
from communities.states import RoleName
from tests.doors import Api, told
from tests.factories import communities as places
from tests.factories import staffing as make
from volunteers.actions import certificates
from volunteers.actions.certificates import Wish
from volunteers.models import Certificate, ServiceRecord
from volunteers.rules.certificates import Served, counted, grouped, hidden, paper, tidy, ungrounded
from volunteers.web.papers import in_hours, pdf, width, wrapped

TAIYUAN = ZoneInfo("Asia/Shanghai")
MORNING = datetime(2022, 4, 4, 5, 30, tzinfo=TAIYUAN)
NOW = MORNING + timedelta(days=7)
DAY = date(2022, 4, 4)

served_blocks = st.builds(
    Served,
    day=st.dates(date(2022, 4, 1), date(2022, 4, 30)),
    what=st.sampled_from(["核酸检测", "敲门"]),
    where=st.sampled_from(["1号点", "2号点"]),
    minutes=st.integers(0, 600),
    kind=st.sampled_from(["volunteer", "seconded", "community_staff", "driver"]),
    open=st.booleans(),
)


@given(st.lists(served_blocks, max_size=30))
def test_a_paper_adds_up_what_was_given_freely_and_confirmed_and_nothing_else(blocks):
    found, own = paper(blocks), counted(blocks)
    assert found.minutes == sum(one.minutes for one in own) == sum(line.minutes for line in found.lines)
    assert found.times == len(own)
    assert {one.kind for one in own} <= {"volunteer", "driver"}
    assert all(line.first <= line.last for line in found.lines)
    assert len({(line.what, line.where) for line in found.lines}) == len(found.lines)
    assert (ungrounded(blocks) == []) is bool(own)


def test_a_sentence_does_not_break_before_its_comma():
    line = "于2026年11月29日至2026年11月29日"

    assert next(wrapped(f"{line}，在红寺", 10, width(line, 10) + 5)) == line.removesuffix("日")


@given(st.integers(0, 100_000))
def test_hours_on_paper_are_never_more_than_the_minutes_served(minutes):
    assert minutes - 6 < float(in_hours(minutes)) * 60 <= minutes + 1e-6


def test_names_are_hidden_and_numbers_read_as_they_are_typed():
    assert [hidden("王演示"), hidden("Demo Volunteer"), hidden("A"), hidden("")] == ["王**", "D*** V********", "A", ""]
    assert grouped("ABCDEFGHJKMN") == "ABCD-EFGH-JKMN"
    assert tidy(" abcd-efgh jkmn ") == "ABCDEFGHJKMN"


class Scene:
    def __init__(self) -> None:
        self.area = places.area()
        self.lead = places.lead(self.area)
        self.person = make.volunteer(community=self.area, user=places.user("王演示0042"))
        self.serve()

    def serve(self, minutes: int = 195, *, start: datetime = MORNING, person=None, **fields) -> ServiceRecord:
        return ServiceRecord.objects.create(
            volunteer=person or self.person,
            sign_up=ServiceRecord.objects.count() + 1,
            started_at=start,
            ended_at=start + timedelta(minutes=minutes),
            minutes=minutes,
            **{"community": self.area, "kind": "volunteer", "what": "第2轮核酸检测", "where": "7号点"} | fields,
        )

    def wish(self, **fields) -> Wish:
        return Wish(**{"volunteer": self.person.pk, "area": self.area.pk, "first": DAY, "last": DAY} | fields)

    def asked(self) -> Certificate:
        return certificates.ask(self.wish(), by=self.person.user, now=NOW)

    def issued(self) -> Certificate:
        return certificates.issue(self.asked().pk, by=self.lead, now=NOW)


@pytest.fixture
def scene(db):
    cache.clear()
    return Scene()


def codes(act, *args, **how) -> list[str]:
    with pytest.raises(Refused) as refused:
        act(*args, **how)
    return [reason.code for reason in refused.value.reasons]


def test_only_confirmed_hours_given_freely_on_those_days_of_the_areas_clock_are_certified(scene):
    scene.serve(60, kind="seconded")
    scene.serve(60, needs_confirmation=True)
    scene.serve(60, start=MORNING - timedelta(days=1))
    scene.serve(60, start=datetime(2022, 4, 4, 23, 50, tzinfo=TAIYUAN))
    scene.serve(60, community=places.area())
    scene.serve(60, person=make.volunteer())
    found = scene.issued()
    assert (found.times, found.minutes, found.name) == (2, 255, "王演示0042")
    assert [(line["times"], line["minutes"], line["first"]) for line in found.lines] == [(2, 255, "2022-04-04")]


def test_asked_again_it_is_the_one_that_waits_and_given_again_it_stays_as_it_is(scene):
    assert scene.asked() == scene.asked()
    first = scene.issued()
    scene.serve(100)
    again = certificates.issue(first.pk, by=places.lead(scene.area), now=NOW + timedelta(days=1))
    assert (again.minutes, again.decided_by, again.decided_at) == (195, scene.lead, NOW)
    assert scene.asked() != first


def test_neither_who_asked_nor_whose_it_is_gives_it_and_the_database_says_so_too(scene):
    by_lead = certificates.ask(scene.wish(), by=scene.lead, now=NOW)
    places.grant(RoleName.COMMUNITY_LEAD, scene.area, user_=scene.person.user)
    for who in (scene.lead, scene.person.user):
        with pytest.raises(Forbidden):
            certificates.issue(by_lead.pk, by=who, now=NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        Certificate.objects.filter(pk=by_lead.pk).update(status="issued", decided_by=scene.lead)
    assert certificates.issue(by_lead.pk, by=places.lead(scene.area), now=NOW).status == "issued"


def test_nothing_served_nothing_certified_and_days_in_order(scene):
    assert codes(
        certificates.ask, scene.wish(first=date(2022, 5, 1), last=date(2022, 5, 2)), by=scene.lead, now=NOW
    ) == ["nothing_served"]
    scene.serve(60, start=MORNING + timedelta(days=2), needs_confirmation=True)
    later = {"first": date(2022, 4, 6), "last": date(2022, 4, 6)}
    assert codes(certificates.ask, scene.wish(**later), by=scene.lead, now=NOW) == ["hours_open"]
    for wrong in ({"first": date(2022, 4, 5)}, {"first": date(2020, 1, 1)}):
        with pytest.raises(Invalid):
            certificates.ask(scene.wish(**wrong), by=scene.lead, now=NOW)


def test_refused_or_revoked_with_a_reason_and_no_step_back(scene):
    one = scene.asked()
    with pytest.raises(Invalid):
        certificates.refuse(one.pk, " ", by=scene.lead, now=NOW)
    assert certificates.refuse(one.pk, "查无此班", by=scene.lead, now=NOW).status == "refused"
    assert codes(certificates.issue, one.pk, by=scene.lead, now=NOW) == ["invalid_transition"]
    assert codes(certificates.revoke, one.pk, "x", by=scene.lead, now=NOW) == ["invalid_transition"]
    given_one = scene.issued()
    gone = certificates.revoke(given_one.pk, "记错了", by=scene.lead, now=NOW)
    assert (gone.status, gone.reason) == ("revoked", "记错了")
    assert certificates.revoke(given_one.pk, "又", by=scene.lead, now=NOW).reason == "记错了"
    assert codes(certificates.issue, given_one.pk, by=scene.lead, now=NOW) == ["invalid_transition"]


def test_a_stranger_with_the_number_sees_that_it_counts_and_not_whose_it_is(scene):
    one, stranger = scene.issued(), Client()
    page = stranger.get(reverse("certificate_check", args=[grouped(one.number).lower()]))
    text = page.content.decode()
    assert page.context["counts"] is True
    assert "王" in text
    assert [word for word in ("王演示", scene.person.number, scene.person.user.phone) if word in text] == []
    assert stranger.get("/v/", {"number": grouped(one.number)}).context["found"] == one
    certificates.revoke(one.pk, "记错了", by=scene.lead, now=NOW)
    page = stranger.get(reverse("certificate_check", args=[one.number]))
    assert (page.context["counts"], "记错了" in page.content.decode(), "7号点" in page.content.decode()) == (
        False, False, False,
    )  # fmt: skip


def test_numbers_are_not_found_by_trying(scene):
    one, stranger = scene.asked(), Client()
    assert stranger.get(reverse("certificate_check", args=[one.number])).status_code == 404
    answers = [stranger.get("/v/", {"number": "ABCDEFGHJKMN"}).status_code for _try in range(60)]
    assert (set(answers[:59]), answers[-1]) == ({404}, 429)


@pytest.mark.parametrize(("language", "words"), [("zh-hans", "志愿服务"), ("en", "Certificate")])
def test_the_paper_is_a_pdf_in_both_languages_and_the_same_each_time(scene, language, words, settings):
    one = scene.issued()
    first = pdf(one, language)
    assert first[:5] == b"%PDF-"
    assert first == pdf(one, language)
    assert len(first) < 40_000


def test_the_paper_is_for_the_person_and_the_community_alone(scene):
    one = scene.issued()
    address = reverse("certificate_paper", args=[one.number, "zh"])
    answers = {
        "own": places.client(scene.person.user).get(address),
        "lead": places.client(scene.lead).get(address),
        "other": places.client(make.volunteer().user).get(address),
    }
    assert {who: answer.status_code for who, answer in answers.items()} == {"own": 200, "lead": 200, "other": 404}
    assert answers["own"]["Content-Type"] == "application/pdf"


def test_the_person_asks_on_their_page_and_the_community_gives_it_on_the_desk(scene):
    browser = places.client(scene.person.user)
    said = {"area": scene.area.pk, "first": "2022-04-04", "last": "2022-04-04"}
    assert browser.post(reverse("my_record"), said).status_code == 302
    one = Certificate.objects.get()
    desk = places.client(scene.lead)
    assert "王演示0042" in desk.get(reverse("certificates")).content.decode()
    assert desk.post(reverse("certificate_issue", args=[one.pk])).status_code == 303
    assert grouped(one.number) in browser.get(reverse("my_record")).content.decode()
    assert desk.post(reverse("certificate_end", args=[one.pk, "revoke"]), {"reason": ""}).status_code == 400
    assert desk.post(reverse("certificate_end", args=[one.pk, "revoke"]), {"reason": "记错了"}).status_code == 303
    assert Certificate.objects.get().status == "revoked"
    assert browser.post(reverse("my_record"), said | {"first": "2022-04-05"}).status_code == 400


def test_the_record_keeps_hours_on_duty_apart_and_goes_out_as_csv_and_json(scene):
    scene.serve(60, kind="seconded", what="=HYPERLINK(1)")
    browser = places.client(scene.person.user)
    assert browser.get(reverse("my_record")).context["totals"] == {"freely": 195, "duty": 60, "open": 0}
    rows = json.loads(browser.get(reverse("record_file", args=["json"])).content)["records"]
    assert [(row["minutes"], row["served_as"]) for row in rows] == [(60, "seconded"), (195, "volunteer")]
    lines = browser.get(reverse("record_file", args=["csv"])).content.decode("utf-8-sig").splitlines()
    assert lines[0] == "started_at,ended_at,minutes,served_as,activity,place,community,confirmed"
    assert "'=HYPERLINK(1)" in lines[1]


def said(kind: str, one: Certificate, language: str) -> str:
    """The message as it would leave now; "" if it is out of date."""
    note = Message.objects.get(kind=kind, target=one.pk)
    claimed = Claimed(note.pk, kind, note.key, one.pk, note.reader_id, None, {}, "", 1, None)
    with translation.override(language):
        context = KINDS[kind].contexts([claimed], NOW).get(note.pk)
        return KINDS[kind].text(context) if context else ""


def test_the_person_is_told_when_it_is_given_and_when_it_is_revoked(scene):
    one = scene.issued()
    assert Message.objects.get().reader_id == scene.person.user_id
    given = said("certificate_given", one, "zh-hans")
    assert (f"{scene.area}：" in given, "3.2小时" in given, f"/v/{one.number}/" in given) == (True, True, True)
    assert "3.2 hours" in said("certificate_given", one, "en")
    certificates.issue(one.pk, by=scene.lead, now=NOW)
    certificates.revoke(one.pk, "记错了", by=scene.lead, now=NOW)
    states = dict(Message.objects.values_list("kind", "status"))
    assert states == {"certificate_given": "cancelled", "certificate_revoked": "scheduled"}
    assert said("certificate_given", one, "en") == ""
    gone = said("certificate_revoked", one, "zh-hans")
    assert (grouped(one.number) in gone, "记错了" in gone) == (True, True)


def test_the_person_is_told_why_a_certificate_is_refused(scene):
    one = certificates.refuse(scene.asked().pk, "查无此班", by=scene.lead, now=NOW)
    for language in ("zh-hans", "en"):
        assert "查无此班" in said("certificate_refused", one, language)


def test_one_certificate_and_thirty_are_told_with_the_same_queries(scene, queries_of):
    def claim(number):
        made = [Certificate.objects.create(**about) for about in [vars_of(scene)] * number]
        return [
            Claimed(index, "certificate_given", "", one.pk, None, None, {}, "", 1, None)
            for index, one in enumerate(made)
        ]

    read = KINDS["certificate_given"].contexts
    few, many = claim(1), claim(30)
    assert queries_of(lambda: read(few, NOW)) == queries_of(lambda: read(many, NOW)) == 3
    assert len(read(many, NOW)) == 30


def vars_of(scene) -> dict:
    return {
        "volunteer": scene.person, "community": scene.area, "first_day": DAY, "last_day": DAY, "name": "王", "status": "issued",
        "asked_by": scene.person.user, "asked_at": NOW, "decided_by": scene.lead, "decided_at": NOW,
    }  # fmt: skip


def test_a_certificate_over_the_api(scene):
    own, lead, other = Api(scene.person.user), Api(scene.lead), Api(places.lead(places.area()))
    said = {"area": scene.area.pk, "first": "2022-04-04", "last": "2022-04-04"}
    made = own.post("certificates/", said)
    assert (made.status_code, made.json()["minutes"], own.post("certificates/", said).status_code) == (201, 195, 200)
    path = f"certificates/{made.json()['id']}/"
    assert [other.post(f"{path}issue/").status_code, own.post(f"{path}issue/").status_code] == [404, 403]
    assert lead.post(f"{path}issue/").json()["status"] == "issued"
    assert told(lead.post(f"{path}refuse/", {"reason": "x"})) == (409, "invalid_transition")
    assert lead.post(f"{path}revoke/", {"reason": "记错了"}).json()["reason"] == "记错了"
    assert own.post("certificates/", said | {"volunteer": make.volunteer().pk}).status_code == 404
