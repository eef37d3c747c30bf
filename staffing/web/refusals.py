"""Why not, for a person: the sentences, and what is possible instead."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from communities.errors import Refusal
from communities.models import User
from communities.phrases import say
from staffing.models import Role
from staffing.queries.call_pages import Block, OpenCall
from staffing.queries.facts import gather_all
from staffing.rules.signups import refusals
from volunteers.models import Qualification, Volunteer

SHOWN = 3


def why_not(found: Sequence[Refusal]) -> list[str]:
    """One sentence each, with qualifications by their names."""
    slugs = {str(refusal.facts["qualification"]) for refusal in found if "qualification" in refusal.facts}
    names = {row.slug: str(row) for row in Qualification.objects.filter(slug__in=slugs)} if slugs else {}
    return [say(named(refusal, names)) for refusal in found]


def named(refusal: Refusal, names: dict[str, str]) -> Refusal:
    slug = refusal.facts.get("qualification")
    return replace(refusal, facts={**refusal.facts, "qualification": names.get(str(slug), slug)}) if slug else refusal


@dataclass(frozen=True, slots=True)
class WayOut:
    """A role and a time of the same call that the person may take."""

    role: Role
    block: Block
    room: int


def ways_out(page: OpenCall, user: User, now: datetime) -> list[WayOut]:
    """Up to three, where most people are needed."""
    person = Volunteer.objects.filter(user=user).first()
    if not person:
        return []
    posts = {post.post: post for post in page.on_offer if post.room}
    welcome = [facts.place for facts in gather_all(list(posts), person.pk, now) if not refusals(facts)]
    block_of = {shift: block for block in page.blocks for shift in block.shifts}
    room: dict[tuple[int, str], int] = {}
    for place in welcome:
        key = posts[place.post].role, block_of[place.shift].key
        room[key] = room.get(key, 0) + place.room
    return list(found(page, room))[:SHOWN]


def found(page: OpenCall, room: dict[tuple[int, str], int]) -> Iterable[WayOut]:
    blocks = {block.key: block for block in page.blocks}
    for (role, key), seats in sorted(room.items(), key=lambda item: -item[1]):
        yield WayOut(page.roles[role], blocks[key], seats)
