"""What carriers are told of supplies. No household is named, and no door."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.utils.translation import gettext as _

from communities.messages.kinds import Claimed, Context, Contexts, Kind
from communities.messages.outbox import Note, post
from communities.messages.rendering import clock, lines
from communities.queries.customs import customs_of
from staffing.messages.texts import opening
from staffing.models import SupplyRequest
from staffing.models.supplies import SUPPLY_NEEDS
from staffing.states import SUPPLY_HELD, SupplyNeed, SupplyStatus


def changed(found: SupplyRequest, now: datetime) -> None:
    tell("supply_changed", found, now)


def handed(found: SupplyRequest, now: datetime) -> None:
    tell("supply_handed", found, now)


def cancelled(found: SupplyRequest, now: datetime) -> None:
    tell("supply_cancelled", found, now)


def tell(kind: str, found: SupplyRequest, now: datetime) -> None:
    """To whoever brings it, once for each change."""
    if found.carrier:
        key = f"{found.pk}:{found.changes.count()}:{found.claims}"
        post([Note(kind, key, found.pk, now, reader=found.carrier.user_id)])


@dataclass(frozen=True, slots=True, kw_only=True)
class About(Context):
    kind: str
    supply: SupplyRequest


def about(*states: SupplyStatus) -> Contexts:
    def read(messages: Sequence[Claimed], now: datetime) -> Mapping[int, About]:
        found = SupplyRequest.objects.filter(status__in=states).select_related("area")
        rows = found.in_bulk({message.target for message in messages})
        customs = customs_of({row.area_id for row in rows.values()})
        return {
            message.id: About(customs=customs[row.area_id], urgent=True, kind=message.kind, supply=row)
            for message in messages
            if (row := rows.get(message.target))
        }

    return read


def headline(about: About) -> str:
    found = about.supply
    words = {
        "no": found.pk,
        "what": str(SUPPLY_NEEDS[SupplyNeed(found.need)]),
        "n": found.parcels,
        "at": clock(found.due_at, about.customs.zone),
    }
    match about.kind:
        case "supply_handed":
            return _("Please bring no. %(no)s: %(what)s, parcels: %(n)d, by %(at)s.") % words
        case "supply_cancelled":
            return _("No. %(no)s need not be brought any more.") % words
    return _("No. %(no)s has changed. Now: %(what)s, parcels: %(n)d, by %(at)s.") % words


def subject(about: About) -> str:
    area = about.supply.area
    return opening((area.name, area.name_en), "", headline(about))


def text(about: About) -> str:
    return lines([subject(about), f"{settings.PUBLIC_URL}/supplies/"])


KINDS = (
    Kind("supply_handed", about(*SUPPLY_HELD), subject, text, vital=True),
    Kind("supply_changed", about(*SUPPLY_HELD), subject, text, vital=True),
    Kind("supply_cancelled", about(SupplyStatus.CANCELLED), subject, text, vital=True),
)
