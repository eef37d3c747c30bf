"""Calls read for everybody's eyes: one with its seats, and those that are open."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from hashlib import blake2s
from operator import itemgetter
from zoneinfo import ZoneInfo

from django.db.models import Exists, F, Max, OuterRef, Q, QuerySet, Subquery, Sum
from django.http import Http404

from communities.models import Compound, ZonePolicy, ZoneStatus
from communities.models.areas import DEFAULT_ZONE
from communities.queries.zones import time_zone_at
from staffing.models import CallUp, Post, Role, Shift
from staffing.queries.call_pages import OpenCall, Seats
from staffing.queries.facts import places
from staffing.queries.reserves import standing_by
from staffing.rules.blocks import decisive
from staffing.states import CallStatus, ShiftStatus
from volunteers.models import Qualification
from volunteers.states import PersonKind

STAIRS = "stairs"  # the qualification of who can climb


def read(slug: str, now: datetime) -> OpenCall:
    call = (
        CallUp.objects.exclude(status=CallStatus.DRAFT)
        .filter(slug=slug)
        .select_related("community", "contact")
        .annotate(zone_name=time_zone_at("community__path"))
        .first()
    )
    if not call:
        raise Http404
    posts = tuple(Seats(*row) for row in post_rows(call.pk))
    roles = Role.objects.annotate(climbs=asks_for_stairs()).in_bulk({post.role for post in posts})
    found = OpenCall(
        call=call,
        zone=ZoneInfo(call.zone_name) if call.zone_name else DEFAULT_ZONE,
        posts=posts,
        roles={post.role: roles[post.role] for post in posts},
        compounds=tuple(compounds_of(call)),
        places={place.post: place for place in places([post.post for post in posts], now)},
        read_at=now,
        reserves=standing_by([call.pk], now).get(call.pk, 0) if call.standby else 0,
    )
    return replace(found, tag=tag_of(found))


def tag_of(found: OpenCall) -> str:
    """Changes whenever something on the page would."""
    counts = [
        (post.post, post.shift_status, post.starts_at, post.seats, post.taken, post.pledged, post.waiting)
        for post in found.posts
    ]
    said = [(name, value) for name, value in sorted(vars(found.call).items()) if not name.startswith("_")]
    where = [(compound.pk, compound.entry, compound.walked) for compound in found.compounds]  # type: ignore[attr-defined]
    return blake2s(repr((found.now, counts, said, where, found.reserves)).encode(), digest_size=8).hexdigest()


def for_neighbours() -> Q:
    """Posts that a neighbour can sign up to: not those of an agency, nor those for staff alone."""
    return Q(role__counted=True, agency=None) & (Q(person_kinds=[]) | Q(person_kinds__contains=[PersonKind.VOLUNTEER]))


def post_rows(call_up_id: int) -> Iterable[tuple]:  # type: ignore[type-arg]
    return (
        Post.objects.filter(for_neighbours(), shift__call_up_id=call_up_id)
        .exclude(shift__status=ShiftStatus.CANCELLED)
        .order_by("role_id", "shift_id")
        .values_list(
            "pk",
            "shift_id",
            "role_id",
            "shift__site_id",
            "shift__site__kind",
            "shift__status",
            "shift__starts_at",
            "shift__ends_at",
            "seats",
            "taken",
            "pledged",
            "waiting",
        )
    )


def compounds_of(call: CallUp) -> QuerySet[Compound]:
    """The compounds where the call takes place, each with the entry that holds there when it starts."""
    here = Compound.objects.filter(Exists(Shift.objects.filter(call_up=call, site__compound=OuterRef("pk"))))
    return here.annotate(entry=entry_at(call), walked=floors_walked()).order_by("pk")


def floors_walked() -> Max:
    """The storeys of the highest building of a compound that has no lift."""
    return Max("buildings__storeys", filter=Q(buildings__has_lift=False))


def asks_for_stairs() -> Exists:
    """Whether somebody in the role has to climb: it asks for those who can, or would rather have them."""
    wanted = Q(roles=OuterRef("pk")) | Q(preferred_by=OuterRef("pk"))
    return Exists(Qualification.objects.filter(wanted, slug=STAIRS))


def entry_at(call: CallUp) -> Subquery:
    """The strictest zone over a compound counts."""
    policy = ZonePolicy.objects.filter(level=OuterRef("level"))
    over = Q(compound=OuterRef("pk")) | Q(area__in=call.community.ancestor_ids)
    zones = ZoneStatus.objects.at(call.starts_at).filter(over)
    zones = zones.annotate(
        entry=Subquery(policy.values("entry")[:1]), strictness=Subquery(policy.values("strictness")[:1])
    )
    return Subquery(zones.order_by(F("strictness").desc(nulls_last=True)).values("entry")[:1])


def why_cancelled(call_up_id: int) -> str:
    reasons = Shift.objects.filter(call_up=call_up_id, status=ShiftStatus.CANCELLED).exclude(cancel_reason="")
    return reasons.order_by("pk").values_list("cancel_reason", flat=True).first() or ""


def homes(community_id: int) -> list[Compound]:
    return list(Compound.objects.filter(community_id=community_id).order_by("pk"))


def skills(roles: Iterable[int]) -> list[Qualification]:
    """What these roles ask for or like to see, and a person's own word is enough for."""
    wanted = Q(roles__in=list(roles)) | Q(preferred_by__in=list(roles))
    return list(Qualification.objects.filter(wanted, self_declared=True).distinct().order_by("pk"))


def still_needed(calls: Iterable[CallUp]) -> dict[int, int]:
    """How many people each of these calls could still take, by its id: one query."""
    own = Post.objects.filter(for_neighbours(), shift__call_up__in=[call.pk for call in calls])
    columns = ("shift__call_up", "shift__starts_at", "shift__ends_at")
    free = own.filter(shift__status=ShiftStatus.OPEN).values_list(*columns)
    blocks: defaultdict[int, list[tuple[datetime, datetime, int]]] = defaultdict(list)
    for call, *block in free.annotate(free=Sum(F("seats") - F("taken") - F("pledged"))):
        blocks[call].append(tuple(block))
    return {call: sum(block[2] for block in decisive(found, SPAN, FREE)) for call, found in blocks.items()}


SPAN, FREE = itemgetter(0, 1), itemgetter(2)


def open_calls(now: datetime, *, without: int | None = None) -> QuerySet[CallUp]:
    """The calls that take people now, the next first."""
    begun = Q(sign_up_from=None) | Q(sign_up_from__lte=now)
    found = CallUp.objects.open(now).filter(begun).exclude(pk=without or 0)
    return (
        found.select_related("community")
        .annotate(zone_name=time_zone_at("community__path"))
        .order_by("starts_at", "pk")
    )
