"""Notices at the desk: from a template to people, seen before they leave."""

import pytest
import time_machine
from django.utils import timezone

from communities.models import Message
from staffing.actions import broadcasts
from staffing.actions.broadcasts import Words
from staffing.models import Broadcast, NoticeTemplate
from tests.doors import Api, told
from tests.factories import communities as places
from tests.factories import staffing as make
from tests.factories.staffing import NIGHT

pytestmark = pytest.mark.django_db
WORDS = {"subject": "大风", "subject_en": "Wind", "text": "{name}，收帐篷。", "text_en": "{name}, tents down."}


@pytest.fixture
def here():
    return places.area()


@pytest.fixture
def lead(here):
    return places.lead(here)


@pytest.fixture(autouse=True)
def evening(settings):
    settings.SMS_GATEWAY_URL = "http://127.0.0.1:1"
    with time_machine.travel(NIGHT, tick=False):
        yield


def form(lead, **more):
    return {**WORDS, "urgency": "day", "contact": lead.pk} | more


def test_from_a_template_over_a_draft_and_a_trial_to_the_people(here, lead):
    make.volunteer(community=here), make.volunteer(community=here)
    client = places.client(lead)
    address = f"/desk/notice-templates/new/?area={here.pk}"
    assert client.post(address, {**WORDS, "name": "大风", "active": "on"}).status_code == 303
    template = NoticeTemplate.objects.get()
    page = client.get(f"/desk/broadcasts/new/?area={here.pk}&template={template.pk}")
    assert "{name}，收帐篷。" in page.text
    assert client.post(f"/desk/broadcasts/new/?area={here.pk}", form(lead)).status_code == 303
    found = Broadcast.objects.get()
    page = client.get(f"/desk/broadcasts/{found.pk}/")
    assert "<b>2</b>" in page.text
    assert client.post(f"/desk/broadcasts/{found.pk}/try/").status_code == 303
    assert list(Message.objects.values_list("kind", "reader")) == [("broadcast_trial", lead.pk)]
    assert client.post(f"/desk/broadcasts/{found.pk}/send/").status_code == 303
    assert Message.objects.filter(kind="broadcast").count() == 2
    page = client.get(f"/desk/broadcasts/{found.pk}/")
    assert f"/desk/broadcasts/{found.pk}/stop/" in page.text
    assert client.post(f"/desk/broadcasts/{found.pk}/stop/").status_code == 303
    assert Message.objects.filter(kind="broadcast", status="cancelled").count() == 2
    history = client.get(f"/desk/history/broadcast/{found.pk}/")
    assert (history.status_code, lead.name in history.text) == (200, True)
    assert client.get(f"/desk/broadcasts/?area={here.pk}").status_code == 200


def test_calls_to_choose_from_are_named_in_the_readers_language(here, lead):
    make.call(community=here, title_en="Testers wanted")
    client = places.client(lead)
    client.cookies["django_language"] = "en"
    assert "Testers wanted" in client.get(f"/desk/broadcasts/new/?area={here.pk}").text


def test_words_that_will_not_do_come_back_beside_their_field(here, lead):
    client = places.client(lead)
    page = client.post(
        f"/desk/broadcasts/new/?area={here.pk}", form(lead, text="{nobody}", urgency="emergency", subject_en="x{")
    )
    assert page.status_code == 400
    assert set(page.context["form"].errors) == {"text", "subject_en", "reason"}
    assert not Broadcast.objects.exists()


def test_a_draft_can_be_changed_until_it_is_sent(here, lead):
    make.volunteer(community=here)
    client = places.client(lead)
    client.post(f"/desk/broadcasts/new/?area={here.pk}", form(lead))
    found = Broadcast.objects.get()
    edit = f"/desk/broadcasts/{found.pk}/edit/"
    assert client.post(edit, form(lead, subject="雨")).status_code == 303
    assert client.post(f"/desk/broadcasts/{found.pk}/send/").status_code == 303
    assert client.post(edit, form(lead, subject="雪")).status_code == 409
    assert Broadcast.objects.get().subject == "雨"


def test_the_desk_offers_nothing_to_who_only_sees(here, lead):
    words = Words(**WORDS)
    found = broadcasts.write(here.pk, broadcasts.Notice(words), by=lead, now=timezone.now())
    page = places.client(places.lead(here, "grid_member")).get(f"/desk/broadcasts/{found.pk}/")
    assert (page.status_code, "/send/" in page.text) == (200, False)


def test_over_the_api_a_notice_is_written_seen_sent_and_followed(here, lead):
    make.volunteer(community=here)
    api = Api(lead)
    made = api.post("broadcasts/", {"area": here.pk, **WORDS})
    assert (made.status_code, made.json()["status"], made.json()["urgency"]) == (201, "draft", "day")
    path = f"broadcasts/{made.json()['id']}/"
    assert api.patch(path, {"subject": "大雨"}).json()["subject"] == "大雨"
    seen = api.get(f"{path}preview/").json()
    assert (seen["people"], seen["unwilling"], seen["parts"] > 0) == (1, 0, True)
    assert seen["text"].startswith(f"{here.name}：")
    assert api.post(f"{path}send/").json()["people"] == 1
    assert api.get(f"{path}progress/").json()["waiting"] == 1
    assert told(api.patch(path, {"subject": "x"})) == (409, "notice_sent")
    assert api.post(f"{path}stop/").json()["status"] == "stopped"
    assert told(api.post(f"{path}send/")) == (409, "notice_sent")


def test_over_the_api_templates_are_kept_and_taken_out_of_use(here, lead):
    api = Api(lead)
    made = api.post("notice-templates/", {"area": here.pk, "name": "大风", **WORDS})
    assert made.status_code == 201
    path = f"notice-templates/{made.json()['id']}/"
    broken = api.patch(path, {"text": "{x}"})
    assert (broken.status_code, list(broken.json()["errors"])) == (400, ["text"])
    assert api.patch(path, {"active": False}).json()["active"] is False
    assert api.ids("notice-templates/", active="true") == []


def test_the_list_costs_the_same_with_one_notice_and_with_twenty(here, lead, queries_of):
    client, words = places.client(lead), Words(**WORDS)

    def cost():
        return queries_of(lambda: client.get(f"/desk/broadcasts/?area={here.pk}"))

    broadcasts.write(here.pk, broadcasts.Notice(words), by=lead, now=NIGHT)
    broadcasts.keep_template(here.pk, "0", words, by=lead, now=NIGHT)
    cost()
    first = cost()
    for number in range(1, 20):
        broadcasts.write(here.pk, broadcasts.Notice(words), by=lead, now=NIGHT)
        broadcasts.keep_template(here.pk, str(number), words, by=lead, now=NIGHT)
    assert cost() == first
