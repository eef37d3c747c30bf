"""Where the people that one community lacks may come from: which roles, who is there already, who has promised, who can lend."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import F, Q, QuerySet, Sum

from communities.models import Area, ZonePolicy, ZoneStatus
from communities.queries.prepared import fetch
from staffing.models import CallUp, Lending, Pledge, Post, Role, Takeover
from staffing.queries.command import LONGEST_SHIFT, Board
from staffing.queries.gaps import OWN
from staffing.queries.secondments import lent, places_of
from staffing.rules.command import Line
from staffing.rules.fatigue import Interval
from staffing.rules.secondments import barrier
from staffing.states import CallStatus, LendingStatus, PledgeStatus, ShiftStatus

RUNS = [ShiftStatus.OPEN, ShiftStatus.CLOSED, ShiftStatus.RUNNING]
NEAREST = 5  # communities that are asked whether their people can get in
IDLE_PEOPLE = """
    select m.area_id, m.volunteer_id from staffing_secondment m
    where m.area_id = any(%(areas)s::bigint[]) and m.status = 'active' and m.period @> %(now)s::timestamptz
      and not exists (
          select from staffing_signup u where u.volunteer_id = m.volunteer_id
            and u.status in ('signed_up', 'confirmed', 'checked_in')
            and u.period && tstzrange(%(now)s::timestamptz, %(until)s::timestamptz))
    order by m.id
"""


@dataclass(frozen=True, slots=True)
class Helper:
    """A community with people to spare: how many of them can get to where they are wanted."""

    line: Line
    can_enter: int


@dataclass(frozen=True, slots=True)
class Need:
    """All that the board says of one community."""

    area: Area
    roles: Sequence[tuple[Role, int]]
    pledges: Sequence[Pledge]
    calls: Sequence[CallUp]
    helpers: Sequence[Helper]
    lendings: Sequence[Lending]
    takeover: Takeover | None


def need(area: Area, board: Board) -> Need:
    """A constant number of queries."""
    return Need(
        area=area,
        roles=short_roles(area, board),
        pledges=owed(area, board),
        calls=calls(area, board),
        helpers=helpers(area, board),
        lendings=list(open_lendings(area)[:5]),
        takeover=Takeover.objects.in_force(board.at).filter(area=area).select_related("user").first(),
    )


def coming(board: Board, prefix: str = "") -> Q:
    """Shifts that the board looks at."""
    when = {
        "starts_at__lt": board.until,
        "starts_at__gt": board.at - LONGEST_SHIFT,
        "ends_at__gt": board.at,
        "status__in": RUNS,
    }
    return Q(**{f"{prefix}{name}": value for name, value in when.items()})


def short_roles(area: Area, board: Board) -> list[tuple[Role, int]]:
    """The roles that lack most, with the seats nobody's word covers."""
    here = Post.objects.filter(OWN, coming(board, "shift__"), shift__site__area__path__startswith=area.path)
    short = here.values("role").annotate(bare=Sum(F("seats") - F("taken") - F("pledged"))).filter(bare__gt=0)
    found = list(short.order_by("-bare", "role").values_list("role", "bare")[:4])
    roles = Role.objects.in_bulk([role for role, _bare in found])
    return [(roles[role], bare) for role, bare in found]


def owed(area: Area, board: Board) -> list[Pledge]:
    rows = Pledge.objects.filter(
        coming(board, "post__shift__"), status=PledgeStatus.OPEN, post__shift__site__area__path__startswith=area.path
    )
    return list(rows.filter(named__lt=F("seats")).select_related("organisation", "post__role").order_by("due_at")[:5])


def calls(area: Area, board: Board) -> list[CallUp]:
    here = CallUp.objects.filter(community__path__startswith=area.path)
    found = here.filter(ends_at__gt=board.at, starts_at__lt=board.until)
    return list(found.filter(status__in=[CallStatus.OPEN, CallStatus.CLOSED]).order_by("starts_at", "pk")[:5])


def open_lendings(area: Area) -> QuerySet[Lending]:
    near = Q(giver__path__startswith=area.path) | Q(taker__path__startswith=area.path)
    rows = Lending.objects.filter(near, status__in=[LendingStatus.PROPOSED, LendingStatus.AGREED])
    return rows.select_related("giver", "taker").order_by("-pk")


def helpers(area: Area, board: Board) -> list[Helper]:
    """Those with people to spare and the least need of their own, with how many can get in: three queries."""
    others = [line for line in board.lines if line.free and line.area != area.pk]
    chosen = sorted(others, key=lambda line: (line.tally.share, -line.free, line.area))[:NEAREST]
    if not chosen:
        return []
    when = Interval(board.at, board.at + timedelta(hours=1))
    people = idle([line.area for line in chosen], board)
    known = lent([pk for group in people.values() for pk in group], when)
    places = places_of(area, when)
    free = {pk for pk, person in known.items() if barrier(person, places, when) is None}
    return [Helper(line, sum(pk in free for pk in people.get(line.area, []))) for line in chosen]


def idle(area_ids: Sequence[int], board: Board) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    for area, volunteer in fetch(IDLE_PEOPLE, areas=list(area_ids), now=board.at, until=board.until):
        found.setdefault(area, []).append(volunteer)
    return found


def levels(areas: Sequence[Area], now: datetime) -> dict[int, ZonePolicy]:
    """The strictest zone over any part of each area; two queries."""
    above = {pk for area in areas for pk in area.ancestor_ids}
    here = Q(compound__community__in=[area.pk for area in areas]) | Q(area__in=above)
    policies = ZonePolicy.objects.by_level()
    found: dict[int, list[ZonePolicy]] = {}
    over: dict[int, list[ZonePolicy]] = {}
    for level, community, area in (
        ZoneStatus.objects.at(now).filter(here).values_list("level", "compound__community", "area")
    ):
        if level in policies:
            (over if area else found).setdefault(area or community, []).append(policies[level])
    return {
        area.pk: strictest
        for area in areas
        if (
            strictest := worst(
                [*found.get(area.pk, []), *(one for pk in area.ancestor_ids for one in over.get(pk, []))]
            )
        )
    }


def worst(policies: Sequence[ZonePolicy]) -> ZonePolicy | None:
    return max(policies, key=lambda policy: policy.strictness, default=None)
