"""What other systems can be told of. A package registers its topics; spreading and delivery know nothing else about them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from communities.models import Happening, Webhook, ZoneStatus
from communities.rules.webhooks import kind_of


@dataclass(frozen=True, slots=True)
class About:
    """Where something has happened, and the ids and numbers that say to what. Nothing personal."""

    area: int
    path: str
    data: Mapping[str, Any]


type Reading = Callable[[Sequence[int]], Mapping[int, About]]


@dataclass(frozen=True, slots=True)
class Source:
    """`topic` is the noun of the API, `noun` the same of one. `about` reads any number of objects in one query."""

    topic: str
    noun: str
    label: Any
    about: Reading


SOURCES: dict[str, Source] = {}
PING = "webhooks"


def register(*sources: Source) -> None:
    for source in sources:
        SOURCES[source.topic] = source


def topics() -> list[str]:
    """Those that can be asked for."""
    return [topic for topic in SOURCES if topic != PING]


def type_of(happening: Happening) -> str:
    """What receivers read as its type: sign-up.confirmed"""
    return kind_of(SOURCES[happening.topic].noun, happening.state)


def address(topic: str, target: int) -> str:
    return f"{settings.PUBLIC_URL}/api/v1/{topic}/{target}/"


def zones(ids: Sequence[int]) -> Mapping[int, About]:
    rows = ZoneStatus.objects.filter(pk__in=ids).values(
        "id",
        "level",
        "compound",
        "area",
        "area__path",
        home=F("compound__community"),
        path=F("compound__community__path"),
    )
    return {
        row["id"]: About(
            row["home"] or row["area"],
            row["path"] or row["area__path"],
            {"zone_status": row["id"], "level": row["level"], "compound": row["compound"]},
        )
        for row in rows
    }


def pings(ids: Sequence[int]) -> Mapping[int, About]:
    rows = Webhook.objects.filter(pk__in=ids).values("id", "area", "area__path")
    return {row["id"]: About(row["area"], row["area__path"], {"webhook": row["id"]}) for row in rows}


register(
    Source("zone-statuses", "zone-status", _("zone statuses"), zones),
    Source(PING, "webhook", _("tests of the webhook"), pings),
)
