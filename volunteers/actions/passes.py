"""Passes through the fence of a zone: asked for by the community, issued by the district or above, revoked by either."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _
from psycopg.types.range import TimestamptzRange

from communities.actions.zones import Target
from communities.errors import Forbidden, Invalid, Refused
from communities.models import User
from volunteers import signals
from volunteers.models import AccessPass, Volunteer

LONGEST = timedelta(days=31)


@dataclass(frozen=True, slots=True)
class PassPlan:
    """Who may pass which fence, from when to when, and why."""

    volunteer: int
    target: Target
    start: datetime
    end: datetime
    reason: str
    closed_loop: bool = False


def check(plan: PassPlan, now: datetime) -> None:
    errors = {}
    if plan.end <= plan.start:
        errors["end"] = _("The end has to be after the start.")
    elif plan.end <= now:
        errors["end"] = _("This is in the past.")
    elif plan.end - plan.start > LONGEST:
        errors["end"] = _("A pass is for 31 days at most.")
    if not plan.reason.strip():
        errors["reason"] = _("Give a reason; it stays in the history.")
    if errors:
        raise Invalid(**errors)


@transaction.atomic
def ask(plan: PassPlan, *, by: User, now: datetime) -> AccessPass:
    """Ask the district for a pass. Asked again for the same, returns the one that waits. Raises Invalid per field."""
    check(plan, now)
    Volunteer.objects.select_for_update(no_key=True).get(pk=plan.volunteer)
    same = {"volunteer_id": plan.volunteer, **plan.target.columns()}
    period = TimestamptzRange(plan.start, plan.end, "[)")
    if waiting := AccessPass.objects.waiting().filter(**same, period=period).first():
        return waiting
    return AccessPass.objects.create(
        **same,
        period=period,
        reason=plan.reason.strip()[:200],
        closed_loop=plan.closed_loop,
        asked_by=by,
        asked_at=now,
    )


@transaction.atomic
def give(plan: PassPlan, *, by: User, now: datetime) -> AccessPass:
    """Issue a pass that nobody has asked for."""
    asked = ask(plan, by=by, now=now)
    asked.issued_by, asked.issued_at = by, now
    asked.save(update_fields=["issued_by", "issued_at"])
    return asked


@transaction.atomic
def issue(pass_id: int, *, by: User, now: datetime) -> AccessPass:
    """Say yes to what was asked for. Raises Forbidden to the one who asked."""
    found = hold(pass_id)
    if found.issued_at:
        return found
    must_wait(found, by, now)
    found.issued_by, found.issued_at = by, now
    found.save(update_fields=["issued_by", "issued_at"])
    return found


@transaction.atomic
def refuse(pass_id: int, *, by: User, now: datetime) -> AccessPass:
    found = hold(pass_id)
    if found.refused_at:
        return found
    must_wait(found, by, now)
    found.refused_by, found.refused_at = by, now
    found.save(update_fields=["refused_by", "refused_at"])
    return found


@transaction.atomic
def revoke(pass_id: int, *, by: User, now: datetime) -> AccessPass:
    """From now on it opens nothing; the person's future seats are looked at again. Revoked again, it stays so."""
    found = hold(pass_id)
    if found.revoked_at:
        return found
    if not found.issued_at:
        raise Refused("invalid_transition", status=found.state(now))
    found.revoked_by, found.revoked_at = by, now
    found.save(update_fields=["revoked_by", "revoked_at"])
    signals.pass_revoked.send(sender=AccessPass, revoked=found, by=by, now=now)
    return found


def hold(pass_id: int) -> AccessPass:
    """The person first, as everywhere: a sign-up reads their passes under that lock."""
    volunteer = AccessPass.objects.values_list("volunteer_id", flat=True).get(pk=pass_id)
    Volunteer.objects.select_for_update(no_key=True).get(pk=volunteer)
    rows = AccessPass.objects.select_for_update(of=("self",))
    return rows.select_related("area", "compound__community", "volunteer__user").get(pk=pass_id)


def must_wait(found: AccessPass, by: User, now: datetime) -> None:
    if found.issued_at or found.refused_at or found.revoked_at:
        raise Refused("invalid_transition", status=found.state(now))
    if found.asked_by_id == by.pk:
        raise Forbidden("same_person")
