"""When the digest of an evening leaves: what is not urgent is told once a day (domain.md 5.5)."""

from datetime import datetime, timedelta

from communities.rules.customs import Customs


def next_evening(now: datetime, customs: Customs) -> datetime:
    """The next evening hour of the area that is not before now; in the morning where that falls into quiet hours."""
    local = now.astimezone(customs.zone)
    evening = datetime.combine(local.date(), customs.evening, tzinfo=customs.zone)
    if evening < local:
        evening = datetime.combine(local.date() + timedelta(days=1), customs.evening, tzinfo=customs.zone)
    return customs.next_loud(evening)
