"""A step that is not allowed says why in words that fit: the sign-up, its shift, or the whole call is cancelled."""

import pytest

from communities.errors import Refusal, Refused
from communities.phrases import say
from staffing.actions import attendance, calls, offers, shifts, signups
from staffing.models import SignUp
from staffing.rules.transitions import step
from staffing.states import CallStatus, ShiftStatus, SignUpStatus
from tests.factories import communities as places
from tests.factories import staffing as make
from tests.factories.staffing import DAWN, NIGHT

pytestmark = pytest.mark.django_db


def code(act, *args, **how) -> str:
    with pytest.raises(Refused) as refused:
        act(*args, **how)
    return refused.value.code


STEPS = [
    (step(SignUpStatus.CANCELLED, SignUpStatus.CONFIRMED, "withdrawn"), "sign_up_cancelled"),
    (step(SignUpStatus.CANCELLED, SignUpStatus.CONFIRMED, "shift_cancelled"), "shift_cancelled"),
    (step(ShiftStatus.CANCELLED, ShiftStatus.OPEN), "shift_cancelled"),
    (step(CallStatus.CANCELLED, CallStatus.OPEN), "call_cancelled"),
    (step(SignUpStatus.DECLINED, SignUpStatus.CONFIRMED), "invalid_transition"),
]


@pytest.mark.parametrize(("refusal", "word"), STEPS)
def test_each_kind_of_thing_says_what_is_cancelled(refusal, word):
    assert refusal.code == word
    assert say(refusal) != say(Refusal("conflict"))


def test_a_place_that_was_given_up_is_not_called_a_cancelled_shift():
    lead = places.user()
    seat = signups.sign_up(make.post().pk, make.volunteer().pk, now=NIGHT)
    signups.withdraw(seat.pk, now=NIGHT)
    assert code(offers.accept, seat.pk, now=NIGHT) == "sign_up_cancelled"
    assert code(attendance.mark_no_show, seat.pk, by=lead, now=DAWN) == "sign_up_cancelled"
    assert SignUp.objects.get().status == "cancelled"


def test_a_place_that_went_with_its_shift_says_so():
    lead = places.user()
    seat = signups.sign_up(make.post().pk, make.volunteer().pk, now=NIGHT)
    shifts.cancel([seat.shift_id], by=lead, now=NIGHT, reason="雷雨")
    assert code(offers.accept, seat.pk, now=NIGHT) == "shift_cancelled"
    assert code(shifts.publish, seat.shift_id, by=lead, now=NIGHT) == "shift_cancelled"


def test_a_cancelled_call_is_not_called_a_shift():
    lead = places.user()
    call = make.call()
    calls.cancel(call.pk, by=lead, now=NIGHT, reason="雷雨")
    assert code(calls.close, call.pk, by=lead, now=NIGHT) == "call_cancelled"
