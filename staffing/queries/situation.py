"""The report on the situation in an area: how it stands now, and who has served over the day before."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Count, Q, Sum

from communities.models import Area, ZonePolicy, ZoneStatus
from staffing.models import Lending, LentPerson, Secondment, Takeover
from staffing.queries.command import Board, coming, rows
from staffing.rules.command import Line, Tally, total
from staffing.rules.withholding import Told, told
from staffing.states import LendingStatus, Outlook
from volunteers.models import ServiceRecord

HOUR = 8
WORST = 10
BY_CHILD = """
    select k.id, count(distinct r.volunteer_id)
    from volunteers_servicerecord r
    join communities_area a on a.id = r.community_id
    join communities_area k on k.parent_id = %(node)s and a.path like k.path || '%%'
    where a.path like %(below)s and r.started_at >= %(since)s and r.started_at < %(until)s
    group by k.id
"""


@dataclass(frozen=True, slots=True)
class Part:
    """One of the areas right below, with its communities together."""

    area: Area
    communities: int
    on_time: int
    tally: Tally
    served: int | None


@dataclass(frozen=True, slots=True)
class Served:
    """People who served over the day, by what they served as; None where a group is too small to be told."""

    people: Told[str]
    minutes: Mapping[str, int | None]


@dataclass(frozen=True, slots=True)
class Situation:
    board: Board
    since: datetime
    until: datetime
    parts: Sequence[Part]
    worst: Sequence[Line]
    outlooks: Mapping[Outlook, int]
    served: Served
    by_part: Told[int]
    zones: Sequence[tuple[ZonePolicy, int]]
    seconded: int | None
    lent: int | None
    takeovers: int

    @property
    def node(self) -> Area:
        return self.board.node


def day_before(now: datetime, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """From eight to eight: the last 24 hours that have ended at eight o'clock."""
    local = now.astimezone(zone)
    last = datetime.combine(local.date(), time(HOUR), zone)
    until = last if last <= now else last - timedelta(days=1)
    return until - timedelta(days=1), until


def situation(node: Area, now: datetime, zone: ZoneInfo) -> Situation:
    """A constant number of queries."""
    since, until = day_before(now, zone)
    found = coming(node, now)
    by_part = told(dict(rows(BY_CHILD, {"node": node.pk, "below": f"{node.path}%", "since": since, "until": until})))
    outlooks = {outlook: sum(line.ready.outlook is outlook for line in found.lines) for outlook in Outlook}
    return Situation(
        board=found,
        since=since,
        until=until,
        parts=parts(node, found, by_part),
        worst=[line for line in found.lines if line.tally.bare][:WORST],
        outlooks=outlooks,
        served=served(node, since, until),
        by_part=by_part,
        zones=zones(node, now),
        seconded=one(Secondment.objects.active().filter(area__path__startswith=node.path).count()),
        lent=one(lent_now(node, now)),
        takeovers=Takeover.objects.in_force(now).filter(area__path__startswith=node.path).count(),
    )


def one(count: int) -> int | None:
    return told({"": count}).groups[""]


def parts(node: Area, found: Board, by_part: Told[int]) -> list[Part]:
    children = list(Area.objects.filter(parent=node).order_by("path"))
    paths = dict(Area.objects.under(node).values_list("pk", "path"))
    lines: defaultdict[str, list[Line]] = defaultdict(list)
    for line in found.lines:
        lines["/".join(paths[line.area].split("/")[: node.path.count("/") + 1]) + "/"].append(line)
    return [
        Part(
            area=child,
            communities=len(lines[child.path]),
            on_time=sum(line.ready.outlook is Outlook.ON_TIME for line in lines[child.path]),
            tally=total(line.tally for line in lines[child.path]),
            served=by_part.groups.get(child.pk, 0),
        )
        for child in children
        if lines[child.path] or child.pk in by_part.groups
    ]


def served(node: Area, since: datetime, until: datetime) -> Served:
    records = ServiceRecord.objects.filter(
        community__path__startswith=node.path, started_at__gte=since, started_at__lt=until
    )
    found = list(
        records.values("kind")
        .annotate(people=Count("volunteer", distinct=True), minutes=Sum("minutes"))
        .order_by("-people", "kind")
    )
    people = told({row["kind"]: row["people"] for row in found})
    return Served(
        people, {row["kind"]: None if people.groups[row["kind"]] is None else row["minutes"] for row in found}
    )


def zones(node: Area, now: datetime) -> list[tuple[ZonePolicy, int]]:
    """How many compounds and areas are under each level now, the strictest first."""
    here = Q(compound__community__path__startswith=node.path) | Q(area__path__startswith=node.path)
    counted = dict(ZoneStatus.objects.at(now).filter(here).values_list("level").annotate(places=Count("pk")))
    policies = ZonePolicy.objects.by_level()
    known = [(policies[level], places) for level, places in counted.items() if level in policies]
    return sorted(known, key=lambda pair: (-pair[0].strictness, pair[0].pk))


def lent_now(node: Area, now: datetime) -> int:
    near = Q(giver__path__startswith=node.path) | Q(taker__path__startswith=node.path)
    running = Lending.objects.filter(near, status=LendingStatus.AGREED, period__contains=now)
    return LentPerson.objects.filter(binds=True, lending__in=running).count()
