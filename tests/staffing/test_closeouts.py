"""An incident is closed out: its names go from everywhere, its hours and counts stand, and a certificate says so."""

import logging
from datetime import timedelta
from unittest import mock

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import IntegrityError, models, transaction
from hypothesis import given
from hypothesis import strategies as st

from communities.errors import Forbidden, Invalid, Refused
from communities.messages.delivery import deliver
from communities.models import Message, User
from staffing.actions import closeouts, signups
from staffing.models import CloseOut, Erasure, RoundDoor, RoundEntrance, Shift, SignUp
from staffing.queries.closeouts import certificate, report, scope_of, totals
from staffing.rules.closeouts import Open, Tie, kept_for, refusals, seal
from tests.factories import communities as places
from tests.factories import staffing as make
from tests.factories.incidents import AFTER, END, RESIDENT, START, VOLUNTEERS, WORDS, Scene
from tests.staffing import traces
from volunteers.actions import consents
from volunteers.models import Enrolment, ServiceRecord
from volunteers.states import Purpose

pytestmark = pytest.mark.django_db
LATER = AFTER + timedelta(days=31)


@pytest.fixture
def scene() -> Scene:
    return Scene()


# -- the rules ---------------------------------------------------------------------------------------------------------


def test_everything_that_is_not_settled_is_named_at_once():
    found = refusals(Open(over=False, shifts=1, hours=2, certificates=3, rounds=4, homes=5, rides=6))
    assert [reason.code for reason in found] == [
        "not_over_yet",
        "shifts_not_finished",
        "hours_not_confirmed",
        "certificates_waiting",
        "door_rounds_open",
        "homes_open",
        "rides_open",
    ]
    assert refusals(Open()) == []


@given(st.booleans(), st.booleans(), st.booleans())
def test_a_name_stays_for_one_reason_at_least(agreed, role, elsewhere):
    assert (kept_for(Tie(agreed, role, elsewhere)) is None) is not (agreed or role or elsewhere)


def test_the_seal_knows_no_order_of_keys_and_every_change():
    assert seal({"a": 1, "b": [2, {"c": "三"}]}) == seal({"b": [2, {"c": "三"}], "a": 1})
    assert seal({"a": 1}) != seal({"a": 2})


# -- the whole way -----------------------------------------------------------------------------------------------------


def test_no_name_is_left_in_database_files_logs_or_broker_while_the_totals_stand(scene, caplog):
    caplog.set_level(logging.DEBUG)
    before = totals(scope_of(CloseOut(area=scene.area, starts_at=START, ends_at=END)))
    found = traces.in_database(WORDS)
    assert {word for words in found.values() for word in words} == set(WORDS)
    assert len(found) > 12

    done = scene.closed()

    assert traces.in_database(WORDS) == {}
    assert traces.in_redis(WORDS) == set()
    assert [word for word in WORDS if word in caplog.text] == []
    assert not [
        field for model in apps.get_models() for field in model._meta.fields if isinstance(field, models.FileField)
    ]
    assert totals(scope_of(done)) == before == done.totals
    assert (before["minutes"], before["people"], before["doors"]["vacant"]) == (585, 3, 36)
    assert set(User.objects.filter(pk__in=[one.user_id for one in scene.people]).values_list("name", flat=True)) == {""}


def test_the_certificate_says_what_went_by_whose_word_and_cannot_be_changed_unseen(scene):
    done = scene.closed()
    said = certificate(done)
    assert (done.status, said["went"]["people"], said["kept"]) == ("done", 4, {})
    assert (said["proposed_by"], said["agreed_by"]) == (scene.lead.pk, scene.second.pk)
    assert said["went"]["staffing.RoundDoor"] == 36
    assert seal(said) == done.digest
    assert seal(said | {"went": {}}) != done.digest
    assert Erasure.objects.filter(close_out=done, cause="close_out").count() == 4


def test_certificates_follow_each_other(scene):
    first = scene.closed()
    other = Scene()
    assert other.closed(AFTER + timedelta(days=2)).previous_digest == first.digest


