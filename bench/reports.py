"""A whole city has served its morning: every report about all of it, the ICS forms, and a district closed out."""

import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

import pgtrigger
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from bench import world
from bench.figures import Figure, at_most, exactly
from bench.system import System
from communities.models import Area, User
from communities.models.areas import DEFAULT_ZONE
from communities.states import Level
from staffing.actions import closeouts
from staffing.demo import city
from staffing.models import CloseOut, SignUp
from staffing.queries import closeouts as closing
from staffing.queries.reports import ALL, Report, Scope, table
from staffing.queries.reports.ics import MAKERS, Hand, forms
from volunteers.models import ServiceRecord

WHOLE = city.Size(2300, 40_000)
SECONDS, CLOSED_IN = 2, 60
LIVED = (
    "update staffing_signup set status = 'completed', checked_in_at = lower(period) - interval '10 minutes', "
    "checked_out_at = upper(period) where status = 'confirmed'",
    "update staffing_signup set status = 'expired', reason = 'shift_over', seat_no = null where status = 'invited'",
    "update staffing_post p set taken = (select count(*) from staffing_signup u where u.post_id = p.id and u.status = 'completed'), pledged = 0",
    "update staffing_pledge set status = 'released' where status = 'open'",
    "update staffing_shift set status = 'finished' where status in ('open', 'closed', 'running')",
    "update staffing_callup set status = 'closed' where status = 'open'",
    "update volunteers_enrolment set created_at = created_at - interval '3 days'",
    "update staffing_secondment set status = 'ended' where status = 'active'",
    """
    insert into volunteers_servicerecord
        (volunteer_id, sign_up, community_id, kind, what, "where", started_at, ended_at, minutes, needs_confirmation)
    select u.volunteer_id, u.id, i.area_id, case when mod(u.id, 3) = 0 then 'volunteer' else 'seconded' end, '核酸检测', i.name,
        u.checked_in_at, u.checked_out_at, extract(epoch from u.checked_out_at - u.checked_in_at) / 60, mod(u.id, 50) = 0
    from staffing_signup u join staffing_shift s on s.id = u.shift_id join communities_site i on i.id = s.site_id
    where u.status = 'completed' on conflict do nothing
    """,
)  # fmt: skip


def run(_system: System) -> Iterator[Figure]:
    area, morning = lived()
    served = SignUp.objects.filter(status="completed").count()
    yield exactly("reports.served", ServiceRecord.objects.count(), served, "blocks")
    scope = whole_day(area, morning)
    for report in ALL:
        for way in report.ways or [""]:
            yield read(report, area, morning, way)
    for slug in MAKERS:
        yield told(f"reports.form.{slug}", lambda slug=slug: forms(slug, scope, Hand(User(), timezone.now()), most=20))
    yield from closed(Area.objects.filter(parent=area, level=Level.DISTRICT).order_by("pk")[0], morning)


def lived() -> tuple[Area, datetime]:
    """The city of two days ago: who had said yes has come and gone."""
    then = timezone.now() - timedelta(days=2)
    area = city.build(WHOLE, 3, then)
    with pgtrigger.ignore(), connection.cursor() as cursor:
        cursor.execute("set statement_timeout = 0")
        for statement in LIVED:
            cursor.execute(statement)
    with connection.cursor() as cursor:
        cursor.execute("vacuum analyze")
    return area, city.morning(then)


def whole_day(area: Area, morning: datetime, way: str = "") -> Scope:
    day = morning.astimezone(DEFAULT_ZONE).replace(hour=0, minute=0, second=0, microsecond=0)
    return Scope(area, day, day + timedelta(days=1), DEFAULT_ZONE, way, names=True)


def read(report: Report, area: Area, morning: datetime, way: str) -> Figure:
    name = ".".join(part for part in ("reports", report.slug, way) if part)
    return told(name, lambda: table(report, whole_day(area, morning, way)).lines)


def told(name: str, act: Callable[[], object]) -> Figure:
    """The second of two: the first one reads the tables from the disk."""
    act()
    begun = time.perf_counter()
    with CaptureQueriesContext(connection) as asked:
        found = act()
    seconds = time.perf_counter() - begun
    number = len(found) if isinstance(found, list) else 1
    return at_most(name, seconds, "s", bar=SECONDS, note=f"{len(asked)} statements, {number} rows")


def closed(district: Area, morning: datetime) -> Iterator[Figure]:
    """A tenth of the city, whose names go."""
    now = timezone.now()
    one, other = (
        User.objects.create_user(name=name, phone=f"+8612{next(world.serial):09d}") for name in ("甲演示", "乙演示")
    )
    incident = closeouts.Incident(district.pk, "核酸检测", morning - timedelta(days=1), morning + timedelta(days=1))
    yield told(
        "reports.closeout.dry", lambda: closing.report(closing.Scope(district.path, incident.start, incident.end), now)
    )
    ServiceRecord.objects.filter(needs_confirmation=True).update(needs_confirmation=False)
    made = closeouts.propose(incident, by=one, now=now)
    closeouts.agree(made.pk, by=other, now=now)
    CloseOut.objects.filter(pk=made.pk).update(purge_at=now)
    begun = time.perf_counter()
    with CaptureQueriesContext(connection) as asked:
        done = closeouts.work(made.pk, now)
    seconds = time.perf_counter() - begun
    yield at_most(
        "reports.closeout",
        seconds,
        "s",
        bar=CLOSED_IN,
        note=f"{len(asked)} statements; {done.counts}; kept {done.kept}",
    )
