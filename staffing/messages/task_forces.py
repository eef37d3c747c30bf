"""What people of a task force are told: a duty they have now, more time that is asked for, and the note they owe."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from communities.messages.kinds import Claimed, Kind
from communities.messages.outbox import Note, post
from communities.messages.rendering import day, joined, lines, named
from communities.models import Grant
from communities.queries.customs import customs_of
from communities.rules.customs import Customs
from communities.states import RoleName
from staffing.messages.texts import opening
from staffing.models import Extension, HandOver, Posting, TaskForce
from staffing.models.taskforces import DUTIES
from staffing.rules.task_forces import NOTE_WITHIN
from staffing.states import Duty, ExtensionStatus

COMMANDS = (RoleName.CITY_COMMAND, RoleName.DISTRICT_LEAD, RoleName.SUBDISTRICT_LEAD)


def posted(posting: Posting, now: datetime) -> None:
    ends = posting.task_force.ends_at
    post([Note("task_force_duty", str(posting.pk), posting.pk, now, reader=posting.user_id, expires_at=ends)])


def extension_asked(asked: Extension, now: datetime) -> None:
    """Those who may agree to it, but for who asks."""
    force = asked.task_force
    grants = Grant.objects.in_force(now).filter(role__in=COMMANDS, area__in=force.area.ancestor_ids)
    readers = sorted(set(grants.values_list("user_id", flat=True)) - {asked.asked_by_id})
    notes = [
        Note("extension_asked", str(asked.pk), asked.pk, now, reader=pk, expires_at=force.ends_at) for pk in readers
    ]
    post(notes)


def extension_answered(asked: Extension, now: datetime) -> None:
    key, until = str(asked.pk), now + NOTE_WITHIN
    post([Note("extension_answered", key, asked.pk, now, reader=asked.asked_by_id, expires_at=until)])


def note_owed(forces: Iterable[TaskForce], now: datetime) -> None:
    """Lead and deputy, once before the end and once after it, as long as neither has left a note since they came."""
    heads = Posting.objects.present().filter(task_force__in=forces, duty__in=[Duty.LEAD, Duty.DEPUTY])
    rows = list(heads.select_related("task_force"))
    noted = set(
        HandOver.objects.filter(task_force__in=[row.task_force_id for row in rows]).values_list("task_force", flat=True)
    )
    post([owed(row, now) for row in rows if row.task_force_id not in noted])


def owed(posting: Posting, now: datetime) -> Note:
    end = posting.task_force.ends_at
    key = f"{posting.task_force_id}:{end.timestamp():.0f}:{'over' if end <= now else 'soon'}"
    return Note("note_owed", key, posting.task_force_id, now, reader=posting.user_id, expires_at=end + NOTE_WITHIN)


@dataclass(frozen=True, slots=True)
class Told:
    """About a task force, to one reader. `words` are what the kind has to say besides."""

    kind: str
    force: tuple[str, str]
    area: tuple[str, str]
    purpose: str
    end: datetime
    pk: int
    customs: Customs
    words: dict[str, Any]


def about(message: Claimed, force: TaskForce, customs: Mapping[int, Customs], **words: Any) -> Told:
    names = (force.name, force.name_en), (force.area.name, force.area.name_en)
    return Told(message.kind, *names, force.purpose, force.ends_at, force.pk, customs[force.area_id], words)


def duties(messages: Sequence[Claimed], now: datetime) -> Mapping[int, Told]:
    rows = Posting.objects.present().filter(pk__in={one.target for one in messages})
    found = rows.select_related("task_force__area").in_bulk()
    customs = customs_of({row.task_force.area_id for row in found.values()})
    return {
        one.id: about(one, row.task_force, customs, duty=row.duty)
        for one in messages
        if (row := found.get(one.target)) and row.task_force.ends_at > now
    }


def extensions(messages: Sequence[Claimed], now: datetime) -> Mapping[int, Told]:
    rows = Extension.objects.filter(pk__in={one.target for one in messages})
    found = rows.select_related("task_force__area", "asked_by").in_bulk()
    customs = customs_of({row.task_force.area_id for row in found.values()})
    return {
        one.id: about(
            one, row.task_force, customs, who=row.asked_by.name, until=row.until, why=row.reason, status=row.status
        )
        for one in messages
        if (row := found.get(one.target)) and (row.status == ExtensionStatus.ASKED) == (one.kind == "extension_asked")
    }


def notes(messages: Sequence[Claimed], now: datetime) -> Mapping[int, Told]:
    """Those that no note has been left about."""
    forces = TaskForce.objects.filter(pk__in={one.target for one in messages}, hand_overs=None)
    found = forces.select_related("area").in_bulk()
    customs = customs_of({row.area_id for row in found.values()})
    return {one.id: about(one, found[one.target], customs) for one in messages if one.target in found}


def moment(instant: datetime, told: Told) -> str:
    local = instant.astimezone(told.customs.zone)
    return joined(day(local), f"{local:%H:%M}")


def headline(told: Told) -> str:
    force = named(*told.force)
    match told.kind:
        case "task_force_duty":
            words = {"force": force, "duty": DUTIES[Duty(told.words["duty"])]}
            return _("your duty in %(force)s is: %(duty)s.") % words
        case "extension_asked":
            until = moment(told.words["until"], told)
            return _("%(who)s asks that %(force)s go on until %(until)s.") % {
                "who": told.words["who"],
                "force": force,
                "until": until,
            }
        case "extension_answered" if told.words["status"] == ExtensionStatus.AGREED:
            until = moment(told.words["until"], told)
            return _("%(force)s goes on until %(until)s.") % {"force": force, "until": until}
        case "extension_answered":
            return _("%(force)s is not to go on for longer.") % {"force": force}
    return _("%(force)s needs your note for those who come after.") % {"force": force}


def subject(told: Told) -> str:
    return opening(told.area, "", headline(told))


def text(told: Told) -> str:
    end = _("Its rights end at %(at)s.") % {"at": moment(told.end, told)}
    why = _("Why: %(reason)s") % {"reason": told.words["why"]} if told.kind == "extension_asked" else ""
    page = "note/" if told.kind == "note_owed" else ""
    link = _("Look: %(link)s") % {"link": f"{settings.PUBLIC_URL}/desk/task-forces/{told.pk}/{page}"}
    return lines([subject(told), why, end if told.kind != "extension_answered" else "", link])


KINDS = (
    Kind("task_force_duty", duties, subject, text),
    Kind("extension_asked", extensions, subject, text),
    Kind("extension_answered", extensions, subject, text),
    Kind("note_owed", notes, subject, text),
)