def test_carried_out_twice_it_is_done_once(scene):
    done = scene.closed()
    again = closeouts.work(done.pk, LATER + timedelta(days=1))
    assert (again.finished_at, again.digest, again.counts) == (done.finished_at, done.digest, done.counts)


@pytest.mark.parametrize("cut", ["forget_people", "doors", "forget", "finish"])
def test_cut_off_anywhere_it_goes_on_and_counts_the_same(scene, cut, monkeypatch):
    monkeypatch.setattr(closeouts, "PEOPLE", 2)
    whole = Scene()
    expected = whole.closed().counts
    found, calls, real = scene.agreed(), [], getattr(closeouts, cut)

    def broken(*given, **more):
        calls.append(1)
        if len(calls) == 2 or cut in ("doors", "finish"):
            raise KeyboardInterrupt
        return real(*given, **more)

    with mock.patch.object(closeouts, cut, broken), pytest.raises(KeyboardInterrupt):
        closeouts.work(found.pk, LATER)
    assert CloseOut.objects.get(pk=found.pk).status == "running"

    done = closeouts.work(found.pk, LATER)
    assert (done.counts, done.status) == (expected, "done")


def test_where_something_that_should_stand_has_gone_no_certificate_is_given(scene):
    found = scene.agreed()
    closeouts.begin(found.pk, LATER)
    ServiceRecord.objects.first().delete()
    with pytest.raises(closeouts.TotalsDiffer):
        closeouts.work(found.pk, LATER)
    assert CloseOut.objects.get(pk=found.pk).digest == ""


# -- who stays ---------------------------------------------------------------------------------------------------------


def test_who_asked_to_stay_or_serves_elsewhere_keeps_their_name(scene):
    stays, serves, goes = scene.people
    consents.give(stays.pk, Purpose.STAYING, now=AFTER)
    Enrolment.objects.create(volunteer=serves, community=places.area(), channel="web")

    done = scene.closed()

    assert done.kept == {"agreed": 1, "elsewhere": 1}
    assert [User.objects.get(pk=one.user_id).name for one in (stays, serves, goes)] == [*VOLUNTEERS[:2], ""]


def test_what_is_closed_out_already_ties_nobody_any_more(scene):
    other = Scene()
    shared = scene.people[0]
    Enrolment.objects.filter(volunteer=shared).update(ended_at=AFTER)
    post = make.post(make.shift(places.site(other.area), other.call, status="finished"))
    SignUp.objects.create(
        post=post,
        shift=post.shift,
        volunteer=shared,
        status="cancelled",
        period=(post.shift.starts_at, post.shift.ends_at),
    )
    assert scene.closed().kept == {"elsewhere": 1}
    other.closed(AFTER + timedelta(days=40))
    assert User.objects.get(pk=shared.user_id).name == ""


def test_officials_keep_their_account(scene):
    places.grant("grid_member", scene.area, scene.people[0].user, starts_at=START)
    assert scene.closed().kept == {"role": 1}


# -- asked, agreed, announced ------------------------------------------------------------------------------------------


def test_nobody_closes_alone(scene):
    found = closeouts.propose(scene.incident(), by=scene.lead, now=AFTER)
    with pytest.raises(Forbidden):
        closeouts.agree(found.pk, by=scene.lead, now=AFTER)
    with pytest.raises(IntegrityError), transaction.atomic():
        CloseOut.objects.filter(pk=found.pk).update(agreed_by=scene.lead)


def test_one_at_a_time_for_an_area(scene):
    closeouts.propose(scene.incident(), by=scene.lead, now=AFTER)
    with pytest.raises(Refused) as refused:
        closeouts.propose(scene.incident(title="又一次"), by=scene.second, now=AFTER)
    assert refused.value.code == "close_out_waits"


