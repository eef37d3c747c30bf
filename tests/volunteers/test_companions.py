"""People who come together: asked by number, answered with one tap, seen by nobody else, ended by either."""

from datetime import timedelta

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.test import Client

from communities.errors import Gone, Invalid, Refused, TooMany
from communities.messages import links
from communities.messages.kinds import KINDS, Claimed
from communities.models import Message
from communities.states import RoleName
from staffing.actions.erasing import erase
from staffing.queries.exports import export_of
from tests.doors import Api, told
from tests.factories import communities as places
from tests.factories import staffing as make
from tests.factories.staffing import NIGHT
from volunteers.actions import companions
from volunteers.actions.profile import withdraw_consent
from volunteers.models import Companionship
from volunteers.models.companions import ASKED_FOR
from volunteers.queries.companions import pairs_among
from volunteers.rules.companions import MOST, readable, refusals

pytestmark = pytest.mark.django_db
NOBODYS = "1000000000"
MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NIGHT, tick=False):
        yield


@pytest.fixture
def here():
    return places.area()


@pytest.fixture
def couple(here):
    wife = make.volunteer(community=here, user=places.user("李演示一"))
    return wife, make.volunteer(community=here, user=places.user("王演示二"))


def asked_by(one, other, now=NIGHT):
    found = companions.ask(one.pk, other.number, now=now)
    companions.look_up(now)
    return Companionship.objects.get(pk=found.pk)


def together(one, other):
    return companions.agree(asked_by(one, other).pk, by=other.pk, now=NIGHT)


def text_of(message):
    kind = KINDS[message.kind]
    claimed = Claimed(
        message.pk, message.kind, message.key, message.target, message.reader_id, None, {}, "sms", 1, None
    )
    found = kind.contexts([claimed], NIGHT)
    return kind.text(found[message.pk]) if found else None


def test_one_asks_the_other_says_yes_and_both_know(couple):
    wife, husband = couple
    row = asked_by(wife, husband)
    assert pairs_among([wife.pk, husband.pk]) == []
    question = Message.objects.get()
    assert (question.kind, question.reader) == ("companion_asked", husband.user)
    assert "李演示一" in text_of(question)
    assert "/t/" in text_of(question)

    companions.agree(row.pk, by=husband.pk, now=NIGHT)
    assert companions.agree(row.pk, by=husband.pk, now=NIGHT + MINUTE).confirmed_at == NIGHT
    assert pairs_among([wife.pk, husband.pk]) == [(wife.pk, husband.pk)]
    news = Message.objects.get(kind="companion_agreed")
    assert news.reader == wife.user
    assert "王演示二" in text_of(news)
    assert text_of(question) is None


def test_nobody_says_yes_for_somebody_else(couple):
    wife, husband = couple
    row = asked_by(wife, husband)
    with pytest.raises(Gone):
        companions.agree(row.pk, by=wife.pk, now=NIGHT)
    with pytest.raises(Companionship.DoesNotExist):
        companions.agree(row.pk, by=make.volunteer().pk, now=NIGHT)


def test_asking_tells_nothing_of_whether_somebody_has_the_number(couple, queries_of):
    wife, husband = couple
    api, answers = Api(wife.user), []
    api.get("me/companions/")  # the first request of a token costs one more
    costs = [
        queries_of(lambda number=number: answers.append(api.post("me/companions/", {"number": number})))
        for number in (husband.number, NOBODYS)
    ]
    bodies = [answer.json() for answer in answers]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert bodies[0] | {"id": 0, "number": ""} == bodies[1] | {"id": 0, "number": ""}
    assert costs[0] == costs[1]

    before = api.get("me/companions/").json()["results"]
    companions.look_up(NIGHT)
    companions.end(bodies[0]["id"], by=husband.pk, now=NIGHT)
    assert api.get("me/companions/").json()["results"] == before
    seen = export_of(wife.user, NIGHT)["companions_asked"]
    assert seen[0] | {"number": ""} == seen[1] | {"number": ""}


def test_asking_again_is_asking_once_and_a_question_waits_a_fortnight(couple):
    wife, husband = couple
    row = asked_by(wife, husband)
    assert companions.ask(wife.pk, husband.number, now=NIGHT + MINUTE).pk == row.pk
    companions.look_up(NIGHT + MINUTE)
    assert Message.objects.count() == 1
    with pytest.raises(Gone):
        companions.agree(row.pk, by=husband.pk, now=NIGHT + ASKED_FOR)


