"""Outside crews on call: in one place at a time, reached over one contact, with a checklist that says who looked when."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from communities.errors import Invalid, Refused
from communities.states import RoleName
from staffing.actions import on_call
from staffing.actions.on_call import CrewPlan
from staffing.models import Inspection, OnCall, OutsideCrew
from staffing.queries.on_call import on_call_now
from staffing.rules.on_call import faults, items
from staffing.states import Trade
from tests.doors import Api
from tests.factories import communities as places
from tests.factories.staffing import NIGHT

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
PHONE = "+8612009000088"


@pytest.fixture
def area():
    return places.area()


def crew(area, **fields):
    said = {
        "organisation": places.organisation().pk,
        "trade": Trade.POWER,
        "name": "供电保障班",
        "contact": "电工演示",
        "phone": PHONE,
        "checklist": "开闭所\n配电室\n\n配电室",
    } | fields
    return on_call.register(area.pk, CrewPlan(**said), by=places.lead(area))


def duty(who, start=NIGHT, hours=8, site=None, now=NIGHT, **fields):
    there = site or places.site(who.area, kind="hospital")
    return on_call.plan(who.pk, there.pk, start, start + hours * HOUR, by=places.lead(who.area), now=now, **fields)


def test_a_checklist_is_read_line_by_line_each_thing_once():
    assert items(" 开闭所 \n\n配电室\n开闭所") == ["开闭所", "配电室"]
    assert faults(NIGHT, NIGHT + timedelta(days=15), ["x"] * 61, NIGHT) == {
        "end": "on_call_too_long",
        "checklist": "too_many_items",
    }


def test_a_crew_is_known_once_and_its_new_contact_counts(area):
    first = crew(area)

    again = on_call.register(
        area.pk, CrewPlan(first.organisation_id, Trade.POWER, first.name, "另一位演示", PHONE), by=places.lead(area)
    )

    assert (OutsideCrew.objects.count(), again.pk, again.contact) == (1, first.pk, "另一位演示")


def test_a_crew_is_on_call_in_one_place_at_a_time_and_planned_again_is_the_first(area):
    who, site = crew(area), places.site(area)
    first = duty(who, site=site)

    assert duty(who, site=site) == first
    with pytest.raises(Refused) as caught:
        duty(who, NIGHT + HOUR)
    duty(who, NIGHT + 8 * HOUR)
    on_call.cancel(first.pk, by=places.lead(area), now=NIGHT, reason="换班")
    duty(who, NIGHT)

    assert caught.value.code == "crew_on_call_elsewhere"
    assert list(first.inspections.values_list("position", "item")) == [(1, "开闭所"), (2, "配电室")]


def test_what_makes_no_sense_is_refused_per_field(area):
    with pytest.raises(Invalid) as caught:
        duty(crew(area), NIGHT - 9 * HOUR, site=places.site())

    assert sorted(caught.value.fields) == ["end", "site"]


def test_each_thing_says_who_looked_when_and_what_was_wrong_and_the_last_word_counts(area):
    thing, one, two = duty(crew(area)).inspections.first(), places.user(), places.user()

    on_call.tick(thing.pk, fine=True, by=one, now=NIGHT)
    on_call.tick(thing.pk, fine=True, by=two, now=NIGHT + HOUR)
    thing.refresh_from_db()
    first = (thing.done_by, thing.done_at)
    on_call.tick(thing.pk, fine=False, finding="温度偏高", by=two, now=NIGHT + HOUR)
    thing.refresh_from_db()
    last = (thing.fine, thing.finding, thing.done_by)
    on_call.untick(thing.pk, by=one, now=NIGHT + HOUR)
    thing.refresh_from_db()

    assert (first, last) == ((one, NIGHT), (False, "温度偏高", two))
    assert (thing.fine, thing.done_at) == (None, None)
    assert Inspection.events.rel.related_model.objects.filter(pgh_obj=thing).count() == 4


def test_what_is_wrong_has_to_be_said_and_nobody_looks_before_the_duty_or_after_it_is_cancelled(area):
    coming = duty(crew(area), NIGHT + HOUR)
    thing, by = coming.inspections.first(), places.user()
    found = []
    for act, at in [({"fine": True}, NIGHT), ({"fine": False, "finding": " "}, NIGHT + HOUR)]:
        with pytest.raises((Refused, Invalid)) as caught:
            on_call.tick(thing.pk, **act, by=by, now=at)
        found.append(type(caught.value).__name__)
    on_call.cancel(coming.pk, by=by, now=NIGHT, reason="换班")
    with pytest.raises(Refused) as caught:
        on_call.tick(thing.pk, fine=True, by=by, now=NIGHT + HOUR)

    assert (found, caught.value.code) == (["Refused", "Invalid"], "on_call_cancelled")


def test_the_desk_shows_who_can_be_called_now_and_not_those_of_later_cancelled_or_elsewhere(area):
    now = timezone.now()
    here = duty(crew(area), now - HOUR, now=now)
    duty(crew(area), now + HOUR, now=now)
    duty(crew(places.area()), now - HOUR, now=now)
    gone = duty(crew(area), now - HOUR, now=now)
    on_call.cancel(gone.pk, by=places.lead(area), now=now, reason="换班")

    page = places.client(places.lead(area)).get(reverse("desk"))

    assert [one.pk for one in on_call_now(area, now)] == [here.pk]
    assert [one.pk for one, _phone in page.context["on_call"]] == [here.pk]
    assert PHONE in page.text


def test_who_may_not_ring_reads_no_number(area):
    now = timezone.now()
    here = duty(crew(area), now - HOUR, now=now)
    reads = {}
    for role in (RoleName.COMMUNITY_LEAD, RoleName.POINT_LEAD, RoleName.DISTRICT_LEAD, RoleName.AUDITOR):
        client = places.client(places.lead(area, role))
        pages = [
            client.get(path).text for path in (reverse("on_calls"), reverse("on_call", args=[here.pk]), reverse("desk"))
        ]
        reads[str(role)] = {PHONE in text for text in pages}

    assert reads == {"community_lead": {True}, "point_lead": {True}, "district_lead": {False}, "auditor": {False}}


def test_the_company_fills_in_its_own_checklist_and_no_other(area):
    now = timezone.now()
    own, other = crew(area), crew(area)
    officer = places.client(places.grant(RoleName.AGENCY_LEAD, organisation=own.organisation).user)
    mine, theirs = duty(own, now - HOUR, now=now), duty(other, now - HOUR, now=now)
    listed = officer.get(reverse("on_calls"))

    answers = [
        officer.post(reverse("inspection_do", args=[one.inspections.first().pk, "fine"])).status_code
        for one in (mine, theirs)
    ]

    assert [one.pk for one, _phone, _here in listed.context["rows"]] == [mine.pk]
    assert answers == [303, 404]
    assert mine.inspections.filter(fine=True).count() == 1


def test_a_lead_registers_plans_and_cancels_by_plain_forms(area):
    client, unit, site = places.client(places.lead(area)), places.organisation(), places.site(area, kind="hospital")
    day = timezone.localtime() + timedelta(days=1)
    who = {"organisation": unit.pk, "trade": "telecom", "name": "铁塔班", "contact": "某演示", "phone": "12009000088"}

    client.post(reverse("crew_new"), who | {"checklist": "基站"})
    known = OutsideCrew.objects.get()
    when = {"day": f"{day:%Y-%m-%d}", "start": "20:00", "end": "08:00"}
    client.post(reverse("on_call_new"), when | {"crew": known.pk, "site": site.pk})
    made = OnCall.objects.get()
    client.post(reverse("on_call_cancel", args=[made.pk]), {"reason": "换班"})

    made.refresh_from_db()
    assert (known.phone, made.inspections.get().item, made.reason) == (PHONE, "基站", "换班")
    assert made.period.upper - made.period.lower == 12 * HOUR


def test_the_api_looks_and_undoes_and_the_list_asks_as_many_questions_for_1_as_for_30(area):
    now = timezone.now()
    lead, here = places.lead(area), duty(crew(area), now - HOUR, now=now)
    api, thing, counts = Api(lead), here.inspections.first(), []

    done = api.post(f"on-calls/{here.pk}/inspect/", {"inspection": thing.pk, "fine": False, "finding": "跳闸"})
    undone = api.post(f"on-calls/{here.pk}/inspect/", {"inspection": thing.pk, "fine": None})
    browser = places.client(lead)
    for number in (0, 29):
        for _crew in range(number):
            duty(crew(area), now - HOUR, now=now)
        browser.get(reverse("on_calls"))
        with CaptureQueriesContext(connection) as caught:
            browser.get(reverse("on_calls"))
        counts.append(len(caught))

    assert (done.json()["finding"], undone.json()["fine"]) == ("跳闸", None)
    assert counts[0] == counts[1]
