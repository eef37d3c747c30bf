"""Two workers at one run of waves, a stop against a sender, an answer against a stop."""

from datetime import timedelta
from threading import Event

import pytest
from django.core.cache import cache
from django.db import IntegrityError

from communities.channels import channels, parcels
from communities.channels.parcels import Outcome, Result, side_by_side
from communities.messages.delivery import deliver
from communities.messages.gates import Gate
from communities.models import Message
from staffing.actions import audit, replies, waves
from staffing.actions.waves import RunPlan
from staffing.models import SignUp, Wave, WaveRun
from tests.factories import communities as places
from tests.factories import staffing as make
from tests.factories.staffing import NIGHT
from tests.races.threads import rush

pytestmark = pytest.mark.django_db(transaction=True)
LATER = NIGHT + timedelta(minutes=30)


@pytest.fixture
def call():
    cache.clear()
    community = places.area()
    found = make.call(community)
    make.post(make.shift(places.site(community), found), seats=2)
    for _person in range(40):
        make.volunteer(community=community)
    return found


def started(call) -> WaveRun:
    return waves.start(call.pk, RunPlan(groups=False), by=places.user(), now=NIGHT)


def asked_twice() -> int:
    return Message.objects.count() - Message.objects.values("reader").distinct().count()


def test_two_leads_who_start_at_once_start_one_run(call):
    found = rush(lambda _lead: started(call).pk, range(6))
    assert len(set(found)) == 1
    assert (WaveRun.objects.count(), Wave.objects.count(), Message.objects.count()) == (1, 1, 8)


def advanced_by_many(call):
    run = started(call)
    Message.objects.update(status="sent", sent_at=NIGHT)
    return rush(lambda _worker: waves.advance(run.pk, LATER).verdict, range(6))


def test_workers_at_one_run_write_its_next_wave_once(call):
    found = advanced_by_many(call)
    assert sorted(found) == ["send", *["wait"] * 5]
    assert (Wave.objects.count(), asked_twice()) == (2, 0)


def test_control_without_turns_they_write_it_several_times_and_the_constraint_says_no(call, monkeypatch):
    monkeypatch.setattr(waves, "hold", lambda pk: WaveRun.objects.get(pk=pk))
    found = advanced_by_many(call)
    assert any(isinstance(one, IntegrityError) for one in found)
    assert (Wave.objects.count(), asked_twice()) == (2, 0)


class Slow:
    """A gateway that takes one message at a time, and lets the test stop the run after the first."""

    name = "sms"

    def __init__(self):
        self.took, self.first, self.go = [], Event(), Event()

    def available(self):
        return True

    def send(self, some, gate=parcels.open_gate):
        return side_by_side(some, self.take, size=1, in_flight=1, gate=gate)

    def take(self, chunk):
        self.took += [one.id for one in chunk]
        self.first.set()
        self.go.wait(10)
        return [Outcome(one.id, Result.SENT) for one in chunk]


def stopped_while_sending(call, monkeypatch) -> Slow:
    slow, run = Slow(), started(call)
    monkeypatch.setitem(channels(), "sms", slow)

    def stop():
        slow.first.wait(10)
        waves.stop(run.call_up_id, by=places.user(), now=NIGHT)
        slow.go.set()

    assert [one for one in rush(lambda job: job(), [lambda: deliver("callup", NIGHT), stop]) if one] != []
    return slow


def test_a_stop_is_heard_by_a_sender_in_the_middle_of_a_batch(call, monkeypatch):
    slow = stopped_while_sending(call, monkeypatch)
    assert len(slow.took) == 1
    assert sorted(Message.objects.values_list("status", flat=True)) == ["cancelled"] * 7 + ["sent"]


def test_control_without_the_gate_the_whole_batch_leaves(call, monkeypatch):
    monkeypatch.setattr(Gate, "__call__", lambda self, some: some)
    assert len(stopped_while_sending(call, monkeypatch).took) == 8


def test_an_answer_counts_whether_or_not_the_run_is_stopped_at_that_moment(call):
    run = started(call)
    comers = [message.reader for message in Message.objects.select_related("reader")[:2]]
    jobs = [lambda user=user: replies.come(call.pk, by=user, now=NIGHT) for user in comers]
    jobs.insert(1, lambda: waves.stop(call.pk, by=places.user(), now=NIGHT))
    jobs.append(lambda: waves.advance(run.pk, LATER))
    assert [one for one in rush(lambda job: job(), jobs) if isinstance(one, Exception)] == []
    assert set(SignUp.objects.values_list("volunteer__user", "status")) == {(one.pk, "confirmed") for one in comers}
    assert WaveRun.objects.get().status in {"stopped", "filled"}
    assert not Message.objects.filter(kind="call_up", status="scheduled").exists()
    assert audit.recount() == []


def test_late_comers_in_a_rush_never_get_a_seat_too_many(call):
    started(call)
    users = [message.reader for message in Message.objects.select_related("reader")]
    found = rush(lambda user: replies.come(call.pk, by=user, now=NIGHT), users)
    assert sum(not isinstance(one, Exception) for one in found) == 2
    assert SignUp.objects.filter(status="waitlisted").count() == 0
    assert audit.recount() == []