def test_a_no_is_not_told_and_not_asked_about_again(couple):
    wife, husband = couple
    row = asked_by(wife, husband)
    companions.end(row.pk, by=husband.pk, now=NIGHT)
    assert [one.pk for one in Companionship.objects.shown_to(wife.pk, NIGHT)] == [row.pk]
    assert not Companionship.objects.shown_to(husband.pk, NIGHT).exists()

    companions.end(row.pk, by=wife.pk, now=NIGHT)
    later = asked_by(wife, husband, NIGHT + MINUTE)
    assert (later.pk != row.pk, later.asked) == (True, None)
    assert Message.objects.filter(reader=husband.user).count() == 1


def test_who_asks_too_much_waits_and_who_asks_wrongly_is_told(couple):
    wife, _husband = couple
    for number in ("12345", "abcdefghij", "１２３４５６７８９０", wife.number):
        with pytest.raises(Invalid):
            companions.ask(wife.pk, number, now=NIGHT)
    for number in range(5):
        companions.ask(wife.pk, str(int(NOBODYS) + number), now=NIGHT)
    with pytest.raises(TooMany):
        companions.ask(wife.pk, str(int(NOBODYS) + 6), now=NIGHT)


def test_as_many_as_a_household_come_together(here, couple):
    wife, husband = couple
    assert (readable(NOBODYS), refusals(MOST - 1, 0), refusals(0, MOST) != []) == (True, [], True)
    for _child in range(MOST):
        together(make.volunteer(community=here), husband)
    row = asked_by(wife, husband)
    with pytest.raises(Refused, match="companions_enough"):
        companions.agree(row.pk, by=husband.pk, now=NIGHT)


def test_two_who_ask_each_other_are_one_pair(couple):
    wife, husband = couple
    first, second = asked_by(wife, husband), asked_by(husband, wife)
    companions.agree(first.pk, by=husband.pk, now=NIGHT)
    with pytest.raises(Gone):
        companions.agree(second.pk, by=wife.pk, now=NIGHT)
    with pytest.raises(IntegrityError), transaction.atomic():
        Companionship.objects.create(asker=husband, asked=wife, number=wife.number, asked_at=NIGHT, confirmed_at=NIGHT)
    assert companions.ask(husband.pk, wife.number, now=NIGHT).pk == first.pk


@pytest.mark.parametrize("ender", [0, 1])
def test_either_ends_it_and_the_news_of_it_is_not_told_any_more(couple, ender):
    row = together(*couple)
    companions.end(row.pk, by=couple[ender].pk, now=NIGHT)
    assert companions.end(row.pk, by=couple[1 - ender].pk, now=NIGHT + MINUTE).over_at == NIGHT
    assert pairs_among([one.pk for one in couple]) == []
    assert Message.objects.get(kind="companion_agreed").status == "cancelled"


def test_staff_see_a_pair_where_they_see_both_names_and_never_a_question(here, couple):
    elsewhere = places.area()
    lead, officer, other_lead = places.lead(here), places.lead(here, RoleName.AUDITOR), places.lead(elsewhere)
    row = asked_by(*couple)
    assert Api(lead).ids("companionships/") == []
    companions.agree(row.pk, by=couple[1].pk, now=NIGHT)
    shown = Api(lead).get(f"companionships/{row.pk}/").json()
    assert {shown["one"], shown["other"]} == {one.pk for one in couple}

    together(couple[0], make.volunteer(community=elsewhere))
    assert [Api(one).ids("companionships/") for one in (lead, other_lead, officer)] == [[row.pk], [], []]


def test_over_the_api_one_agrees_and_ends_only_what_is_ones_own(couple):
    wife, husband = couple
    row = asked_by(wife, husband)
    mine, theirs, stranger = Api(wife.user), Api(husband.user), Api(make.volunteer().user)
    shown = theirs.get("me/companions/").json()["results"][0]
    assert (shown["state"], shown["name"], shown["number"]) == ("asks_you", "李演示一", None)
    assert told(mine.post(f"me/companions/{row.pk}/agree/"))[0] == 404
    assert told(stranger.post(f"me/companions/{row.pk}/agree/"))[0] == 404
    assert theirs.post(f"me/companions/{row.pk}/agree/").json()["state"] == "together"
    assert mine.get("me/companions/").json()["results"][0]["name"] == "王演示二"
    assert stranger.delete(f"me/companions/{row.pk}/").status_code == 404
    assert mine.delete(f"me/companions/{row.pk}/").status_code == 204
    assert theirs.get("me/companions/").json()["results"] == []
    assert told(Api(places.user()).post("me/companions/", {"number": NOBODYS})) == (409, "not_enrolled")


