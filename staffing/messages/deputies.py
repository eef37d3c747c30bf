"""Who stands in for a lead is told so, and once more when it comes to that; so is the desk."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.utils.translation import gettext as _

from communities.access import May
from communities.messages.kinds import Claimed, Kind
from communities.messages.outbox import Note, post
from communities.messages.rendering import lines, when
from communities.messages.rendering import named as named_in
from communities.models import Grant, User
from communities.queries.customs import customs_of
from communities.queries.rights import roles_with
from communities.rules.customs import Customs
from staffing.messages.texts import opening
from staffing.models import Shift


def named(shift: Shift, now: datetime) -> None:
    """Whoever stands in from now on."""
    post([note("stands_in", shift, shift.deputy_id, now)])


def opened(shifts: Iterable[Shift], now: datetime) -> None:
    """Shifts were drafts when somebody was named on them."""
    post([note("stands_in", shift, shift.deputy_id, now) for shift in shifts if shift.deputy_id])


def moved_on(shift: Shift, gone: int | None, now: datetime) -> None:
    """`gone` is not coming: who is in charge now knows, and so does the desk."""
    if shift.status == "draft":
        return
    heir = [note("in_charge", shift, shift.leader_id, now)] if shift.leader_id and shift.leader_id != gone else []
    told = desk_of(shift, now) - {gone, shift.leader_id}
    post([*heir, *(note("lead_gone", shift, reader, now, gone) for reader in sorted(told))])


def note(kind: str, shift: Shift, reader: int | None, now: datetime, gone: int | None = None) -> Note:
    facts = {"gone": gone} if gone else {}
    return Note(
        kind, f"{shift.pk}:{shift.version}", shift.pk, now, reader=reader, expires_at=shift.ends_at, facts=facts
    )


def desk_of(shift: Shift, now: datetime) -> set[int]:
    """The contact of the call; without one, whoever runs the place."""
    if shift.call_up and shift.call_up.contact_id:
        return {shift.call_up.contact_id}
    grants = Grant.objects.in_force(now).filter(role__in=roles_with(May.RUN), area__in=shift.site.area.ancestor_ids)
    return set(grants.values_list("user_id", flat=True))


@dataclass(frozen=True, slots=True)
class Charge:
    """A shift, for who is in charge of it, stands in, or runs the place. `gone` is not coming; `leader` leads now."""

    kind: str
    area: tuple[str, str]
    site: tuple[str, str]
    start: datetime
    end: datetime
    customs: Customs
    shift: int
    leader: str
    gone: str


def read(messages: Sequence[Claimed], now: datetime) -> Mapping[int, Charge]:
    """Those that are still so, of shifts that are not over."""
    rows = Shift.objects.exclude(status__in=["cancelled", "finished"]).filter(ends_at__gt=now)
    found = rows.select_related("site__area", "leader").in_bulk({one.target for one in messages})
    customs = customs_of({shift.site.area_id for shift in found.values()})
    left = User.objects.in_bulk({one.facts.get("gone") for one in messages} - {None})
    return {
        one.id: about(one, shift, customs[shift.site.area_id], left.get(one.facts.get("gone") or 0))
        for one in messages
        if (shift := found.get(one.target)) and holds(one, shift)
    }


def holds(message: Claimed, shift: Shift) -> bool:
    match message.kind:
        case "stands_in":
            return shift.deputy_id == message.reader
        case "in_charge":
            return shift.leader_id == message.reader
    return True


def about(message: Claimed, shift: Shift, customs: Customs, gone: User | None) -> Charge:
    site, area = shift.site, shift.site.area
    return Charge(
        message.kind,
        (area.name, area.name_en),
        (site.name, site.name_en),
        shift.starts_at,
        shift.ends_at,
        customs,
        shift.pk,
        shift.leader.name if shift.leader else "",
        gone.name if gone else "",
    )


def headline(one: Charge) -> str:
    words = {
        "site": named_in(*one.site),
        "when": when(one.start, one.end, one.customs.zone),
        "leader": one.leader,
        "gone": one.gone or _("the lead"),
    }
    match one.kind:
        case "stands_in" if one.leader:
            return _("you stand in for %(leader)s at %(site)s, %(when)s.") % words
        case "stands_in":
            return _("you stand in for who leads at %(site)s, %(when)s.") % words
        case "in_charge":
            return _("you lead at %(site)s now, %(when)s: %(gone)s is not coming.") % words
        case _other if one.leader:
            return _("%(gone)s is not coming to %(site)s, %(when)s. %(leader)s leads; nobody stands in.") % words
    return _("%(gone)s is not coming to %(site)s, %(when)s. Nobody leads there.") % words


def subject(one: Charge) -> str:
    return opening(one.area, "", headline(one))


def text(one: Charge) -> str:
    place = "desk/shifts" if one.kind == "lead_gone" else "p"
    return lines([subject(one), _("The shift: %(link)s") % {"link": f"{settings.PUBLIC_URL}/{place}/{one.shift}/"}])


KINDS = tuple(Kind(name, read, subject, text, vital=True) for name in ("stands_in", "in_charge", "lead_gone"))
