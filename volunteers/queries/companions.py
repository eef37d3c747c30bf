"""Whom somebody comes with, as the two of them see it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db.models.expressions import RawSQL
from django.http import Http404

from communities.errors import Gone
from communities.messages import links
from communities.messages.links import Purpose
from volunteers.models import Companionship, Volunteer


@dataclass(frozen=True, slots=True)
class Companions:
    """Of one person: those they come with, who asks them, and what they have asked."""

    together: list[tuple[Companionship, Volunteer]]
    asking: list[Companionship]
    asked: list[Companionship]


def companions_of(person: Volunteer, now: datetime) -> Companions:
    """One query."""
    rows = Companionship.objects.shown_to(person.pk, now).select_related("asker__user", "asked__user")
    found = Companions([], [], [])
    for row in rows.order_by("pk"):
        mine = row.asker_id == person.pk
        other = row.asked if mine else row.asker
        if row.together and other:
            found.together.append((row, other))
        else:
            (found.asked if mine else found.asking).append(row)
    return found


def by_link(token: str, now: datetime) -> Companionship:
    """What a one-tap link is about. Raises Gone after its time, Http404 for what is no such link of ours."""
    link = links.opened(token)
    rows = Companionship.objects.select_related("asker__user", "asked__user")
    found = rows.filter(pk=link.id, asked__isnull=False).first()
    if link.purpose is not Purpose.TOGETHER or not found:
        raise Http404
    if now >= link.expires:
        raise Gone("expired")
    return found


def pairs_among(volunteer_ids: Collection[int]) -> list[tuple[int, int]]:
    """Which of these people come together, each pair once, the smaller number first. One query."""
    these = RawSQL("select unnest(%s::bigint[])", [list(volunteer_ids)])
    rows = Companionship.objects.together().filter(asker__in=these, asked__in=these)
    return sorted({(min(pair), max(pair)) for pair in rows.values_list("asker", "asked")})
