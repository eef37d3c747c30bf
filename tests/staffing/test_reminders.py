"""Who is reminded of what, and when."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as some

from communities.messages.claims import claim
from communities.messages.delivery import gather
from communities.models import Message
from communities.queries.customs import customs_of
from communities.rules.customs import Customs
from staffing.actions import offers, shift_moves, shifts, signups
from staffing.actions.reminders import sweep
from staffing.models import SignUp
from staffing.rules.reminders import due, instants
from tests.factories import communities as places
from tests.factories import staffing as make
from tests.factories.staffing import DAWN, NIGHT

SHANGHAI = ZoneInfo("Asia/Shanghai")
LEADS = (24 * 60, 2 * 60)
EVENING = time(20, 0)
HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 4, day, hour, minute, tzinfo=SHANGHAI)


def test_a_shift_is_reminded_of_a_day_and_two_hours_before():
    assert instants(at(5, 9), SHANGHAI, LEADS, EVENING) == [at(4, 9), at(5, 7)]


def test_a_start_before_eight_is_reminded_of_in_the_evening_before_too():
    assert instants(at(5, 5, 30), SHANGHAI, LEADS, EVENING) == [at(4, 5, 30), at(4, 20), at(5, 3, 30)]
    assert instants(at(5, 8), SHANGHAI, LEADS, EVENING) == [at(4, 8), at(5, 6)]
    assert instants(at(5, 0), SHANGHAI, LEADS, EVENING) == [at(4, 0), at(4, 20), at(4, 22)]


def test_of_what_has_come_only_the_latest_is_due_and_nothing_from_before_the_sign_up():
    start = at(5, 5, 30)
    ask = lambda now, since=at(1, 0): due(start, SHANGHAI, LEADS, EVENING, since=since, now=now)  # noqa: B008, E731
    assert [ask(now) for now in (at(4, 5, 29), at(4, 5, 30), at(4, 19, 59))] == [None, at(4, 5, 30), at(4, 5, 30)]
    assert [ask(now) for now in (at(4, 20), at(5, 3, 29), at(5, 3, 30))] == [at(4, 20), at(4, 20), at(5, 3, 30)]
    assert ask(start) is None
    assert ask(at(4, 12), since=at(4, 6)) is None
    assert ask(at(4, 20), since=at(4, 6)) == at(4, 20)


zones = some.sampled_from(["Asia/Shanghai", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe"]).map(ZoneInfo)
starts = some.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 31), timezones=some.just(UTC)).map(
    lambda instant: instant.replace(second=0, microsecond=0)
)
leads = some.lists(some.integers(1, 3 * 24 * 60), max_size=3, unique=True)
clocks = some.integers(0, 24 * 60 - 1).map(lambda minute: time(minute // 60, minute % 60))


@given(starts, zones, leads, clocks)
def test_every_reminder_is_before_the_start_and_leads_are_real_hours_over_a_change_of_clocks(
    start, zone, leads, evening
):
    found = instants(start, zone, leads, evening)
    assert found == sorted(set(found))
    assert all(instant < start for instant in found)
    assert {start - timedelta(minutes=lead) for lead in leads} <= set(found)
    assert len(found) - len(leads) <= (start.astimezone(zone).time() < time(8, 0))


@given(starts, zones, leads, clocks, some.integers(0, 4 * 24 * 60), some.integers(0, 4 * 24 * 60))
def test_a_person_gets_each_reminder_at_most_once_however_often_the_clock_looks(
    start, zone, leads, evening, since, now
):
    since, now = start - timedelta(minutes=since), start - timedelta(minutes=now)
    found = due(start, zone, leads, evening, since=since, now=now)
    if found:
        assert since <= found <= now < start
        assert due(start, zone, leads, evening, since=found + MINUTE, now=now) is None


@pytest.fixture
def seat():
    """Of somebody who signed up two days before a start at 05:30."""
    return booked(make.post(seats=5))


def booked(post, now=NIGHT - timedelta(days=2), person=None):
    return signups.sign_up(post.pk, (person or make.volunteer()).pk, now=now)


def reminders(*, kept: bool = True) -> list[tuple[int, datetime]]:
    rows = Message.objects.filter(kind="reminder").exclude(status="cancelled" if kept else "")
    return list(rows.order_by("due_at", "target").values_list("target", "due_at"))


@pytest.mark.django_db
def test_the_sweep_writes_each_reminder_once_when_it_is_due(seat):
    assert sweep(DAWN - 24 * HOUR - MINUTE) == 0
    written = [sweep(DAWN - 24 * HOUR + minutes * MINUTE) for minutes in range(0, 24 * 60, 10)]
    assert sum(written) == 3
    assert reminders() == [(seat.pk, DAWN - 24 * HOUR), (seat.pk, NIGHT), (seat.pk, DAWN - 2 * HOUR)]
    row = Message.objects.filter(kind="reminder").first()
    assert (row.expires_at, row.reader_id, row.queue, row.status) == (
        DAWN,
        seat.volunteer.user_id,
        "messages",
        "scheduled",
    )


@pytest.mark.django_db
def test_after_an_outage_one_reminder_goes_out_not_all_that_were_missed(seat):
    assert sweep(DAWN - HOUR) == 1
    assert reminders() == [(seat.pk, DAWN - 2 * HOUR)]


@pytest.mark.django_db
def test_what_was_past_at_the_sign_up_is_skipped():
    late = booked(make.post(seats=5), now=DAWN - 3 * HOUR)
    assert [sweep(DAWN - 3 * HOUR), sweep(DAWN - 2 * HOUR)] == [0, 1]
    assert reminders() == [(late.pk, DAWN - 2 * HOUR)]


@pytest.mark.django_db
def test_nobody_is_reminded_of_an_offer_a_place_in_line_or_a_seat_given_back(seat):
    full = make.post(seat.shift, seats=1, role=make.role("other"))
    holder, waiting = booked(full), booked(full)
    signups.withdraw(holder.pk, now=NIGHT - timedelta(days=2))
    assert list(SignUp.objects.filter(post=full).order_by("pk").values_list("status", flat=True)) == [
        "cancelled",
        "invited",
    ]
    gone = booked(seat.post)
    signups.withdraw(gone.pk, now=NIGHT - timedelta(days=2))
    sweep(DAWN - HOUR)
    assert reminders() == [(seat.pk, DAWN - 2 * HOUR)]
    offers.expire(waiting.pk, now=NIGHT)


@pytest.mark.django_db
def test_a_moved_shift_is_reminded_again_at_its_new_time_and_not_at_its_old_one(seat, time_machine):
    lead = places.user()
    sweep(DAWN - 24 * HOUR)
    sweep(NIGHT)
    time_machine.move_to(NIGHT + MINUTE, tick=False)
    shift_moves.move(seat.shift_id, starts_at=DAWN + MINUTE * 20, ends_at=DAWN + 3 * HOUR, by=lead, now=NIGHT + MINUTE)
    assert list(Message.objects.filter(kind="reminder").values_list("status", flat=True)) == ["cancelled", "cancelled"]
    assert [sweep(NIGHT + 2 * MINUTE), sweep(DAWN - 2 * HOUR), sweep(DAWN + 20 * MINUTE - 2 * HOUR)] == [0, 0, 1]
    assert reminders() == [(seat.pk, DAWN + 20 * MINUTE - 2 * HOUR)]


@pytest.mark.django_db
def test_closing_the_sign_up_reminds_nobody_a_second_time(seat):
    lead = places.user()
    sweep(DAWN - 24 * HOUR)
    shifts.close(seat.shift_id, by=lead, now=NIGHT - HOUR)
    shifts.reopen(seat.shift_id, by=lead, now=NIGHT - HOUR)
    assert sweep(NIGHT - HOUR) == 0
    assert len(reminders()) == 1


@pytest.mark.django_db
@pytest.mark.parametrize("microseconds", [0, 499_999, 500_000, 999_999])
def test_a_start_between_two_seconds_is_reminded_of_as_well(microseconds):
    start = DAWN + timedelta(microseconds=microseconds)
    booked(make.post(make.shift(start=start), seats=1))
    Message.objects.all().delete()
    sweep(NIGHT)
    claimed, _now = claim("messages", NIGHT)
    assert len(gather(claimed, NIGHT)) == 1


@pytest.mark.django_db
def test_a_cancelled_shift_is_reminded_of_no_more(seat):
    sweep(DAWN - 24 * HOUR)
    shifts.cancel([seat.shift_id], by=places.user(), now=NIGHT - HOUR, reason="下雨")
    assert [sweep(NIGHT), sweep(DAWN - 2 * HOUR)] == [0, 0]
    assert reminders() == []


@pytest.mark.django_db
def test_who_takes_an_offer_late_is_not_reminded_of_what_they_have_just_heard(time_machine):
    post = make.post(seats=1)
    holder, waiting = booked(post), booked(post)
    signups.withdraw(holder.pk, now=NIGHT + HOUR)
    time_machine.move_to(NIGHT + HOUR + MINUTE, tick=False)
    offers.accept(waiting.pk, now=NIGHT + HOUR + MINUTE)
    assert [sweep(NIGHT + HOUR + 2 * MINUTE), sweep(DAWN - 2 * HOUR)] == [0, 1]


@pytest.mark.django_db
def test_each_area_has_its_own_leads_evening_and_clock_from_the_nearest_ancestor_that_sets_them():
    city = places.area("city", time_zone="Europe/Berlin", reminder_leads=[60])
    district = places.area("district", city, evening_before=time(18, 0))
    community = places.area("community", district, reminder_leads=[], quiet_from=time(23, 0))
    sibling, elsewhere = places.area("community", city), places.area()
    found = customs_of([community.pk, sibling.pk, elsewhere.pk])
    berlin = ZoneInfo("Europe/Berlin")
    assert found == {
        community.pk: Customs(berlin, (), time(18, 0), time(23, 0), time(6, 0)),
        sibling.pk: Customs(berlin, (60,), time(20, 0), time(22, 0), time(6, 0)),
        elsewhere.pk: Customs(),
    }


@pytest.mark.django_db
def test_the_customs_of_one_area_and_of_thirty_take_two_queries(django_assert_num_queries):
    city = places.area("city")
    areas = [places.area(parent=city).pk for _area in range(30)]
    for count in (1, 30):
        with django_assert_num_queries(2):
            assert len(customs_of(areas[:count])) == count


@pytest.mark.django_db
@pytest.mark.parametrize("zone", ["Asia/Shanghai", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe"])
def test_the_sweep_finds_what_the_rule_says_over_a_change_of_clocks(zone):
    """Starts every two hours over the days when the clocks of these zones change."""
    customs = Customs(zone=ZoneInfo(zone), leads=(24 * 60, 90), evening=time(19, 30))
    area = places.area(time_zone=zone, reminder_leads=list(customs.leads), evening_before=customs.evening)
    site, person = places.site(area), make.volunteer()
    for month, day in ((3, 6), (3, 27), (4, 3), (10, 2), (10, 23), (10, 30)):
        monday = datetime(2026, month, day, tzinfo=UTC)
        for hours in range(0, 96, 2):
            held(site, person, monday + hours * HOUR)
        for now in (monday + hours * HOUR for hours in range(-30, 96, 5)):
            Message.objects.filter(kind="reminder").delete()
            sweep(now)
            assert found() == expected(customs, now), now


def held(site, person, start):
    shift = make.shift(site, start=start, length=HOUR)
    post = make.post(shift, taken=1, seats_given=1)
    seat = SignUp.objects.create(
        post=post, shift=shift, volunteer=person, status="confirmed", period=(start, start + HOUR), seat_no=1
    )
    SignUp.objects.filter(pk=seat.pk).update(changed_at=datetime(2026, 1, 1, tzinfo=UTC))


def found():
    return set(Message.objects.filter(kind="reminder").values_list("target", "due_at"))


def expected(customs, now):
    since = datetime(2026, 1, 1, tzinfo=UTC)
    coming = SignUp.objects.values_list("pk", "shift__starts_at")
    due_now = {
        (pk, due(start, customs.zone, customs.leads, customs.evening, since=since, now=now)) for pk, start in coming
    }
    return {(pk, instant) for pk, instant in due_now if instant}


@pytest.mark.django_db
def test_one_seat_and_thirty_are_swept_with_the_same_number_of_queries(django_assert_num_queries):
    post = make.post(seats=40)
    for count in (1, 29):
        for _person in range(count):
            booked(post)
        Message.objects.all().delete()
        with django_assert_num_queries(6):  # savepoint twice, areas, customs twice, one insert
            sweep(NIGHT)
        assert Message.objects.count() == SignUp.objects.count()
