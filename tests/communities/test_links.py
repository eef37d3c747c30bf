from datetime import UTC, datetime, timedelta
from string import ascii_letters, digits

import pytest
from django.http import Http404
from hypothesis import given
from hypothesis import strategies as some

from communities.errors import Gone
from communities.messages import links
from communities.messages.links import Purpose

NOON = datetime(2026, 4, 4, 12, tzinfo=UTC)
minutes = some.integers(0, 60 * 24 * 365 * 50).map(
    lambda count: datetime(2000, 1, 1, tzinfo=UTC) + timedelta(minutes=count)
)


@given(some.sampled_from(Purpose), some.integers(0, 2**40 - 1), minutes)
def test_a_token_says_what_it_was_made_for_in_24_letters(purpose, target, expires):
    token = links.make(purpose, target, expires)
    assert links.opened(token) == (purpose, target, expires)
    assert len(token) == 24
    assert set(token) <= set(ascii_letters + digits + "-_")
    assert token[-1] in ascii_letters  # a phone does not take a "-" at the end for a part of the link


def test_a_token_is_good_until_its_minute_and_says_afterwards_what_it_was_about():
    token = links.make(Purpose.SEAT, 7, NOON)
    assert links.read(token, NOON - timedelta(seconds=1)) == (Purpose.SEAT, 7)
    with pytest.raises(Gone) as gone:
        links.read(token, NOON)
    assert dict(gone.value.reasons[0].facts) == {"purpose": Purpose.SEAT, "id": 7}


@given(some.integers(0, 23), some.sampled_from(ascii_letters + digits + "-_"))
def test_a_token_with_one_other_letter_is_no_token(place, letter):
    token = links.make(Purpose.OFFER, 7, NOON)
    other = token[:place] + letter + token[place + 1 :]
    if other != token:
        with pytest.raises(Http404):
            links.opened(other)


@pytest.mark.parametrize(
    "token", ["", "abc", "=" * 24, "é" * 24, "A" * 24, "A" * 23, "A" * 28, "A" * 4000, "\x00" * 24]
)
def test_anything_else_is_not_found(token):
    with pytest.raises(Http404):
        links.opened(token)


def test_another_secret_reads_nothing(settings):
    token = links.make(Purpose.SEAT, 7, NOON)
    settings.SECRET_KEY = "another secret"
    with pytest.raises(Http404):
        links.opened(token)


def test_the_address_is_short_enough_for_a_text_message(settings):
    settings.PUBLIC_URL = "https://redvest.example"
    assert len(links.url(links.make(Purpose.SEAT, 7, NOON))) == 50