def test_lists_cost_the_same_for_one_and_for_thirty(here, couple, queries_of):
    husband = couple[1]
    api = Api(husband.user)
    api.get("me/companions/")
    asked_by(couple[0], husband)
    few = queries_of(lambda: api.get("me/companions/"))
    for _one in range(29):
        asked_by(make.volunteer(community=here), husband)
    assert queries_of(lambda: api.get("me/companions/")) == few
    assert len(api.get("me/companions/").json()["results"]) == 30
    assert len(messages_read(husband, queries_of)) == 1


def messages_read(reader, queries_of):
    """What it costs to read the texts of one message and of all, as a set."""
    found = [
        Claimed(one.pk, one.kind, one.key, one.target, one.reader_id, None, {}, "sms", 1, None)
        for one in Message.objects.filter(reader=reader.user, kind="companion_asked")
    ]
    return {queries_of(lambda some=some: KINDS["companion_asked"].contexts(some, NIGHT)) for some in (found[:1], found)}


def test_the_link_opens_without_signing_in_and_only_a_post_answers(couple):
    wife, husband = couple
    row = asked_by(wife, husband)
    page, browser = f"/t/{links.make(links.Purpose.TOGETHER, row.pk, row.over_at)}/", Client()
    assert "李演示一" in browser.get(page).content.decode()
    assert not Companionship.objects.together().exists()
    assert browser.post(page, {"answer": "agree"}).status_code == 303
    assert Companionship.objects.together().get() == row
    assert browser.post(page, {"answer": "no"}).status_code == 303
    assert not Companionship.objects.together().exists()
    assert browser.post(page, {"answer": "agree"}).status_code == 410
    other = links.make(links.Purpose.SEAT, row.pk, NIGHT + ASKED_FOR)
    assert browser.get(f"/t/{other}/").status_code == 404


def test_on_the_page_one_asks_answers_and_ends(couple):
    wife, husband = couple
    mine, theirs = Client(), Client()
    mine.force_login(wife.user)
    theirs.force_login(husband.user)
    spaced = f"{husband.number[:5]} {husband.number[5:]}"
    assert mine.post("/me/companions/", {"do": "ask", "number": spaced}).status_code == 302
    companions.look_up(NIGHT)
    assert "王演示二" not in mine.get("/me/companions/").content.decode()
    row = Companionship.objects.get()
    assert "李演示一" in theirs.get("/me/companions/").content.decode()
    theirs.post("/me/companions/", {"do": "agree", "id": row.pk})
    assert "王演示二" in mine.get("/me/companions/").content.decode()
    mine.post("/me/companions/", {"do": "end", "id": row.pk})
    assert not Companionship.objects.together().exists()
    assert mine.post("/me/companions/", {"do": "ask", "number": "12"}).status_code == 400
    assert mine.post("/me/companions/", {"do": "end", "id": "x"}).status_code == 302


def test_who_takes_back_consent_comes_with_nobody_and_is_asked_no_more(here, couple):
    wife, husband = couple
    row, waiting = together(wife, husband), asked_by(make.volunteer(community=here), husband)
    withdraw_consent(husband, now=NIGHT)
    assert Companionship.objects.get(pk=row.pk).over_at == NIGHT
    assert Companionship.objects.get(pk=waiting.pk).declined_at == NIGHT


def test_who_is_forgotten_leaves_no_tie_and_a_question_looks_as_before(here, couple):
    wife, husband = couple
    row, asker = together(wife, husband), make.volunteer(community=here)
    waiting = asked_by(asker, husband)
    before = Api(asker.user).get("me/companions/").json()
    erase(husband.user_id, now=NIGHT)
    assert Api(asker.user).get("me/companions/").json() == before
    events = Companionship.objects.get(pk=row.pk).events.model
    assert not events.objects.filter(asked=husband).exists()
    assert not events.objects.filter(asker=husband).exists()
    assert Companionship.objects.get(pk=waiting.pk).asked is None
    erase(asker.user_id, now=NIGHT)
    assert not Companionship.objects.filter(pk=waiting.pk).exists()


def test_somebody_whose_account_is_closed_is_not_asked(couple):
    wife, husband = couple
    husband.user.is_active = False
    husband.user.save()
    assert asked_by(wife, husband).asked is None
    assert not Message.objects.exists()
