"""Names that an organisation owes: whoever answers for it is reminded before they are due, by a link of their own."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from communities.messages import links
from communities.messages.kinds import Claimed, Kind
from communities.messages.links import Purpose
from communities.messages.outbox import Note, post
from communities.messages.rendering import clock, lines
from communities.models import Grant, Message
from communities.states import RoleName
from staffing.messages.texts import opening, where_and_when
from staffing.models import Pledge
from staffing.queries.notices import Duty, duties_of
from staffing.states import PledgeStatus

OFFICERS = (RoleName.ORG_HR, RoleName.AGENCY_LEAD)


def owed(pledges: Iterable[Pledge], now: datetime) -> None:
    """The officers of the organisation and of those above it, once for each time the names are due."""
    post([note(pledge, reader, now) for pledge in pledges for reader in officers_of(pledge, now)])


def asked_again(pledge: Pledge, now: datetime) -> int:
    """The same officers, because somebody wants it now; how many there are."""
    readers = officers_of(pledge, now)
    post([note(pledge, reader, now, f":{now.timestamp():.0f}") for reader in readers])
    return len(readers)


def reminded_since(pledge: Pledge, since: datetime) -> bool:
    told = Message.objects.filter(kind="names_owed", target=pledge.pk, due_at__gt=since)
    return told.exists()


def note(pledge: Pledge, reader: int, now: datetime, again: str = "") -> Note:
    key = f"{pledge.pk}:{pledge.due_at.timestamp():.0f}{again}"
    return Note("names_owed", key, pledge.pk, now, reader=reader, expires_at=pledge.due_at)


def officers_of(pledge: Pledge, now: datetime) -> list[int]:
    above = [int(part) for part in pledge.organisation.path.split("/") if part]
    grants = Grant.objects.in_force(now).filter(role__in=OFFICERS, organisation__in=above)
    return sorted(set(grants.values_list("user", flat=True)))


@dataclass(frozen=True, slots=True)
class Owed:
    """A promise as it stands now, to one of those who answer for it."""

    message: int
    names: int
    due: datetime
    duty: Duty


def read(messages: Sequence[Claimed], now: datetime) -> Mapping[int, Owed]:
    """Those that still owe names."""
    rows = Pledge.objects.filter(pk__in={one.target for one in messages}, status=PledgeStatus.OPEN, due_at__gt=now)
    found = {row.pk: row for row in rows if row.owed}
    duties = duties_of({row.post_id for row in found.values()})
    return {
        one.id: Owed(one.id, row.owed, row.due_at, duties[row.post_id])
        for one in messages
        if (row := found.get(one.target))
    }


def headline(one: Owed) -> str:
    words = {"n": one.names, "due": clock(one.due, one.duty.customs.zone)}
    return (
        ngettext(
            "%(n)d name is still missing. It is due at %(due)s.",
            "%(n)d names are still missing. They are due at %(due)s.",
            one.names,
        )
        % words
    )


def subject(one: Owed) -> str:
    return opening(one.duty.community, "", headline(one))


def text(one: Owed) -> str:
    link = f"{settings.PUBLIC_URL}/l/{links.make(Purpose.PLEDGE, one.message, one.due)}/"
    return lines([subject(one), where_and_when(one.duty), _("Give the names: %(link)s") % {"link": link}])


KINDS = (Kind("names_owed", read, subject, text),)
