"""Standing by: as many people more as the plan asks for, at home, in reserve for any seat of the call, and told so."""

from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from communities.errors import Invalid
from staffing.actions import attendance, calls, offers, plans, signups
from staffing.actions.calls import CallPlan
from staffing.demo import catalogue
from staffing.models import CallUp, Round
from staffing.queries import kept_calls as pages
from staffing.queries.norms import nearest, norm_of
from staffing.queries.plans import demand_of
from staffing.queries.reserves import standing_by
from staffing.rules.demand import Override, Place
from staffing.states import Crewing, SignUpStatus
from tests.factories import communities as places
from tests.factories import staffing as make
from tests.factories.staffing import DAWN, NIGHT
from volunteers.models import ServiceRecord

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def night():
    pages.SEEN.clear()
    with time_machine.travel(NIGHT, tick=False):
        yield
    pages.SEEN.clear()


@pytest.fixture
def full():
    """A call with one post of one seat, taken, that wants two people to stand by."""
    call = make.call(places.area(), standby=2)
    post = make.post(make.shift(call_up=call), 1)
    holder = signups.sign_up(post.pk, make.volunteer().pk, now=NIGHT)
    return call, post, holder


def stand_by(call, now=NIGHT):
    return signups.place_in_call(call.pk, make.volunteer().pk, now=now)


class TestTheNumber:
    def test_is_that_of_the_plan_and_follows_it(self):
        catalogue.norms()
        town = places.area()
        lead, home = places.lead(town), places.compound(town, residents=8000)
        profile = nearest(town, "dense-estate")
        draft = plans.Draft(
            profile=profile.pk, norm=norm_of(profile), places=[Place(home.pk, 8000)], starts_at=DAWN,
            ends_at=DAWN + timedelta(hours=6.5), available=0, crewing=Crewing.TWO_CREWS,
        )  # fmt: skip
        one = Round.objects.create(area=town, kind="核酸检测", no=1, created_by=lead)
        plan = plans.save(one.pk, draft, by=lead, now=NIGHT)
        call = plans.apply(plan.pk, by=lead, now=NIGHT, words=plans.Words(insured=True)).call
        assert call.standby == demand_of(plan).standby == 5
        plans.save(one.pk, replace(draft, overrides=[Override("standby", 9, "上次缺人")]), by=lead, now=NIGHT)
        plans.apply(plan.pk, by=lead, now=NIGHT)
        assert CallUp.objects.get().standby == 9

    def test_of_a_call_without_a_plan_is_what_the_lead_says(self):
        town = places.area()
        plan = CallPlan("核酸", "核酸", DAWN, DAWN + make.BLOCK, standby=3)
        assert calls.create(town.pk, plan, by=places.lead(town), now=NIGHT).standby == 3
        with pytest.raises(Invalid) as raised:
            calls.create(
                town.pk, CallPlan("核酸", "核酸", DAWN, DAWN + make.BLOCK, standby=501), by=places.lead(town), now=NIGHT
            )
        assert list(raised.value.fields) == ["standby"]


class TestWhoStandsBy:
    def test_are_people_in_line_for_any_seat_each_counted_once(self, full):
        call, post, _holder = full
        signups.sign_up(post.pk, make.volunteer().pk, now=NIGHT)  # in line for this post alone
        assert standing_by([call.pk], NIGHT) == {}
        reserve = stand_by(call)
        assert standing_by([call.pk], NIGHT) == {call.pk: 1}
        signups.withdraw(reserve.pk, now=NIGHT)
        assert standing_by([call.pk], NIGHT) == {}

    def test_holds_no_seat_and_no_time_until_called_in(self, full):
        call, post, _holder = full
        reserve = stand_by(call)
        post.refresh_from_db()
        assert (reserve.status, post.taken, post.seats) == (SignUpStatus.WAITLISTED, 1, 1)
        elsewhere = make.post(make.shift(call_up=make.call(call.community)), 1)
        assert signups.sign_up(elsewhere.pk, reserve.volunteer_id, now=NIGHT).status == SignUpStatus.CONFIRMED

    def test_has_hours_only_from_when_they_are_called_in(self, full):
        call, _post, holder = full
        called, home = stand_by(call), stand_by(call, NIGHT + timedelta(minutes=1))
        signups.withdraw(holder.pk, now=NIGHT)
        offers.accept(called.pk, now=NIGHT)
        lead = places.lead(call.community)
        attendance.check_in(called.pk, by=lead, now=DAWN)
        attendance.check_out(called.pk, by=lead, now=DAWN + timedelta(hours=2))
        assert list(ServiceRecord.objects.values_list("volunteer", "minutes")) == [(called.volunteer_id, 120)]
        home.refresh_from_db()
        assert home.status == SignUpStatus.WAITLISTED


class TestWhereItIsSaid:
    def test_on_the_calls_page_once_every_seat_is_taken(self, full):
        call, _post, _holder = full
        stand_by(call)
        text = Client(headers={"accept-language": "en"}).get(f"/c/{call.slug}/").content.decode()
        assert "1 of 2 people stand by." in text
        assert "Stand by (1 more wanted)" in text
        pages.SEEN.clear()
        stand_by(call)
        text = Client(headers={"accept-language": "en"}).get(f"/c/{call.slug}/").content.decode()
        assert "2 of 2 people stand by." in text
        assert "Join the waitlist" in text

    def test_not_while_seats_are_free(self):
        call = make.call(places.area(), standby=2)
        make.post(make.shift(call_up=call), 1)
        assert "stand by" not in Client(headers={"accept-language": "en"}).get(f"/c/{call.slug}/").content.decode()

    def test_at_the_desk_with_what_to_do_about_it(self, full):
        call, _post, _holder = full
        stand_by(call)
        client = places.client(places.lead(call.community))
        page = client.get(f"/desk/calls/{call.pk}/")
        assert (page.context["reserves"], page.context["call"].standby) == (1, 2)
        assert "call_share" in [step.href for step, _near in page.context["steps"]]
        stand_by(call)
        page = client.get(f"/desk/calls/{call.pk}/")
        assert "call_share" not in [step.href for step, _near in page.context["steps"]]
        assert "机动" in client.get(f"/desk/calls/{call.pk}/").content.decode()

    def test_in_the_words_for_the_chat(self, full):
        call, _post, _holder = full
        text = places.client(places.lead(call.community)).get(f"/desk/calls/{call.pk}/share/").content.decode()
        assert "2 people wanted to stand by at home" in text

    def test_over_rest(self, full):
        call, _post, _holder = full
        stand_by(call)
        row = places.client(places.lead(call.community)).get(f"/api/v1/call-ups/{call.pk}/").json()
        assert (row["standby"], row["standing_by"]) == (2, 1)
