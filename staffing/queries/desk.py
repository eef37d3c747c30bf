"""What the desk shows of a call: the gap, the map of points and roles, who just signed up, what comes next."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from hashlib import blake2s

from django.core.cache import cache
from django.db.models import Count, Min, Q

from communities.queries.prepared import fetch
from staffing.models import Asking, CallUp, Pledge, Post, SignUp
from staffing.queries import undelivered
from staffing.queries.attention import Concern, attention, too_long
from staffing.queries.audience import Audience, audience
from staffing.queries.gaps import Block, Gap, blocks, chosen, gap_of, in_block, people_in
from staffing.queries.matrix import Matrix, matrix
from staffing.queries.readiness import Readiness, readiness
from staffing.queries.reserves import standing_by
from staffing.states import ALIVE, CallStatus, PledgeStatus, ShiftStatus, SignUpStatus

COMMON = "compound_post"
MOST_CONCERNS = 8
SIGHT_LASTS = 90  # seconds


@dataclass(slots=True)
class Board:
    """All that one block's desk page is made of."""

    gap: Gap
    points: Matrix | None
    common: Matrix | None
    feed: Sequence[SignUp] = ()
    attention: Sequence["Concern"] = field(default_factory=tuple)


def posts_in(call: CallUp, block: Block) -> list[Post]:
    here = Post.objects.filter(shift__in=in_block(call, block)).select_related("role", "shift__site__compound")
    return list(here.order_by("shift__site__compound_id", "shift__site__no", "shift_id", "role_id", "pk"))


@dataclass(frozen=True, slots=True)
class Steps:
    """What has happened and what comes next, in figures and instants."""

    people: int
    first_at: datetime | None
    pending: int
    next_answer: datetime | None
    pledges: Sequence[Pledge]
    askings: Sequence[Asking] = ()


@dataclass(frozen=True, slots=True)
class Sight:
    """What is reckoned of a call and one of its blocks, and stays so until something on the page changes. No names."""

    blocks: Sequence[Block]
    block: Block | None
    drafts: int
    failed: int
    people: Mapping[str, int] = field(default_factory=dict)
    attention: Sequence[Concern] = ()
    steps: Steps | None = None
    readiness: Readiness = field(default_factory=Readiness)
    audience: Audience = field(default_factory=Audience)
    reserves: int = 0


def sight(call: CallUp, asked: str, found: str, now: datetime) -> Sight:
    """Kept under the pulse that was `found`, so that who looks again, or as the second, asks the database little."""
    digest = blake2s(f"{found} {asked} {now.timestamp() // 60}".encode()).hexdigest()
    seen: Sight | None = cache.get(key := f"desk:{call.pk}:{digest}")
    if seen is None:
        cache.set(key, seen := look(call, asked, now), SIGHT_LASTS)
    return seen


def look(call: CallUp, asked: str, now: datetime) -> Sight:
    hours = blocks(call)
    block = chosen(hours, asked, now)
    drafts = call.shifts.filter(status=ShiftStatus.DRAFT).count()
    seen = Sight(hours, block, drafts, undelivered.count(undelivered.of_call(call), now))
    if not block:
        return seen
    return replace(
        seen,
        people=people_in(call, block),
        attention=attention(call, block),
        steps=steps(call),
        readiness=readiness(call, now),
        reserves=standing_by([call.pk], now).get(call.pk, 0),
        audience=audience(call.pk) if block.missing and takes_people(call, now) else Audience(),
    )


def takes_people(call: CallUp, now: datetime) -> bool:
    begun = call.sign_up_from is None or call.sign_up_from <= now
    return call.status == CallStatus.OPEN and begun and now < (call.sign_up_until or call.ends_at)


def board(call: CallUp, seen: Sight) -> Board:
    """The page's parts, in a number of queries that does not depend on how many shifts there are."""
    assert seen.block
    posts = posts_in(call, seen.block)
    return Board(
        gap=gap_of(posts, seen.people),
        points=matrix([post for post in posts if post.shift.site.kind != COMMON]),
        common=matrix([post for post in posts if post.shift.site.kind == COMMON]),
        feed=feed(call),
        attention=[*seen.attention, *too_long(call)][:MOST_CONCERNS],
    )


def feed(call: CallUp, most: int = 6) -> list[SignUp]:
    """Who did something last, newest first."""
    found = SignUp.objects.filter(shift__call_up=call, shift__status__in=set(ShiftStatus) - {ShiftStatus.CANCELLED})
    return list(
        found.select_related("volunteer__user", "post__role", "shift__site").order_by("-changed_at", "-pk")[:most]
    )


def steps(call: CallUp) -> Steps:
    alive = SignUp.objects.filter(shift__call_up=call, status__in=ALIVE)
    found = alive.aggregate(
        people=Count("volunteer", distinct=True),
        first_at=Min("created_at"),
        pending=Count("pk", filter=Q(status=SignUpStatus.INVITED)),
        next_answer=Min("respond_by", filter=Q(status=SignUpStatus.INVITED)),
    )
    owed = Pledge.objects.filter(post__shift__call_up=call, status=PledgeStatus.OPEN).select_related(
        "organisation", "post__role"
    )
    return Steps(**found, pledges=list(owed.order_by("due_at", "pk")[:6]), askings=list(call.askings.all()))


PULSE = """
    select row(
        (select row(count(*), sum(version)) from staffing_shift where call_up_id = %(call)s::bigint),
        (select row(count(*), sum(p.seats), sum(p.taken), sum(p.pledged), sum(p.waiting), sum(p.version))
         from staffing_post p join staffing_shift s on s.id = p.shift_id where s.call_up_id = %(call)s::bigint),
        (select row(count(*), max(u.changed_at))
         from staffing_signup u join staffing_shift s on s.id = u.shift_id where s.call_up_id = %(call)s::bigint),
        (select md5(string_agg(a::text, '' order by a.id)) from staffing_asking a where a.call_up_id = %(call)s::bigint),
        (select row(count(*), count(*) filter (where m.status in ('sent', 'delivered')), max(r.n))
         from communities_message m, (select count(*) as n from staffing_reply where call_up_id = %(call)s::bigint) r
         where m.kind = 'call_up' and m.target = %(call)s::bigint),
        (select md5(string_agg(g::text, '' order by g.id)) from staffing_pledge g join staffing_post p on p.id = g.post_id
         join staffing_shift s on s.id = p.shift_id where s.call_up_id = %(call)s::bigint),
        (select md5(string_agg(w::text, '' order by w.id)) from staffing_swap w join staffing_signup u on u.id = w.offered_id
         join staffing_shift s on s.id = u.shift_id where s.call_up_id = %(call)s::bigint),
        (select md5(string_agg(m::text || r::text, '' order by m.id)) from staffing_milestone m
         join staffing_readinessplan r on r.id = m.plan_id where r.call_up_id = %(call)s::bigint),
        (select md5(string_agg(d.status, '' order by d.id)) from staffing_ride d
         join staffing_shift s on s.id = d.shift_id where s.call_up_id = %(call)s::bigint)
    )::text
"""


def pulse(call: CallUp) -> str:
    """Changes whenever something on the desk page does: one statement, however much there is."""
    ((found,),) = fetch(PULSE, call=call.pk)
    return f"{call.status} {call.standby} {found}"
