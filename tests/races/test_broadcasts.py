"""Two who send one notice at once, a stop against them, and two clocks that gather one evening."""

import time
from contextlib import nullcontext

import pytest

from communities.actions.digests import gather
from communities.errors import Refused
from communities.models import Message
from staffing.actions import broadcasts
from staffing.actions.broadcasts import Notice, Words
from staffing.models import Broadcast
from tests.factories import communities as places
from tests.factories import staffing as make
from tests.factories.staffing import NIGHT
from tests.races.threads import rush

pytestmark = pytest.mark.django_db(transaction=True)
PEOPLE = 20


@pytest.fixture
def draft(settings):
    settings.SMS_GATEWAY_URL = "http://127.0.0.1:1"
    here = places.area()
    for _person in range(PEOPLE):
        make.volunteer(community=here)
    words = Words("大风", "Wind", "收帐篷", "Tents down")
    return broadcasts.write(here.pk, Notice(words, urgency="evening"), by=places.lead(here), now=NIGHT)


def send(draft):
    return broadcasts.send(draft.pk, by=draft.created_by, now=NIGHT).people


def test_a_notice_sent_by_six_at_once_is_sent_once_and_all_are_told_for_how_many(draft):
    assert rush(lambda _lead: send(draft), range(6)) == [PEOPLE] * 6
    assert (Message.objects.count(), Broadcast.objects.get().people) == (PEOPLE, PEOPLE)


def test_control_without_the_lock_some_believe_that_there_is_nobody_to_tell(draft, monkeypatch):
    def look(pk):
        time.sleep(0.1)
        found = Broadcast.objects.select_related("area").get(pk=pk)
        time.sleep(0.1)
        return found

    monkeypatch.setattr(broadcasts, "hold", look)
    monkeypatch.setattr(broadcasts, "patience", nullcontext)
    found = rush(lambda _lead: send(draft), range(6))
    assert any(isinstance(one, Refused) for one in found)


def test_a_stop_against_a_send_leaves_all_or_nothing(draft):
    def act(number):
        if number:
            return send(draft)
        return broadcasts.stop(draft.pk, by=draft.created_by, now=NIGHT).status

    rush(act, range(2))
    states = set(Message.objects.values_list("status", flat=True))
    assert (Broadcast.objects.get().status, states) in [("stopped", {"cancelled"}), ("sent", {"scheduled"})]


def test_an_evening_gathered_by_six_at_once_is_told_once(draft):
    send(draft)
    rush(lambda _clock: gather(NIGHT), range(6))
    assert Message.objects.filter(kind="digest").count() == PEOPLE
    told = [
        pk
        for facts in Message.objects.filter(kind="digest").values_list("facts", flat=True)
        for pk in facts["messages"]
    ]
    assert sorted(told) == sorted(
        Message.objects.filter(kind="broadcast", status="gathered").values_list("pk", flat=True)
    )
