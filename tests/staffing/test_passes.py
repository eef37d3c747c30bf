"""The code on the leader's screen: good for its shift, for a minute."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as some

from staffing.rules.passes import STEP, shift_of, token

KEY = "a key"
NOW = datetime(2022, 4, 3, 21, 30, 0, tzinfo=UTC)


@given(some.integers(1, 10**12), some.integers(0, 10**6))
def test_a_code_is_good_when_made_and_for_at_most_a_minute(shift, later):
    code = token(shift, NOW, KEY)
    here = shift_of(code, NOW + timedelta(seconds=later), KEY)

    assert here == (shift if later < 2 * STEP else None)


@given(some.text(max_size=60))
def test_no_other_text_opens_a_shift(text):
    assert shift_of(text, NOW, KEY) is None


def test_a_code_of_one_shift_another_key_or_the_future_opens_nothing():
    mark = token(7, NOW, KEY).partition("-")[2]

    assert shift_of(f"8-{mark}", NOW, KEY) is None
    assert shift_of(token(7, NOW, "another key"), NOW, KEY) is None
    assert shift_of(token(7, NOW + timedelta(seconds=STEP), KEY), NOW, KEY) is None
