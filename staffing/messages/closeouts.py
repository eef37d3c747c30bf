"""What people are told before their name goes."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.utils.translation import gettext as _

from communities.messages.kinds import Claimed, Context, Kind
from communities.messages.outbox import Note, post, withdraw
from communities.messages.rendering import day, lines
from communities.queries.customs import customs_of
from staffing.messages.texts import opening
from staffing.models import CloseOut
from staffing.states import CloseOutStatus


def announced(found: CloseOut, readers: Iterable[int], now: datetime) -> None:
    post([Note("closing", str(found.pk), found.pk, now, reader=pk, expires_at=found.purge_at) for pk in readers])


def called_off(found: CloseOut) -> None:
    withdraw(["closing"], [found.pk])


@dataclass(frozen=True, slots=True, kw_only=True)
class Told(Context):
    area: tuple[str, str]
    title: str
    at: datetime


def read(messages: Sequence[Claimed], now: datetime) -> Mapping[int, Told]:
    wanted = CloseOut.objects.filter(pk__in={one.target for one in messages}, status=CloseOutStatus.AGREED)
    rows = wanted.select_related("area").in_bulk()
    customs = customs_of({row.area_id for row in rows.values()})
    return {
        one.id: Told(
            customs=customs[row.area_id], area=(row.area.name, row.area.name_en), title=row.title, at=row.purge_at
        )
        for one in messages
        if (row := rows.get(one.target)) and row.purge_at
    }


def headline(one: Told) -> str:
    when = day(one.at.astimezone(one.customs.zone))
    return _("%(title)s is over. On %(day)s everything here that says who you are is erased.") % {
        "title": one.title,
        "day": when,
    }


def subject(one: Told) -> str:
    return opening(one.area, "", headline(one))


def text(one: Told) -> str:
    link = _("Your data, or to stay on the list: %(link)s") % {"link": f"{settings.PUBLIC_URL}/my/data/"}
    stays = _("Your hours stay, without your name. Certificates can be had until then.")
    return lines([subject(one), stays, link])


KINDS = (Kind("closing", read, subject, text, own_duty=False),)
