"""The customs of areas, each setting from the nearest ancestor that sets it."""

from collections.abc import Iterable, Mapping
from zoneinfo import ZoneInfo

from communities.models import Area
from communities.models.areas import DEFAULT_EVENING, DEFAULT_LEADS, DEFAULT_QUIET, DEFAULT_ZONE
from communities.rules.customs import Customs

DEFAULTS = {
    "time_zone": DEFAULT_ZONE.key,
    "reminder_leads": DEFAULT_LEADS,
    "evening_before": DEFAULT_EVENING,
    "quiet_from": DEFAULT_QUIET[0],
    "quiet_to": DEFAULT_QUIET[1],
}


def customs_of(area_ids: Iterable[int]) -> dict[int, Customs]:
    """Two queries for any number of areas. An empty list of leads is a choice too: no reminders."""
    return customs_in(Area.objects.filter(pk__in=set(area_ids)).only("path"))


def customs_in(areas: Iterable[Area]) -> dict[int, Customs]:
    """Of areas at hand; one query."""
    lines = [tuple(area.ancestor_ids) for area in areas]
    rows = Area.objects.filter(pk__in={pk for line in lines for pk in line}).values("pk", *DEFAULTS)
    settings = {row["pk"]: row for row in rows}
    return {line[-1]: customs([settings[pk] for pk in line]) for line in lines}


def customs(line: Iterable[Mapping[str, object]]) -> Customs:
    """Of the areas from the root down, the last one that says something about a setting counts."""
    said: dict[str, object] = dict(DEFAULTS)
    for row in line:
        said |= {name: row[name] for name in DEFAULTS if row[name] is not None and row[name] != ""}
    return Customs(
        zone=ZoneInfo(str(said["time_zone"])),
        leads=tuple(said["reminder_leads"]),  # type: ignore[arg-type]
        evening=said["evening_before"],  # type: ignore[arg-type]
        quiet_from=said["quiet_from"],  # type: ignore[arg-type]
        quiet_to=said["quiet_to"],  # type: ignore[arg-type]
    )
