from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from staffing.rules.recurrence import on_day, shifted, weekly

TAIYUAN, BERLIN = ZoneInfo("Asia/Shanghai"), ZoneInfo("Europe/Berlin")


def test_a_copy_keeps_the_clock_time_over_a_change_of_clocks():
    before = datetime(2026, 3, 22, 5, 30, tzinfo=BERLIN)
    after = on_day(before, date(2026, 3, 29), BERLIN).astimezone(BERLIN)
    assert (after.hour, after.minute, after.utcoffset().total_seconds()) == (5, 30, 7200)


def test_a_time_that_the_clocks_skip_moves_forward_with_them():
    skipped = on_day(datetime(2026, 3, 22, 2, 30, tzinfo=BERLIN), date(2026, 3, 29), BERLIN).astimezone(BERLIN)
    assert (skipped.hour, skipped.minute) == (3, 30)


def test_a_night_shift_ends_on_the_day_after():
    start, end = shifted(
        datetime(2022, 4, 4, 22, 0, tzinfo=TAIYUAN),
        datetime(2022, 4, 5, 6, 0, tzinfo=TAIYUAN),
        date(2022, 4, 9),
        TAIYUAN,
    )
    assert start.astimezone(TAIYUAN) == datetime(2022, 4, 9, 22, 0, tzinfo=TAIYUAN)
    assert end.astimezone(TAIYUAN) == datetime(2022, 4, 10, 6, 0, tzinfo=TAIYUAN)


@pytest.mark.parametrize(
    ("days", "found"),
    [({0}, ["2022-04-11", "2022-04-18"]), ({1, 4}, ["2022-04-05", "2022-04-08", "2022-04-12", "2022-04-15"])],
)
def test_weekly_days_after_the_first(days, found):
    assert [day.isoformat() for day in weekly(date(2022, 4, 4), date(2022, 4, 18), days)] == found


@given(
    st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1)),
    st.dates(date(2020, 1, 1), date(2030, 1, 1)),
    st.sampled_from([TAIYUAN, BERLIN, ZoneInfo("Australia/Lord_Howe")]),
)
def test_a_copy_never_ends_before_it_starts(naive, day, zone):
    start = naive.replace(tzinfo=zone)
    start = datetime.fromtimestamp(start.timestamp(), tz=ZoneInfo("UTC"))
    end = datetime.fromtimestamp(start.timestamp() + 3 * 3600, tz=ZoneInfo("UTC"))
    again, until = shifted(start, end, day, zone)
    assert again < until
