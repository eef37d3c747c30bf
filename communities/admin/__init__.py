from communities.admin import (
    accounts,
    areas,
    buildings,
    compounds,
    events,
    grants,
    messages,
    organisations,
    robots,
    sites,
    tokens,
    zones,
)

__all__ = [
    "accounts",
    "areas",
    "buildings",
    "compounds",
    "events",
    "grants",
    "messages",
    "organisations",
    "robots",
    "sites",
    "tokens",
    "zones",
]
