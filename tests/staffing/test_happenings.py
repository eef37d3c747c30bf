"""What becomes of sign-ups, shifts, calls and secondments is written down for webhooks, in the statement that does it."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from communities.messages.happenings import SOURCES, topics
from communities.messages.spreading import spread
from communities.models import Happening, Webhook, WebhookDelivery
from staffing.actions import signups
from staffing.models import CallUp, Secondment, Shift, SignUp
from tests.factories import communities as places
from tests.factories import staffing as make
from tests.factories.staffing import DAWN, NIGHT

pytestmark = pytest.mark.django_db


def webhook(area, *wanted):
    return Webhook.objects.create(
        area=area, name="x", url="https://hooks.example.org/", topics=wanted or topics(), secret="whsec_"
    )


def written(topic):
    return list(Happening.objects.filter(topic=topic).order_by("pk").values_list("target", "state", "version"))


def test_a_sign_up_from_beginning_to_end():
    post = make.post(seats=1)
    webhook(post.shift.site.area)
    first, second = make.volunteer(post.shift.site.compound), make.volunteer(post.shift.site.compound)
    seat = signups.sign_up(post.pk, first.pk, now=NIGHT)
    waiting = signups.sign_up(post.pk, second.pk, now=NIGHT)
    SignUp.objects.filter(pk=seat.pk).update(on_my_way_at=NIGHT)
    signups.withdraw(seat.pk, now=NIGHT)
    found = [(target, state) for target, state, _version in written("sign-ups")]
    assert found == [
        (seat.pk, "confirmed"),
        (waiting.pk, "waitlisted"),
        (seat.pk, "cancelled"),
        (waiting.pk, "invited"),
    ]
    instants = list(Happening.objects.order_by("pk").values_list("at", flat=True))
    assert instants == sorted(instants)


def test_many_rows_of_one_statement_are_many_happenings():
    seats = make.seats(3)
    webhook(seats[0].shift.site.area)
    SignUp.objects.update(status="cancelled")
    assert {target for target, _state, _version in written("sign-ups")} == {seat.pk for seat in seats}


def test_a_shift_when_it_is_open_moved_or_cancelled_and_not_while_it_is_a_draft():
    draft = make.shift(status="draft")
    webhook(draft.site.area)
    Shift.objects.filter(pk=draft.pk).update(starts_at=DAWN - timedelta(minutes=5))
    Shift.objects.filter(pk=draft.pk).update(status="open")
    Shift.objects.filter(pk=draft.pk).update(ends_at=DAWN + timedelta(hours=2), version=7)
    Shift.objects.filter(pk=draft.pk).update(briefing="雨衣")
    Shift.objects.filter(pk=draft.pk).update(status="cancelled")
    assert [(state, version) for _target, state, version in written("shifts")] == [
        ("open", draft.version),
        ("changed", 7),
        ("cancelled", 7),
    ]


def test_calls_and_secondments():
    here, body, person = places.area(), places.organisation(), make.volunteer()
    webhook(here)
    call = make.call(here, status="draft")
    CallUp.objects.filter(pk=call.pk).update(status="open")
    lent = Secondment.objects.create(
        volunteer=person,
        organisation=body,
        area=here,
        period=(NIGHT, DAWN),
        proposed_by=places.user(),
        proposed_at=NIGHT,
        status="proposed",
    )
    Secondment.objects.filter(pk=lent.pk).update(status="approved")
    assert written("call-ups") == [(call.pk, "open", None)]
    assert written("secondments") == [(lent.pk, "proposed", None), (lent.pk, "approved", None)]


def test_every_topic_tells_ids_and_numbers_alone():
    (seat,) = make.seats(1)
    here, body = seat.shift.site.area, places.organisation()
    webhook(here)
    SignUp.objects.update(status="cancelled")
    Shift.objects.update(status="cancelled")
    call = make.call(here)
    lent = Secondment.objects.create(
        volunteer=seat.volunteer,
        organisation=body,
        area=here,
        period=(NIGHT, DAWN),
        proposed_by=places.user(),
        proposed_at=NIGHT,
    )
    zone = places.zone("controlled", compound=places.compound(here), since=NIGHT)
    spread(NIGHT)
    told = {row.topic: (row.area_id, row.data) for row in Happening.objects.order_by("pk")}
    assert told == {
        "sign-ups": (
            here.pk,
            {
                "sign_up": seat.pk,
                "post": seat.post_id,
                "shift": seat.shift_id,
                "call_up": seat.shift.call_up_id,
            },
        ),
        "shifts": (here.pk, {"shift": seat.shift_id, "call_up": seat.shift.call_up_id}),
        "call-ups": (here.pk, {"call_up": call.pk}),
        "secondments": (here.pk, {"secondment": lent.pk, "organisation": body.pk}),
        "zone-statuses": (here.pk, {"zone_status": zone.pk, "level": "controlled", "compound": zone.compound_id}),
    }
    assert set(told) == set(topics())
    assert WebhookDelivery.objects.count() == len(told)


def test_all_topics_are_read_in_one_query_each(queries_of):
    seats = make.seats(3)
    ids = [seat.pk for seat in seats]
    assert {topic: queries_of(lambda: source.about(ids)) for topic, source in SOURCES.items()} == dict.fromkeys(  # noqa: B023
        SOURCES, 1
    )


def test_a_sign_up_takes_no_more_statements_with_a_webhook_than_without():
    post = make.post(seats=9)
    people = [make.volunteer(post.shift.site.compound) for _one in range(3)]
    counts = []
    for person in people:
        with CaptureQueriesContext(connection) as found:
            signups.sign_up(post.pk, person.pk, now=NIGHT)
        counts.append(len(found))
        if len(counts) == 2:
            webhook(post.shift.site.area)
    assert counts[1] == counts[2]
    assert Happening.objects.count() == 1