def test_what_is_not_settled_keeps_it_from_being_proposed_and_from_being_carried_out(scene):
    found = scene.agreed()
    ServiceRecord.objects.update(needs_confirmation=True)
    Shift.objects.filter(pk=scene.shift.pk).update(status="running")
    with pytest.raises(Refused) as refused:
        closeouts.work(found.pk, LATER)
    assert [reason.code for reason in refused.value.reasons] == ["shifts_not_finished", "hours_not_confirmed"]
    assert traces.in_database(WORDS)


def test_before_the_notice_is_over_nothing_goes(scene):
    found = scene.agreed()
    with pytest.raises(Refused):
        closeouts.work(found.pk, AFTER + timedelta(days=29))
    assert not CloseOut.objects.due(AFTER + timedelta(days=29)).exists()
    assert CloseOut.objects.due(LATER).get() == found


def test_who_would_lose_their_name_is_told_and_who_stays_is_not(scene):
    consents.give(scene.people[0].pk, Purpose.STAYING, now=AFTER)
    Message.objects.all().delete()
    found = scene.agreed()
    told = Message.objects.filter(kind="closing")
    assert set(told.values_list("reader", flat=True)) == {
        *(one.user_id for one in scene.people[1:]),
        scene.helper.user_id,
    }
    assert deliver("messages", AFTER + timedelta(hours=12))["failed"] <= 3
    closeouts.withdraw(found.pk, by=scene.lead, now=AFTER)
    assert not told.filter(status="scheduled").exists()


@pytest.mark.parametrize(
    ("said", "field"), [({"title": " "}, "title"), ({"end": START}, "end"), ({"notice_days": 6}, "notice_days")]
)
def test_what_cannot_be_read_is_said_beside_its_field(scene, said, field):
    with pytest.raises(Invalid) as invalid:
        closeouts.propose(scene.incident(**said), by=scene.lead, now=AFTER)
    assert field in invalid.value.fields


def test_taken_back_it_never_runs(scene):
    found = scene.agreed()
    closeouts.withdraw(found.pk, by=scene.second, now=AFTER)
    with pytest.raises(Refused):
        closeouts.work(found.pk, LATER)
    assert closeouts.propose(scene.incident(), by=scene.second, now=AFTER).status == "proposed"


# -- the dry run -------------------------------------------------------------------------------------------------------


def test_the_dry_run_foresees_what_goes_and_changes_nothing(scene):
    consents.give(scene.people[0].pk, Purpose.STAYING, now=AFTER)
    found = scene.agreed()
    foreseen = report(scope_of(found), AFTER)
    assert (foreseen.people, foreseen.goes, foreseen.kept) == (4, 3, {"agreed": 1})
    assert RoundDoor.objects.count() == foreseen.rows["staffing.RoundDoor"] == 36

    done = closeouts.work(found.pk, LATER)

    assert all(done.counts[table] >= count for table, count in foreseen.rows.items())
    assert RoundEntrance.objects.filter(vacant=18).count() == 2


def test_the_command_prints_the_dry_run(scene, capsys):
    call_command("close_out", str(scene.area.pk), START.isoformat(), END.isoformat())
    said = capsys.readouterr().out
    assert "4 people" in said
    assert not [word for word in WORDS if word in said]


def test_a_dry_run_asks_the_same_for_one_and_for_thirty(scene, queries_of):
    scope = scope_of(CloseOut(area=scene.area, starts_at=START, ends_at=END))
    few = queries_of(lambda: report(scope, AFTER))
    for _ in range(30):
        person = scene.person("司马")
        signups.sign_up(make.post(make.shift(places.site(scene.area)), 2).pk, person.pk, now=make.NIGHT)
    assert queries_of(lambda: report(scope, AFTER)) == few


def test_no_word_of_a_case_is_left_out(scene):
    """The scene itself is worth its name only if each kind of note is in it."""
    found = traces.in_database([RESIDENT])
    assert set(found) >= {
        "staffing_shift.briefing",
        "staffing_shiftevent.briefing",
        "staffing_ride.origin_note",
        "staffing_doorround.waiver",
        "staffing_move.reasons",
    }
