"""What people, leads and units are told of a secondment. Nothing is said of anybody's reasons."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from communities.messages import links
from communities.messages.kinds import Claimed, Contexts, Kind
from communities.messages.links import Purpose
from communities.messages.outbox import Note, acknowledge, post, withdraw
from communities.messages.rendering import day, lines, named, when
from communities.models import Grant, Organisation
from communities.queries.customs import customs_of
from communities.rules.customs import Customs
from communities.rules.names import first_name
from communities.states import RoleName
from staffing.messages.texts import opening
from staffing.models import Secondment, SignUp, StaffRequest
from staffing.queries.swaps import leads_of
from staffing.states import SecondmentStatus as S

KEPT = timedelta(days=2)
TO_ANSWER = {S.ACCEPTED}
OVER = {S.ENDED, S.RECALLED, S.REJECTED, S.WITHDRAWN}
GONE = OVER | {S.ACCEPTED, S.ACKNOWLEDGED, S.ACTIVE}  # or going: called back from a coming day on


def note(
    kind: str, found: Secondment, reader: int, now: datetime, expires: datetime, key: str = "", **facts: Any
) -> Note:
    return Note(kind, f"{found.pk}:{key}", found.pk, now, reader=reader, expires_at=expires, facts=facts)


def accepted(found: Secondment, now: datetime) -> None:
    """The person is asked to agree, by a link that needs no account; who agreed before is told that it is settled."""
    post([note("seconded", found, found.volunteer.user_id, now, found.period.upper, found.status)])


def answered(found: Secondment) -> None:
    acknowledge(["seconded"], [found.pk])
    withdraw(["seconded"], [found.pk])


def reported(found: Secondment, now: datetime) -> None:
    """The officers of the unit hear that somebody has reported in."""
    readers = sorted(set(officers_of(found.organisation, now)) - {found.volunteer.user_id})
    post([note("reported_in", found, pk, now, found.confirm_by or found.period.upper) for pk in readers])


def officers_of(unit: Organisation, now: datetime) -> list[int]:
    """The accounts that lend for the unit."""
    above = [int(part) for part in unit.path.split("/") if part]
    officers = Grant.objects.in_force(now).filter(role=RoleName.ORG_HR, organisation__in=above)
    return sorted(set(officers.values_list("user", flat=True)))


def asked(found: StaffRequest, now: datetime) -> None:
    """The officers of the unit hear that a community asks for people."""
    key, until = str(found.pk), found.period.upper
    readers = officers_of(found.organisation, now)
    post([Note("staff_asked", key, found.pk, now, reader=pk, expires_at=until) for pk in readers])


def over(gone: Iterable[Secondment], now: datetime) -> None:
    """Each person; again if they are to go sooner than they were told."""
    gone, key = list(gone), f"over {now.isoformat()}"
    withdraw(["seconded", "secondment_over"], [found.pk for found in gone])
    post([note("secondment_over", found, found.volunteer.user_id, now, now + KEPT, key) for found in gone])


def leaving(found: Secondment, opened: Sequence[SignUp], at: datetime, now: datetime) -> None:
    """The person, and the leads of the community with the number of seats to cover."""
    over([found], now)
    facts = {"seats": len(opened), "at": at.isoformat()}
    leads = leads_of([found.area], now)
    post([note("staff_leaving", found, pk, now, now + KEPT, now.isoformat(), **facts) for pk in leads])


@dataclass(frozen=True, slots=True)
class Told:
    """A secondment to one of its readers. Names are (Chinese, English)."""

    kind: str
    id: int
    status: str
    name: str
    unit: tuple[str, str]
    area: tuple[str, str]
    role: tuple[str, str]
    start: datetime
    end: datetime
    seats: int
    customs: Customs

    @property
    def days(self) -> str:
        """The first and the last: 12月1日（周二）–12月14日（周一）; to the minute if it ends within a day, as by a recall."""
        first, end = self.start.astimezone(self.customs.zone), self.end.astimezone(self.customs.zone)
        if end.time() != time():
            return when(self.start, self.end, self.customs.zone)
        return f"{day(first)}–{day(end - timedelta(microseconds=1))}"


def told(*states: S) -> Contexts:
    """Messages whose secondment is in one of these states."""

    def read(messages: Sequence[Claimed], now: datetime) -> Mapping[int, Told]:
        rows = Secondment.objects.filter(pk__in={one.target for one in messages}, status__in=states)
        found = rows.select_related("volunteer__user", "organisation", "area", "role").in_bulk()
        customs = customs_of({row.area_id for row in found.values()})
        return {one.id: about(one, row, customs[row.area_id]) for one in messages if (row := found.get(one.target))}

    return read


def requests(messages: Sequence[Claimed], now: datetime) -> Mapping[int, Told]:
    """Those that are still open."""
    rows = StaffRequest.objects.filter(pk__in={one.target for one in messages}, closed_at=None)
    found = rows.select_related("organisation", "area", "role").in_bulk()
    customs = customs_of({row.area_id for row in found.values()})
    return {one.id: about_request(one, row, customs[row.area_id]) for one in messages if (row := found.get(one.target))}


def about_request(message: Claimed, row: StaffRequest, customs: Customs) -> Told:
    return Told(
        kind=message.kind,
        id=row.pk,
        status="",
        name="",
        unit=(row.organisation.name, row.organisation.name_en),
        area=(row.area.name, row.area.name_en),
        role=(row.role.name, row.role.name_en),
        start=row.period.lower,
        end=row.period.upper,
        seats=row.people,
        customs=customs,
    )


def about(message: Claimed, row: Secondment, customs: Customs) -> Told:
    return Told(
        kind=message.kind,
        id=row.pk,
        status=row.status,
        name=first_name(row.volunteer.user.name),
        unit=(row.organisation.name, row.organisation.name_en),
        area=(row.area.name, row.area.name_en),
        role=(row.role.name, row.role.name_en) if row.role else ("", ""),
        start=row.period.lower,
        end=row.period.upper,
        seats=int(message.facts.get("seats", 0)),
        customs=customs,
    )


def headline(one: Told) -> str:
    words = {"name": one.name, "unit": named(*one.unit), "role": named(*one.role)}
    match one.kind:
        case "seconded" if one.status == S.ACCEPTED:
            return _("%(unit)s lends you to us as %(role)s. Do you agree?") % words
        case "seconded":
            return _("you are received as %(role)s.") % words
        case "reported_in":
            return _("%(name)s has reported in with us. Is that one of your people?") % words
        case "staff_asked":
            people = ngettext("%(n)d person", "%(n)d people", one.seats) % {"n": one.seats}
            return _("we ask %(unit)s for %(people)s as %(role)s.") % (words | {"people": people})
        case "staff_leaving":
            seats = ngettext("%(n)d seat to cover", "%(n)d seats to cover", one.seats) % {"n": one.seats}
            return _("%(name)s goes back to %(unit)s.") % words + " " + seats
    return _("your secondment is over.") if one.status in OVER else _("your unit calls you back.")


def subject(one: Told) -> str:
    return opening(one.area, "", headline(one))


def text(one: Told) -> str:
    name = one.name if one.kind in {"seconded", "secondment_over"} else ""
    return lines([opening(one.area, name, headline(one)), one.days, way_on(one)])


def way_on(one: Told) -> str:
    match one.kind:
        case "seconded" if one.status == S.ACCEPTED:
            link = links.make(Purpose.SECONDMENT, one.id, one.end)
            return _("Answer: %(link)s") % {"link": f"{settings.PUBLIC_URL}/d/{link}/"}
        case "reported_in":
            return _("Confirm: %(link)s") % {"link": f"{settings.PUBLIC_URL}/desk/lent/"}
        case "staff_asked":
            return _("More: %(link)s") % {"link": f"{settings.PUBLIC_URL}/desk/lent/?tab=new"}
        case "staff_leaving":
            return _("The desk: %(link)s") % {"link": f"{settings.PUBLIC_URL}/desk/secondments/?tab=back"}
    return _("Your shifts: %(link)s") % {"link": f"{settings.PUBLIC_URL}/my/"}


KINDS = (
    Kind("seconded", told(S.ACCEPTED, S.ACKNOWLEDGED, S.ACTIVE), subject, text),
    Kind("reported_in", told(S.PROPOSED, S.ACCEPTED, S.ACKNOWLEDGED, S.ACTIVE), subject, text),
    Kind("secondment_over", told(*GONE), subject, text, vital=True),
    Kind("staff_leaving", told(*GONE), subject, text),
    Kind("staff_asked", requests, subject, text),
)
