"""A community asks a unit for people: answered with the unit's own, and closed when they are enough or by either side."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from psycopg.types.range import TimestamptzRange

from communities.errors import Invalid, Refused
from communities.models import User
from staffing.actions.secondments import Loan, Outcome, check_period, each, propose
from staffing.messages import secondments as told
from staffing.models import Secondment, StaffRequest
from staffing.phrases import field_error
from staffing.queries.secondments import offered


@transaction.atomic
def ask(
    area_id: int, organisation_id: int, role_id: int, people: int, start: datetime, end: datetime, *, by: User, now: datetime
) -> StaffRequest:  # fmt: skip
    """The community asks a unit for people. Asked again for the same, returns the first."""
    check_period(start, end, now)
    if isinstance(people, bool) or not 1 <= people <= 500:
        raise Invalid(people=field_error("seats_out_of_range"))
    asked, new = StaffRequest.objects.get_or_create(
        area_id=area_id,
        organisation_id=organisation_id,
        role_id=role_id,
        period=TimestamptzRange(start, end, "[)"),
        closed_at=None,
        defaults={"people": people, "asked_by": by, "asked_at": now},
    )
    if new:
        told.asked(asked, now)
    return asked


def answer(request_id: int, people: Iterable[int], *, by: User, now: datetime) -> Outcome:
    """Offer these of the unit's people for the time asked, each whole or not at all; with enough of them it is closed.

    Who is not theirs or is lent then stays, with the reasons. Again is no change. Raises Refused("request_closed"),
    and Invalid where its time is over.
    """
    asked = StaffRequest.objects.get(pk=request_id)
    if asked.closed_at:
        raise Refused("request_closed")
    span = asked.period.lower, asked.period.upper

    def offer(person: int) -> Secondment:
        return propose(
            Loan(person, asked.organisation_id, asked.area_id, *span, asked.role_id, asked.pk), by=by, now=now
        )

    outcome = each(sorted(set(people)), offer)
    close_if_enough(request_id, now)
    return outcome


@transaction.atomic
def close_if_enough(request_id: int, now: datetime) -> None:
    asked = hold(request_id)
    if asked.closed_at is None and StaffRequest.objects.filter(pk=asked.pk).aggregate(n=offered())["n"] >= asked.people:
        write(asked, now)


@transaction.atomic
def close(request_id: int, *, now: datetime) -> StaffRequest:
    """By the community that asked, or the unit that cannot help (more). Again is no change."""
    asked = hold(request_id)
    return asked if asked.closed_at else write(asked, now)


def hold(request_id: int) -> StaffRequest:
    return StaffRequest.objects.select_for_update(no_key=True).get(pk=request_id)


def write(asked: StaffRequest, now: datetime) -> StaffRequest:
    asked.closed_at = now
    asked.save(update_fields=["closed_at"])
    return asked
