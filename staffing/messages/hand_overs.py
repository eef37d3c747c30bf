"""Who leads the next shift at a site is told that the one before has left a note. What it says stays on the page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.utils.translation import gettext as _

from communities.messages.kinds import Claimed, Kind
from communities.messages.outbox import Note, post
from communities.messages.rendering import lines, named
from staffing.messages.texts import opening
from staffing.models import HandOver, Shift
from staffing.queries.hand_overs import next_of


def left(note: HandOver, now: datetime) -> None:
    following = next_of(note.shift) if note.shift else None
    if following and following.leader_id and following.leader_id != note.written_by_id:
        post(
            [Note("handed_over", str(note.pk), note.pk, now, reader=following.leader_id, expires_at=following.ends_at)]
        )


@dataclass(frozen=True, slots=True)
class Left:
    """A note that waits to be taken over, to who leads next."""

    area: tuple[str, str]
    site: tuple[str, str]
    who: str
    shift: int


def read(messages: Sequence[Claimed], now: datetime) -> Mapping[int, Left]:
    rows = HandOver.objects.filter(pk__in={one.target for one in messages}, read_at=None, shift__isnull=False)
    found = rows.select_related("shift__site__area", "written_by").in_bulk()
    return {one.id: about(note, note.shift) for one in messages if (note := found.get(one.target)) and note.shift}


def about(note: HandOver, shift: Shift) -> Left:
    site = shift.site
    following = next_of(shift) or shift
    area = (site.area.name, site.area.name_en)
    return Left(area, (site.name, site.name_en), note.written_by.name, following.pk)


def subject(one: Left) -> str:
    words = {"who": one.who, "site": named(*one.site)}
    return opening(one.area, "", _("%(who)s has left you a note at %(site)s.") % words)


def text(one: Left) -> str:
    link = f"{settings.PUBLIC_URL}/p/{one.shift}/hand-over/"
    return lines([subject(one), _("Read it and take over: %(link)s") % {"link": link}])


KINDS = (Kind("handed_over", read, subject, text),)
