"""Outside crews: known by one contact, on call for a site and a time, with a checklist that somebody fills in."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from psycopg.types.range import TimestamptzRange

from communities.errors import Invalid, Refused
from communities.models import Organisation, Site, User
from staffing.locks import patience
from staffing.models import Inspection, OnCall, OutsideCrew
from staffing.phrases import field_error
from staffing.rules.on_call import faults, items
from staffing.states import Trade


@dataclass(frozen=True, slots=True)
class CrewPlan:
    """Who they are and how they are reached. `phone` is E.164 or empty; `checklist` one thing a line."""

    organisation: int
    trade: Trade
    name: str
    contact: str
    phone: str = ""
    checklist: str = ""


@transaction.atomic
def register(area_id: int, plan: CrewPlan, *, by: User) -> OutsideCrew:
    """A crew of the area. Registered again under the same name, returns the first with the new contact."""
    errors = {name: "missing" for name in ("name", "contact") if not getattr(plan, name).strip()}
    if not Organisation.objects.filter(pk=plan.organisation).exists():
        errors["organisation"] = "unknown_organisation"
    if errors:
        raise Invalid(**{name: field_error(code) for name, code in errors.items()})
    told = {"trade": plan.trade, "contact": plan.contact.strip(), "phone": plan.phone, "checklist": plan.checklist}
    made, _new = OutsideCrew.objects.update_or_create(
        area_id=area_id,
        organisation_id=plan.organisation,
        name=plan.name.strip(),
        defaults=told,
        create_defaults=told | {"is_demo": by.is_demo},
    )
    return made


@transaction.atomic
def plan(
    crew_id: int, site_id: int, start: datetime, end: datetime, checklist: Sequence[str] = (), *, by: User, now: datetime
) -> OnCall:  # fmt: skip
    """The crew can be called to the site over [start, end). Without a checklist of its own, the crew's.

    Planned again for the same time and place, returns the first. Raises Invalid per field, Refused where the crew is
    on call elsewhere then.
    """
    crew = OutsideCrew.objects.select_related("area").get(pk=crew_id)
    things = list(checklist) or items(crew.checklist)
    errors = faults(start, end, things, now)
    if not Site.objects.filter(pk=site_id, area__path__startswith=crew.area.path).exists():
        errors["site"] = "unknown_site"
    if errors:
        raise Invalid(**{name: field_error(code) for name, code in errors.items()})
    period = TimestamptzRange(start, end, "[)")
    if there := crew.duties.standing().filter(site=site_id, period=period).first():
        return there
    try:
        with transaction.atomic():
            made = OnCall.objects.create(crew=crew, site_id=site_id, period=period, created_by=by, is_demo=by.is_demo)
    except IntegrityError as error:
        raise Refused("crew_on_call_elsewhere") from error
    Inspection.objects.bulk_create(
        Inspection(on_call=made, position=number, item=item) for number, item in enumerate(things, 1)
    )
    return made


@transaction.atomic
def tick(inspection_id: int, *, fine: bool, finding: str = "", by: User, now: datetime) -> Inspection:
    """Somebody has looked at it: in order or not, and what they found. What is not in order says what.

    Said again in the same words, nothing changes; in other words, the last counts, and the history keeps both.
    """
    finding = finding.strip()[:200]
    if not fine and not finding:
        raise Invalid(finding=field_error("finding_missing"))
    found = hold(inspection_id)
    if found.on_call.cancelled_at:
        raise Refused("on_call_cancelled")
    if found.on_call.period.lower > now:
        raise Refused("on_call_not_begun")
    if (found.fine, found.finding) == (fine, finding):
        return found
    return write(found, fine=fine, finding=finding, done_at=now, done_by=by)


@transaction.atomic
def untick(inspection_id: int, *, by: User, now: datetime) -> Inspection:
    """It has still to be looked at."""
    return write(hold(inspection_id), fine=None, finding="", done_at=None, done_by=None)


def hold(inspection_id: int) -> Inspection:
    with patience():
        rows = Inspection.objects.select_related("on_call")
        return rows.select_for_update(of=("self",), no_key=True).get(pk=inspection_id)


def write(found: Inspection, **fields: Any) -> Inspection:
    for name, value in fields.items():
        setattr(found, name, value)
    found.save(update_fields=list(fields))
    return found


@transaction.atomic
def cancel(on_call_id: int, *, by: User, now: datetime, reason: str) -> OnCall:
    """The crew need not stand by; another may for that time. Cancelled again, as it is."""
    if not reason.strip():
        raise Invalid(reason=field_error("reason_missing"))
    with patience():
        found = OnCall.objects.select_for_update(no_key=True).get(pk=on_call_id)
    if not found.cancelled_at:
        found.cancelled_at, found.reason = now, reason.strip()[:200]
        found.save(update_fields=["cancelled_at", "reason"])
    return found
