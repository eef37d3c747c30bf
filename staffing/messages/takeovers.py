"""What the leads of a community are told when somebody above runs their board, and when they have it alone again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.utils.translation import gettext as _

from communities.messages.kinds import Claimed, Kind
from communities.messages.outbox import Note, post
from communities.messages.rendering import clock, lines
from communities.queries.customs import customs_of
from communities.rules.customs import Customs
from staffing.messages.texts import opening
from staffing.models import Takeover
from staffing.queries.swaps import leads_of

KEPT = timedelta(hours=12)


def taken(found: Takeover, now: datetime) -> None:
    tell("board_taken", found, now, found.period.upper)


def returned(found: Takeover, now: datetime) -> None:
    tell("board_returned", found, now, now + KEPT)


def tell(kind: str, found: Takeover, now: datetime, expires: datetime) -> None:
    readers = set(leads_of([found.area], now)) - {found.user_id}
    post([Note(kind, str(found.pk), found.pk, now, reader=pk, expires_at=expires) for pk in sorted(readers)])


@dataclass(frozen=True, slots=True)
class Told:
    """A takeover to one of the community's leads."""

    kind: str
    who: str
    area: tuple[str, str]
    reason: str
    end: datetime
    customs: Customs


def read(messages: Sequence[Claimed], now: datetime) -> Mapping[int, Told]:
    rows = Takeover.objects.filter(pk__in={one.target for one in messages}).select_related("area", "user").in_bulk()
    customs = customs_of({row.area_id for row in rows.values()})
    return {one.id: about(one, row, customs[row.area_id]) for one in messages if (row := rows.get(one.target))}


def about(message: Claimed, row: Takeover, customs: Customs) -> Told:
    area = (row.area.name, row.area.name_en)
    return Told(message.kind, row.user.name, area, row.reason, row.period.upper, customs)


def headline(one: Told) -> str:
    if one.kind == "board_returned":
        return _("%(who)s has given your board back.") % {"who": one.who}
    words = {"who": one.who, "at": clock(one.end, one.customs.zone)}
    return _("%(who)s runs your board beside you until %(at)s.") % words


def subject(one: Told) -> str:
    return opening(one.area, "", headline(one))


def text(one: Told) -> str:
    why = _("Why: %(reason)s") % {"reason": one.reason} if one.kind == "board_taken" else ""
    link = _("The desk: %(link)s") % {"link": f"{settings.PUBLIC_URL}/desk/"}
    return lines([subject(one), why, link])


KINDS = (Kind("board_taken", read, subject, text), Kind("board_returned", read, subject, text))
