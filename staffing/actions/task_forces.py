"""Task forces: founded, staffed, handed on, extended by two people, ended. Their rights are grants that end with them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from psycopg.types.range import TimestamptzRange

from communities.access import May, area_paths
from communities.actions import grants
from communities.errors import Forbidden, Invalid, Refused
from communities.models import Area, Grant, User
from staffing.access import task_forces_founded_by, task_forces_led_by
from staffing.actions.hand_overs import leave
from staffing.locks import patience
from staffing.messages import task_forces as told
from staffing.models import Extension, HandOver, Posting, TaskForce
from staffing.phrases import field_error
from staffing.rules import task_forces as rules
from staffing.rules.task_forces import HEADS, REMIND_BEFORE, RIGHTS, Above
from staffing.states import Duty, ExtensionStatus

INSTANT = timedelta(microseconds=1)  # a range of no length at all has no end


@dataclass(frozen=True, slots=True)
class ForcePlan:
    """What for, over which area, until when; as part of which."""

    area: int
    name: str
    purpose: str
    ends_at: datetime
    name_en: str = ""
    parent: int | None = None


@transaction.atomic
def found(plan: ForcePlan, *, by: User, now: datetime) -> TaskForce:
    """From now on. Founded again of the same name and end, returns the first.

    Raises Invalid per field, or Refused with every reason.
    """
    for name in ("name", "purpose"):
        if not getattr(plan, name).strip():
            raise Invalid(**{name: field_error("missing")})
    parent = hold(plan.parent) if plan.parent else None
    with patience():
        area = Area.objects.select_for_update(no_key=True).get(pk=plan.area)
    if there := same(plan, parent, now):
        return there
    if reasons := rules.against_founding(area.path, now, plan.ends_at, above(parent), may=may_found(by, area, parent)):
        raise Refused(reasons)
    made: TaskForce = TaskForce.objects.create(
        area=area,
        parent=parent,
        name=plan.name.strip()[:120],
        name_en=plan.name_en.strip()[:120],
        purpose=plan.purpose.strip()[:200],
        period=TimestamptzRange(now, plan.ends_at, "[)"),
        founded_by=by,
        founded_at=now,
        is_demo=by.is_demo,
    )
    return made


def same(plan: ForcePlan, parent: TaskForce | None, now: datetime) -> TaskForce | None:
    going = TaskForce.objects.going(now).filter(area=plan.area, parent=parent, name=plan.name.strip())
    there: TaskForce | None = going.first()
    return there


def may_found(by: User, area: Area, parent: TaskForce | None) -> bool:
    """Who commands the area; and who leads the one it is part of."""
    commands = any(area.path.startswith(path) for path in area_paths(by, May.COMMAND))
    return commands or bool(parent and task_forces_led_by(by).filter(pk=parent.pk).exists())


def above(parent: TaskForce | None) -> Above | None:
    return Above(parent.area.path, parent.ends_at) if parent else None


def hold(task_force_id: int) -> TaskForce:
    with patience():
        rows = TaskForce.objects.select_related("area", "parent__area")
        force: TaskForce = rows.select_for_update(of=("self",), no_key=True).get(pk=task_force_id)
    return force


def hold_going(task_force_id: int, now: datetime) -> TaskForce:
    force = hold(task_force_id)
    if force.ends_at <= now:
        raise Refused("task_force_over")
    return force


@transaction.atomic
def appoint(task_force_id: int, user_id: int, duty: Duty, *, by: User, now: datetime, anyway: bool = False) -> Posting:
    """Give somebody a duty, and the rights of it until the end. Given again, returns what there is.

    The lead is named by who commands the area or leads the one above; a new lead takes over when the one before has
    left a note, or `anyway`. Raises Forbidden to those who mean themselves.
    """
    force = hold_going(task_force_id, now)
    if user_id == by.pk:
        raise Forbidden("same_person")
    there = force.postings.present().filter(user=user_id).first()
    if there and there.duty == duty:
        return there
    if duty == Duty.LEAD:
        may_name_lead(by, force)
        relieve(force, now, anyway=anyway)
    elif duty in HEADS and force.postings.present().filter(duty=duty).exists():
        raise Refused("duty_taken")
    if there:
        dismiss(there, now)
    return enter(force, user_id, duty, by, now)


def may_name_lead(by: User, force: TaskForce) -> None:
    founders = task_forces_founded_by(by).filter(pk=force.pk)
    leads_above = force.parent_id and task_forces_led_by(by).filter(pk=force.parent_id).exists()
    if not leads_above and not founders.exists():
        raise Forbidden


def relieve(force: TaskForce, now: datetime, *, anyway: bool) -> None:
    """The lead there is, if any, gives the duty up. Raises Refused while their note is missing."""
    lead = force.postings.present().filter(duty=Duty.LEAD).first()
    noted = HandOver.objects.filter(task_force=force, written_by=lead.user_id if lead else None).first()
    since = lead.joined_at if lead else None
    if reasons := rules.against_handing_over(since, noted.written_at if noted else None, anyway=anyway):
        raise Refused(reasons)
    if lead:
        dismiss(lead, now)


def enter(force: TaskForce, user_id: int, duty: Duty, by: User, now: datetime) -> Posting:
    grant = Grant.objects.create(
        user_id=user_id, role=RIGHTS[duty], area=force.area, starts_at=now, ends_at=force.ends_at, given_by=by
    )
    try:
        with transaction.atomic():
            made = Posting.objects.create(
                task_force=force, user_id=user_id, duty=duty, grant=grant, given_by=by, joined_at=now
            )
    except IntegrityError as error:
        raise Refused("duty_taken") from error
    told.posted(made, now)
    return made


def dismiss(posting: Posting, now: datetime) -> Posting:
    grants.end(posting.grant_id, by=posting.given_by, now=now)
    posting.left_at = now
    posting.save(update_fields=["left_at"])
    return posting


@transaction.atomic
def release(posting_id: int, *, by: User, now: datetime) -> Posting:
    """Somebody gives up a duty, or is relieved of it; the rights are gone with the next request. Again: as it is."""
    hold(Posting.objects.values_list("task_force", flat=True).get(pk=posting_id))
    posting = Posting.objects.select_related("task_force__area").get(pk=posting_id)
    if posting.left_at or posting.task_force.ends_at <= now:
        return posting
    if posting.duty == Duty.LEAD and posting.user_id != by.pk:
        may_name_lead(by, posting.task_force)
    return dismiss(posting, now)


@transaction.atomic
def end(task_force_id: int, note: str, *, by: User, now: datetime) -> TaskForce:
    """It is over now, with all below it, and so are all rights in them; the note says what is left to do.

    Ended again, returns it as it is. Raises Invalid(text=…) without a note.
    """
    force = hold(task_force_id)
    if force.ends_at <= now:
        return force
    leave(note, by=by, now=now, task_force=force)
    for one in below(force, now):
        shorten(one, now)
    force.refresh_from_db()
    return force


def below(force: TaskForce, now: datetime) -> Iterable[TaskForce]:
    """It and its parts that still go on, held in their order."""
    with patience():
        rows = TaskForce.objects.under(force).going(now).order_by("pk")
        return list(rows.select_for_update(of=("self",), no_key=True))


def shorten(force: TaskForce, now: datetime) -> None:
    for posting in force.postings.present().select_related("given_by"):
        dismiss(posting, now)
    set_end(force, max(now, force.period.lower + INSTANT))


def set_end(force: TaskForce, end: datetime) -> None:
    force.period = TimestamptzRange(force.period.lower, end, "[)")
    force.save(update_fields=["period"])


@transaction.atomic
def ask_extension(task_force_id: int, until: datetime, reason: str, *, by: User, now: datetime) -> Extension:
    """Ask that it go on until later. Asked again while one waits, returns that one.

    Raises Invalid(reason=…), or Refused with every reason.
    """
    force = hold(task_force_id)
    if not reason.strip():
        raise Invalid(reason=field_error("reason_missing"))
    if waiting := force.extensions.filter(status=ExtensionStatus.ASKED).first():
        return waiting
    if reasons := rules.against_extending(force.ends_at, until, above(force.parent), now):
        raise Refused(reasons)
    made = Extension.objects.create(
        task_force=force, until=until, reason=reason.strip()[:200], asked_by=by, asked_at=now
    )
    told.extension_asked(made, now)
    return made


@transaction.atomic
def answer_extension(extension_id: int, *, yes: bool, by: User, now: datetime) -> Extension:
    """A second person says yes or no. With the yes, the rights of all who are in it go on too.

    Answered again the same way, returns it as it is. Raises Forbidden to who asked for it.
    """
    hold(Extension.objects.values_list("task_force", flat=True).get(pk=extension_id))
    asked = Extension.objects.select_related("task_force__area", "task_force__parent__area").get(pk=extension_id)
    status = ExtensionStatus.AGREED if yes else ExtensionStatus.REFUSED
    if asked.status == status:
        return asked
    if asked.status != ExtensionStatus.ASKED:
        raise Refused("extension_answered")
    if asked.asked_by_id == by.pk:
        raise Forbidden("same_person")
    force = asked.task_force
    if yes:
        if reasons := rules.against_extending(force.ends_at, asked.until, above(force.parent), now):
            raise Refused(reasons)
        prolong(force, asked.until, now)
    asked.status, asked.answered_by, asked.answered_at = status, by, now
    asked.save(update_fields=["status", "answered_by", "answered_at"])
    told.extension_answered(asked, now)
    return asked


def prolong(force: TaskForce, until: datetime, now: datetime) -> None:
    """Whose rights have ended meanwhile gets none back."""
    Grant.objects.in_force(now).filter(posting__task_force=force, posting__left_at=None).update(ends_at=until)
    set_end(force, until)


def remind(now: datetime) -> None:
    """A day before the end, and once it is over, its lead and deputy are asked for the note they owe."""
    ending = TaskForce.objects.filter(period__endswith__gt=now, period__endswith__lte=now + REMIND_BEFORE)
    told.note_owed(ending.going(now), now)
    over = TaskForce.objects.filter(period__endswith__lte=now, period__endswith__gt=now - rules.NOTE_WITHIN)
    told.note_owed(over, now)
