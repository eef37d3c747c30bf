"""Those who run a place are told once that a stock is low, until somebody counts it anew."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import F
from django.utils.translation import gettext as _

from communities.access import May
from communities.messages.kinds import Claimed, Kind
from communities.messages.outbox import Note, post
from communities.messages.rendering import lines, named
from communities.models import Grant
from communities.queries.rights import roles_with
from staffing.messages.texts import opening
from staffing.models import Equipment

STANDS = timedelta(days=2)


def low(thing: Equipment, now: datetime) -> None:
    grants = Grant.objects.in_force(now).filter(role__in=roles_with(May.RUN), area__in=thing.area.ancestor_ids)
    key, until = f"{thing.pk}:{thing.counts}", now + STANDS
    readers = sorted(set(grants.values_list("user_id", flat=True)))
    post([Note("stock_low", key, thing.pk, now, reader=pk, expires_at=until) for pk in readers])


@dataclass(frozen=True, slots=True)
class Low:
    """A thing of which little is left."""

    area: tuple[str, str]
    thing: tuple[str, str]
    left: int
    area_id: int


def read(messages: Sequence[Claimed], now: datetime) -> Mapping[int, Low]:
    """Those that are still low."""
    rows = Equipment.objects.listed().filter(stock__lte=F("low")).select_related("area")
    found = rows.in_bulk({one.target for one in messages})
    return {one.id: about(found[one.target]) for one in messages if one.target in found}


def about(thing: Equipment) -> Low:
    area = thing.area
    return Low((area.name, area.name_en), (thing.name, thing.name_en), thing.stock or 0, area.pk)


def subject(one: Low) -> str:
    words = {"thing": named(*one.thing), "left": one.left}
    return opening(one.area, "", _("running low: %(thing)s. Left: %(left)d.") % words)


def text(one: Low) -> str:
    link = f"{settings.PUBLIC_URL}/desk/equipment/?area={one.area_id}"
    return lines([subject(one), _("The list of things: %(link)s") % {"link": link}])


KINDS = (Kind("stock_low", read, subject, text),)
