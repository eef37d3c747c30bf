from datetime import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from communities.rules.words import clean_clock, clean_name, clean_phone, masked


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("王演示", "王演示"),
        ("  Demo   Volunteer 07 ", "Demo Volunteer 07"),
        ("Ａ", "Ａ"),
        ("e\u0301", "é"),
        ("小王🙂", "小王🙂"),
        ("<script>", "<script>"),
        ("=cmd", "=cmd"),
        ("王", "王"),
        ("字" * 120, "字" * 120),
        ("字" * 121, None),
        ("", None),
        ("   ", None),
        ("王\x00", None),
        ("王\u202e明", None),
        ("\u200b", None),
    ],
)
def test_a_name_is_kept_in_any_script_without_control_characters(typed, kept):
    assert clean_name(typed) == kept


@pytest.mark.parametrize(
    "typed", ["13800138000", "+86 138 0013 8000", "0086-13800138000", "１３８００１３８０００", "(138) 0013-8000"]
)
def test_a_phone_in_any_spelling_is_one_number(typed):
    assert clean_phone(typed) == "+8613800138000"


@pytest.mark.parametrize("typed", ["", "12", "abc", "138001380001111", "+86 12000000001", "'; drop table"])
def test_what_is_no_phone_is_refused(typed):
    assert clean_phone(typed) is None


def test_demo_numbers_pass_only_where_demo_is_allowed():
    assert clean_phone("120 0000 0062", demo=True) == "+8612000000062"
    assert clean_phone("120 0000 0062") is None


def test_others_see_four_digits():
    assert masked("+8613800138000") == "8000"


@pytest.mark.parametrize(
    ("typed", "clock"),
    [
        ("0530", time(5, 30)),
        ("5:30", time(5, 30)),
        ("530", time(5, 30)),
        ("０５：３０", time(5, 30)),
        ("24:00", None),
        ("5:7", None),
        ("", None),
    ],
)
def test_a_clock_time_as_typed(typed, clock):
    assert clean_clock(typed) == clock


@given(st.text(max_size=200))
def test_no_text_breaks_the_readers(text):
    name = clean_name(text)
    assert name is None or (0 < len(name) <= 120 and clean_name(name) == name)
    phone = clean_phone(text)
    assert phone is None or (phone.startswith("+") and clean_phone(phone) == phone)
    clean_clock(text)
