"""Rides: one owner each, the steps in order, given back in time, and nobody's name left afterwards."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from communities.errors import Invalid, Refused, TooMany
from communities.models import Message
from communities.states import RoleName
from staffing.actions import rides
from staffing.actions.rides import RidePlan
from staffing.actions.signups import sign_up
from staffing.models import Driver, Passenger, Ride
from staffing.queries.rides import tally
from staffing.rules.rides import NEXT, Seeker, pool, step
from staffing.states import RideStatus, VehicleClass
from tests.factories import communities as places
from tests.factories import staffing as make
from tests.factories.staffing import DAWN, NIGHT
from tests.races.threads import rush
from volunteers.states import PersonKind

MINUTE = timedelta(minutes=1)
PICK_UP = DAWN - 60 * MINUTE


def driver(area, **fields):
    person = make.volunteer(kind=PersonKind.DRIVER)
    said = {"verified_at": NIGHT, "on_duty_until": DAWN + timedelta(hours=2), "seats": 4} | fields
    return Driver.objects.create(volunteer=person, area=area, **said)


def ride(area, at=PICK_UP, now=NIGHT, by=None, **fields):
    site = places.site(area)
    said = {"origin": "示范街18号院", "destination_id": site.pk, "passengers": 4} | fields
    plan = RidePlan(pick_up_at=at, arrive_by=at + 25 * MINUTE, **said)
    return rides.post(area.pk, plan, by=by or places.lead(area), now=now)


def code(act, *args, **kwargs):
    with pytest.raises(Refused) as caught:
        act(*args, **kwargs)
    return [reason.code for reason in caught.value.reasons]


@given(st.lists(st.tuples(st.integers(1, 3), st.integers(1, 3)), max_size=60), st.integers(1, 6))
def test_pooling_leaves_nobody_behind_fills_no_car_beyond_its_seats_and_mixes_no_ways(ways, seats):
    seekers = [Seeker(origin, to, number) for number, (origin, to) in enumerate(ways)]

    cars = pool(seekers, seats)

    assert sorted(one for car in cars for one in car) == sorted(seekers)
    assert all(1 <= len(car) <= seats for car in cars)
    assert all(len({(one.origin, one.destination) for one in car}) == 1 for car in cars)


def test_every_step_that_is_not_in_the_table_is_refused():
    legal = {(here, there) for here, after in NEXT.items() for there in after}

    found = {(here, there) for here in RideStatus for there in RideStatus if step(here, there) is None}

    assert found == legal
    assert step(RideStatus.DONE, RideStatus.POSTED).code == "ride_is_over"


@pytest.mark.django_db
class TestActions:
    @pytest.fixture
    def area(self):
        return places.area()

    def test_the_first_claims_it_the_second_is_told_and_asking_again_changes_nothing(self, area):
        first, second, offered = driver(area), driver(area), ride(area)

        rides.claim(offered.pk, first.pk, now=NIGHT)
        rides.claim(offered.pk, first.pk, now=NIGHT)

        assert code(rides.claim, offered.pk, second.pk, now=NIGHT) == ["ride_taken"]
        offered.refresh_from_db()
        assert (offered.driver, offered.status, offered.dispatches) == (first, "grabbed", 1)

    def test_every_reason_why_a_driver_may_not_claim_is_told_at_once(self, area):
        nobody = driver(area, verified_at=None, on_duty_until=None, seats=3, vehicle_class=VehicleClass.PROTECTED)

        found = code(rides.claim, ride(area).pk, nobody.pk, now=NIGHT)

        assert found == ["driver_unverified", "driver_off_duty", "vehicle_too_small", "vehicle_class"]

    def test_a_driver_is_never_in_two_rides_at_once_but_holds_one_after_the_other(self, area):
        one, first, same, later = driver(area), ride(area), ride(area, PICK_UP + 10 * MINUTE), ride(area, DAWN)

        rides.claim(first.pk, one.pk, now=NIGHT)

        assert code(rides.claim, same.pk, one.pk, now=NIGHT) == ["ride_overlaps"]
        assert rides.claim(later.pk, one.pk, now=NIGHT).status == "grabbed"
        rides.set_out(first.pk, now=NIGHT)
        assert code(rides.set_out, later.pk, now=NIGHT) == ["ride_moving"]

    def test_a_ride_goes_through_its_steps_in_order_and_only_once_each(self, area):
        offered = ride(area)
        rides.claim(offered.pk, driver(area).pk, now=NIGHT)

        assert code(rides.pick_up, offered.pk, now=NIGHT) == ["ride_step"]
        for act, status in [(rides.set_out, "en_route"), (rides.pick_up, "picked_up"), (rides.finish, "done")]:
            assert act(offered.pk, now=NIGHT).status == act(offered.pk, now=NIGHT).status == status
        assert code(rides.release, offered.pk, now=NIGHT) == ["ride_is_over"]

    def test_who_has_set_out_can_be_called_off_but_not_with_people_on_board(self, area):
        lead, offered, boarded = places.lead(area), ride(area), ride(area, DAWN)
        for one in (offered, boarded):
            held = driver(area)
            rides.claim(one.pk, held.pk, now=NIGHT)
            rides.set_out(one.pk, now=NIGHT)
        rides.pick_up(boarded.pk, now=NIGHT)

        assert rides.cancel(offered.pk, by=lead, now=NIGHT, reason="雨太大").status == "cancelled"
        assert code(rides.cancel, boarded.pk, by=lead, now=NIGHT, reason="雨太大") == ["ride_step"]
        told = Message.objects.filter(kind="ride_cancelled").values_list("reader", "target")
        assert list(told) == [(Ride.objects.get(pk=offered.pk).driver.volunteer.user_id, offered.pk)]

    def test_who_does_not_move_in_time_loses_the_ride_and_is_told_once(self, area):
        still, moving = ride(area), ride(area)
        slow, quick = driver(area), driver(area)
        rides.claim(still.pk, slow.pk, now=NIGHT)
        rides.claim(moving.pk, quick.pk, now=NIGHT)
        rides.set_out(moving.pk, now=NIGHT)

        early = rides.sweep(PICK_UP - 20 * MINUTE - timedelta(seconds=1))
        late = rides.sweep(PICK_UP - 20 * MINUTE)
        again = rides.sweep(PICK_UP - 19 * MINUTE)

        assert (early, late, again) == ((0, 0), (1, 0), (0, 0))
        assert list(Ride.objects.order_by("pk").values_list("status", "driver")) == [
            ("posted", None),
            ("en_route", quick.pk),
        ]
        assert list(Message.objects.filter(kind="ride_taken_back").values_list("reader")) == [(slow.volunteer.user_id,)]

    def test_a_ride_nobody_takes_alarms_whoever_offered_it_once(self, area):
        lead = places.lead(area)
        offered = ride(area, by=lead)

        found = [rides.sweep(PICK_UP - minutes * MINUTE) for minutes in (11, 10, 9)]

        assert found == [(0, 0), (0, 1), (0, 0)]
        offered.refresh_from_db()
        assert offered.status == "expired"
        assert list(Message.objects.filter(kind="ride_alarm").values_list("reader")) == [(lead.pk,)]

    def test_a_roster_is_pooled_by_home_and_asked_again_only_for_who_is_new(self, area):
        lead, call = places.lead(area), make.call(area)
        here, there = places.compound(area, name="甲小区"), places.compound(area, name="乙小区")
        shift = make.shift(places.site(area, here), call)
        post = make.post(shift, seats=20)
        for home in [here, *[there] * 5, None]:
            sign_up(post.pk, make.volunteer(home, community=area).pk, now=NIGHT)

        made = rides.post_for_roster(shift.pk, by=lead, now=NIGHT)
        none = rides.post_for_roster(shift.pk, by=lead, now=NIGHT)
        sign_up(post.pk, make.volunteer(there, community=area).pk, now=NIGHT)
        more = rides.post_for_roster(shift.pk, by=lead, now=NIGHT)

        assert [(one.origin, one.passengers) for one in [*made, *none, *more]] == [
            ("乙小区", 4),
            ("乙小区", 1),
            ("乙小区", 1),
        ]
        assert made[0].arrive_by == shift.starts_at - 20 * MINUTE

    @pytest.mark.parametrize("end", ["done", "cancelled", "expired"])
    def test_who_rode_is_forgotten_when_it_is_over(self, area, end):
        lead, home = places.lead(area), places.compound(area)
        shift = make.shift(places.site(area), make.call(area))
        sign_up(make.post(shift).pk, make.volunteer(home, community=area).pk, now=NIGHT)
        (one,) = rides.post_for_roster(shift.pk, by=lead, now=NIGHT)
        assert Passenger.objects.count() == 1

        if end == "done":
            rides.claim(one.pk, driver(area).pk, now=NIGHT)
            for act in (rides.set_out, rides.pick_up, rides.finish):
                act(one.pk, now=NIGHT)
        elif end == "cancelled":
            rides.cancel(one.pk, by=lead, now=NIGHT, reason="不用了")
        else:
            rides.sweep(one.pick_up_at)

        assert Passenger.objects.count() == 0
        one.refresh_from_db()
        assert (one.status, one.passengers) == (end, 1)

    def test_a_ride_of_whose_end_nobody_tells_is_over_six_hours_later_and_frees_its_driver(self, area):
        lead, home = places.lead(area), places.compound(area)
        shift = make.shift(places.site(area), make.call(area))
        sign_up(make.post(shift).pk, make.volunteer(home, community=area).pk, now=NIGHT)
        (boarded,) = rides.post_for_roster(shift.pk, by=lead, now=NIGHT)
        still, quick = ride(area), driver(area)
        for one, steps in ((boarded, (rides.set_out, rides.pick_up)), (still, (rides.set_out,))):
            rides.claim(one.pk, (quick if one is boarded else driver(area)).pk, now=NIGHT)
            for act in steps:
                act(one.pk, now=NIGHT)
        over = max(boarded.pick_up_at, still.pick_up_at) + timedelta(hours=6)

        ended = [rides.end_silent(moment) for moment in (PICK_UP, over, over)]

        assert ended == [0, 2, 0]
        assert [Ride.objects.get(pk=one.pk).status for one in (boarded, still)] == ["done", "cancelled"]
        assert not Passenger.objects.exists()
        assert rides.be_on_duty(quick.pk, on=False, now=over).on_duty_until is None

    def test_dispatches_count_every_claim_completed_only_those_driven(self, area):
        first, second = ride(area), ride(area, DAWN)
        one, two = driver(area), driver(area)
        rides.claim(first.pk, one.pk, now=NIGHT)
        rides.release(first.pk, now=NIGHT)
        rides.claim(first.pk, two.pk, now=NIGHT)
        rides.claim(second.pk, one.pk, now=NIGHT)
        for act in (rides.set_out, rides.pick_up, rides.finish):
            act(first.pk, now=NIGHT)

        found = tally(Ride.objects.all())

        assert (found.all, found.free, found.dispatches, found.done) == (2, 0, 3, 1)

    def test_drivers_on_duty_hear_of_a_ride_those_off_duty_or_unchecked_do_not(self, area):
        on = driver(area)
        driver(area, on_duty_until=NIGHT)
        driver(area, verified_at=None)
        driver(places.area())

        ride(area)

        assert list(Message.objects.filter(kind="ride_posted").values_list("reader")) == [(on.volunteer.user_id,)]

    def test_what_cannot_be_driven_is_refused_per_field(self, area):
        with pytest.raises(Invalid) as caught:
            ride(area, at=NIGHT, origin=" ", passengers=0)

        assert sorted(caught.value.fields) == ["origin", "passengers", "pick_up_at"]

    def test_nobody_checks_their_own_licence(self, area):
        one = driver(area, verified_at=None)

        assert code(rides.verify, one.pk, by=one.volunteer.user, now=NIGHT) == ["own_case"]
        assert rides.verify(one.pk, by=places.lead(area), now=NIGHT).verified_at == NIGHT

    def test_who_tries_too_often_has_to_wait(self, area):
        one, offered = driver(area), ride(area)

        for _try in range(30):
            rides.claim(offered.pk, one.pk, now=NIGHT)

        with pytest.raises(TooMany):
            rides.claim(offered.pk, one.pk, now=NIGHT)


CLAIM_WITHOUT_GUARD = rides.CLAIM.replace("and status = 'posted'", "")


@pytest.mark.django_db(transaction=True)
class TestRush:
    def people(self, drivers, offered):
        area = places.area()
        cars = [driver(area) for _one in range(drivers)]
        early = [ride(area) for _one in range(offered // 2)]
        later = [ride(area, DAWN) for _one in range(offered - len(early))]
        return cars, [*early, *later]

    def attempts(self, cars, offered, times):
        """Everybody tries one ride after the other, each beginning elsewhere."""

        def run(number):
            car, start = cars[number % len(cars)], number * 37
            try:
                rides.take(offered[start % len(offered)].pk, car.pk, NIGHT)
            except Exception as error:
                return type(error).__name__
            return "won"

        return rush(run, range(times))

    def test_a_thousand_claims_of_120_drivers_for_160_rides_leave_one_owner_each(self):
        cars, offered = self.people(120, 160)

        answers = self.attempts(cars, offered, 1000)

        held = Ride.objects.exclude(driver=None)
        assert answers.count("won") >= held.count() > 100
        assert set(Ride.objects.values_list("status", "dispatches")) <= {("grabbed", 1), ("posted", 0)}
        for one in Ride.objects.filter(driver=None):
            free = next(car for car in cars if not car.rides.filter(period__overlap=one.period).exists())
            rides.take(one.pk, free.pk, NIGHT)
        assert Ride.objects.filter(status="grabbed", dispatches=1).count() == 160

    def test_control_without_the_guard_a_ride_has_two_owners_one_after_the_other(self, monkeypatch):
        monkeypatch.setattr(rides, "CLAIM", CLAIM_WITHOUT_GUARD)
        cars, offered = self.people(8, 1)

        answers = self.attempts(cars, offered, 8)

        assert answers.count("won") > 1


@pytest.mark.django_db
class TestDoors:
    @pytest.fixture
    def area(self):
        return places.area()

    def test_a_driver_claims_and_drives_by_plain_forms(self, area):
        now = timezone.now()
        one = driver(area, on_duty_until=None)
        offered = ride(area, at=now + 60 * MINUTE, now=now)
        client = places.client(one.volunteer.user)

        assert "on_duty" in client.get(reverse("rides")).context
        client.post(reverse("rides_duty"), {"on": "1"})
        answer = client.post(reverse("ride_claim", args=[offered.pk]))
        for doing in ("set-out", "picked-up", "done"):
            client.post(reverse("ride_step", args=[offered.pk, doing]))

        assert (answer.status_code, answer["Location"]) == (303, reverse("rides") + "?mine")
        offered.refresh_from_db()
        assert offered.status == "done"

    def test_the_second_driver_sees_that_it_is_gone_in_place_of_the_card(self, area):
        now = timezone.now()
        duty = {"on_duty_until": now + timedelta(hours=3)}
        first, second = driver(area, **duty), driver(area, **duty)
        offered = ride(area, at=now + 60 * MINUTE, now=now)
        page = reverse("ride_claim", args=[offered.pk])
        client = places.client(second.volunteer.user)
        client.get(reverse("rides"))
        rides.claim(offered.pk, first.pk, now=now)

        answer = client.post(page, headers={"HX-Request": "true"})

        assert answer.status_code == 409
        assert "刚被别人接走了。" in answer.content.decode()

    def test_who_is_no_driver_finds_no_such_page(self, area):
        assert places.client(make.volunteer().user).get(reverse("rides")).status_code == 404
        assert places.client(places.lead(area)).get(reverse("rides")).status_code == 404

    def test_a_driver_sees_first_names_of_own_rides_only_and_nothing_when_done(self, area):
        now = timezone.now()
        home, shift = (
            places.compound(area),
            make.shift(places.site(area), make.call(area), start=now + timedelta(hours=3)),
        )
        person = make.volunteer(home, community=area, user=places.user(name="李演示0042"))
        sign_up(make.post(shift).pk, person.pk, now=now)
        (offered,) = rides.post_for_roster(shift.pk, by=places.lead(area), now=now)
        one = driver(area, on_duty_until=now + timedelta(hours=5))
        client = places.client(one.volunteer.user)

        before = client.get(reverse("rides")).content.decode()
        rides.claim(offered.pk, one.pk, now=now)
        held = client.get(reverse("rides") + "?mine").content.decode()

        assert "演示0042" not in before
        assert "演示0042" in held
        assert "李演示0042" not in held

    def test_the_list_asks_the_same_number_of_queries_for_30_rides_as_for_one(self, area):
        now = timezone.now()
        client = places.client(driver(area).volunteer.user)

        def asked():
            with CaptureQueriesContext(
                connection,
            ) as found:
                client.get(reverse("rides"))
            return len(found)

        ride(area, at=now + 60 * MINUTE, now=now)
        one = asked()
        for number in range(29):
            ride(area, at=now + (61 + number) * MINUTE, now=now)
        assert asked() == one

    def test_a_dispatcher_offers_rides_for_a_roster_and_calls_one_off(self, area):
        now = timezone.now()
        lead, home = places.lead(area), places.compound(area)
        shift = make.shift(places.site(area), make.call(area), start=now + timedelta(hours=3))
        sign_up(make.post(shift).pk, make.volunteer(home, community=area).pk, now=now)
        client = places.client(lead)

        assert client.post(reverse("shift_rides", args=[shift.pk])).status_code == 303
        (one,) = Ride.objects.all()
        assert client.get(reverse("rides_desk")).status_code == 200
        client.post(reverse("ride_cancel", args=[one.pk]), {"reason": "不用了"})

        one.refresh_from_db()
        assert (one.status, one.shift) == ("cancelled", shift)
        point = places.client(places.lead(area, RoleName.POINT_LEAD))
        assert point.post(reverse("shift_rides", args=[shift.pk])).status_code == 403

    def test_the_api_offers_claims_and_drives(self, area):
        now = timezone.now()
        lead, one = places.client(places.lead(area)), driver(area, on_duty_until=now + timedelta(hours=5))
        said = {
            "area": area.pk,
            "origin": "示范街18号院",
            "destination": places.site(area).pk,
            "pick_up_at": (now + 60 * MINUTE).isoformat(),
            "arrive_by": (now + 85 * MINUTE).isoformat(),
            "passengers": 3,
        }

        made = lead.post("/api/v1/rides/", said, content_type="application/json")
        address = f"/api/v1/rides/{made.json()['id']}"
        client = places.client(one.volunteer.user)
        found = [
            client.post(f"{address}/{doing}/", content_type="application/json").json()["status"]
            for doing in ("claim", "set-out", "pick-up", "finish")
        ]

        assert made.status_code == 201
        assert found == ["grabbed", "en_route", "picked_up", "done"]
        assert lead.post(f"{address}/claim/", content_type="application/json").status_code == 403
        assert client.post(f"{address}/release/", content_type="application/json").json()["code"] == "ride_is_over"


@pytest.mark.django_db
def test_a_driver_of_no_community_finds_the_rides_from_their_own_page_and_the_page_of_themselves():
    person = driver(places.area()).volunteer
    person.enrolments.all().delete()
    browser = places.client(person.user, proved=False)
    assert f'href="{reverse("rides")}"' in browser.get(reverse("my_shifts")).content.decode()
    assert browser.get(reverse("me")).status_code == 200
