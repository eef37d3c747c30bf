from datetime import date

import pytest
from django import forms
from rest_framework import serializers

from communities.api.words import Said
from communities.days import FAR, day_in
from communities.searching import words_in
from communities.web.days import NearDayField


@pytest.mark.parametrize("text", ["", None, "2026-02-30", "0001-01-01", "9999-12-31", "2200-01-01", "5 April", "\x00"])
def test_what_is_no_day_or_far_away_is_none(text):
    assert day_in(text) is None


def test_a_day_is_read_as_calendars_write_it():
    assert (day_in("2022-04-05"), day_in("1900-01-01")) == (date(2022, 4, 5), date(1900, 1, 1))


def test_a_form_says_that_a_day_is_far_away():
    class One(forms.Form):
        day = NearDayField()

    assert One({"day": "0001-01-01"}).errors == {"day": [FAR]}
    assert One({"day": "2022-04-05"}).is_valid()


def test_a_document_says_so_of_days_instants_and_lists():
    class Whole(Said):
        day = serializers.DateField()
        at = serializers.DateTimeField()
        days = serializers.ListField(child=serializers.DateField())

    near = {"day": "2022-04-05", "at": "2022-04-05T00:00:00Z", "days": ["2022-04-05"]}
    assert set(Whole.read(near)) == {"day", "at", "days"}
    with pytest.raises(serializers.ValidationError) as found:
        Whole.read({"day": "0001-01-01", "at": "9998-01-01T00:00:00Z", "days": ["2022-04-05", "9999-12-31"]})
    assert found.value.detail == {name: [FAR] for name in near}


def test_words_that_are_looked_for_hold_neither_nul_nor_blanks_around():
    assert (words_in(" 王\x00演示 "), words_in(None), len(words_in("a" * 900))) == ("王演示", "", 60)
