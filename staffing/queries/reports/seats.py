"""Reports of seats: the gap, how it fills, what a deployment changed, and the seats of other agencies."""

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from staffing.queries.command import LONGEST_SHIFT, rows
from staffing.queries.reports.shape import (
    Column,
    Line,
    Report,
    Row,
    Scope,
    Way,
    clock,
    day_and_clock,
    moment,
    named,
    share,
    text,
)
from staffing.rules.charts import Chart, Series
from staffing.rules.reports import FINE, running, step

COMMUNITY = text("community", gettext_lazy("Community"))
SEATS = Column("seats", gettext_lazy("Seats"), gettext_lazy("Seats of the community's own posts on shifts that begin in these days; drafts and what was cancelled do not count, nor seats of other agencies. One person who stands through two blocks fills two."))  # fmt: skip
FILLED = Column("filled", pgettext_lazy("seats", "Filled"), gettext_lazy("Seats whose holder said yes or was assigned on duty; served ones stay counted."))  # fmt: skip
ASKED = Column("asked", gettext_lazy("Asked"), gettext_lazy("Seats offered to somebody who has not answered yet."))
PLEDGED = Column("pledged", gettext_lazy("Pledged"), gettext_lazy("Seats kept for names an organisation owes."))
MISSING = Column("missing", gettext_lazy("Not covered"), gettext_lazy("Seats less filled, asked and pledged: covered by nobody's word."))  # fmt: skip
HERE = Column("here", gettext_lazy("Checked in"), gettext_lazy("Seats whose holder has checked in, those who have gone home again included."))  # fmt: skip

DUTY = """
    with duty as materialized (
        select s.id, s.call_up_id, s.starts_at, s.ends_at, s.site_id, i.area_id, a.name, a.name_en
        from staffing_shift s
        join communities_site i on i.id = s.site_id
        join communities_area a on a.id = i.area_id
        left join staffing_callup c on c.id = s.call_up_id
        where a.path like %(below)s and s.starts_at < %(until)s and s.starts_at >= %(oldest)s
          and (%(site)s::bigint is null or i.id = %(site)s)
          and s.status in ('open', 'closed', 'running', 'finished') and coalesce(c.status, 'open') in ('open', 'closed')
    ), seat as materialized (
        select d.*, p.id as post_id, p.role_id, p.agency_id, p.seats, p.taken, p.pledged
        from duty d join staffing_post p on p.shift_id = d.id
    ), own as materialized (
        select e.* from seat e join staffing_role r on r.id = e.role_id where r.counted and e.agency_id is null
    )
"""
PEOPLE = """
    left join (
        select u.post_id, count(*) filter (where u.status = 'invited') as asked,
            count(*) filter (where u.status in ('checked_in', 'completed')) as here
        from duty d join staffing_signup u on u.shift_id = d.id
        where u.status in ('checked_in', 'completed', 'invited')
        group by 1
    ) n on n.post_id = e.post_id
"""
SUMS = (
    "sum(e.seats)",
    "sum(e.taken - coalesce(n.asked, 0))",
    "sum(coalesce(n.asked, 0))",
    "sum(e.pledged)",
    "sum(e.seats - e.taken - e.pledged)",
    "sum(coalesce(n.here, 0))",
)
ALL, NOT_HERE = ", ".join(SUMS), ", ".join(SUMS[:-1])
FIGURES = (SEATS, FILLED, ASKED, PLEDGED, MISSING, HERE)
LEFT_OPEN = share("open", gettext_lazy("Not covered, %"), gettext_lazy("Not covered in per cent of the seats."), ("missing", "seats"))  # fmt: skip

GAP_WAYS = {
    "community": Way(gettext_lazy("By community"), (COMMUNITY,)),
    "point": Way(gettext_lazy("By point"), (COMMUNITY, text("point", gettext_lazy("Point")))),
    "role": Way(gettext_lazy("By role"), (text("role", gettext_lazy("Role")),)),
    "block": Way(
        gettext_lazy("By block"), (moment("starts", gettext_lazy("From")), moment("ends", gettext_lazy("Until")))
    ),
}
KEYS = {
    "community": ("e.name, e.name_en", "e.area_id", ""),
    "point": ("e.name, e.name_en, i.name, i.name_en", "e.area_id, e.site_id", "join communities_site i on i.id = e.site_id"),
    "role": ("r.name, r.name_en", "r.id", "join staffing_role r on r.id = e.role_id"),
    "block": ("e.starts_at, e.ends_at", "e.starts_at, e.ends_at", ""),
}  # fmt: skip


def gaps(scope: Scope) -> Sequence[Row]:
    names, keys, join = KEYS[scope.way]
    sql = f"{DUTY} select {names}, {ALL} from own e {join} {PEOPLE} group by {names}, {keys} order by {keys}"
    return [(*labels(scope.way, row[:-6]), *map(int, row[-6:])) for row in rows(sql, scope.values)]


def labels(way: str, found: Row) -> Row:
    """Names come in two languages, times do not."""
    if way == "block":
        return found
    return [named(*found[index : index + 2]) for index in range(0, len(found), 2)]


GAPS = Report(
    "gaps",
    "R1",
    gettext_lazy("Gap board"),
    gettext_lazy("How many seats there are, how many are filled and what is missing."),
    (*FIGURES, LEFT_OPEN),
    gaps,
    ways=GAP_WAYS,
    places=True,
)

HOURS_SQL = f"""
    {DUTY}
    select h.at, {NOT_HERE}
    from generate_series(%(since)s::timestamptz, %(until)s::timestamptz - %(step)s::interval, %(step)s::interval) h(at)
    join own e on e.starts_at <= h.at and e.ends_at > h.at
    {PEOPLE}
    group by 1 order by 1
"""


def hours(scope: Scope) -> Sequence[Row]:
    asked = {"step": step(scope.since, scope.until), "oldest": scope.since - LONGEST_SHIFT}
    return [(row[0], *map(int, row[1:])) for row in rows(HOURS_SQL, scope.values | asked)]


def hours_chart(scope: Scope, lines: Sequence[Line]) -> Chart:
    at = clock if scope.until - scope.since <= FINE / 2 else day_and_clock
    soft = [line["asked"] + line["pledged"] for line in lines]
    return Chart(
        _("Seats filled and missing, by the hour"),
        [at(scope, line["at"]) for line in lines],
        bars=[
            Series(str(FILLED.name), "have", [line["filled"] for line in lines]),
            Series(_("Asked or pledged"), "soft", soft),
            Series(str(MISSING.name), "gap", [line["missing"] for line in lines]),
        ],
    )


HOURS = Report(
    "hours",
    "R1",
    gettext_lazy("Filled by the hour"),
    gettext_lazy("At each half hour (over more than two days each hour): the seats of the shifts that run at that moment."),
    (
        moment("at", pgettext_lazy("point in time", "At")),
        *(Column(one.key, one.name, one.meaning, adds=False) for one in (SEATS, FILLED, ASKED, PLEDGED, MISSING)),
        LEFT_OPEN,
    ),
    hours,
    places=True,
    chart=hours_chart,
)  # fmt: skip

CURVE_SQL = f"""
    {DUTY}, came as (
        select date_trunc('hour', u.created_at at time zone %(zone)s) at time zone %(zone)s as at,
            count(*) as came,
            count(*) filter (where u.status in ('signed_up', 'confirmed', 'checked_in', 'completed')) as stand
        from own e join staffing_signup u on u.post_id = e.post_id
        where u.status <> 'invited' and (u.seat_no is not null or u.position is not null)
        group by 1
    )
    select c.at, c.came, c.stand, (select sum(seats) from own) from came c order by 1
"""


def curve(scope: Scope) -> Sequence[Row]:
    found = rows(CURVE_SQL, scope.values)
    so_far, standing = running([row[1] for row in found]), running([row[2] for row in found])
    return [
        (at, came, total, held, int(seats))
        for (at, came, _stand, seats), total, held in zip(found, so_far, standing, strict=True)
    ]


def curve_chart(scope: Scope, lines: Sequence[Line]) -> Chart:
    return Chart(
        _("Sign-ups so far, and the seats there are"),
        [day_and_clock(scope, line["at"]) for line in lines],
        lines=[
            Series(_("Sign-ups so far"), "have", [line["so_far"] for line in lines]),
            Series(_("Of them standing"), "soft", [line["standing"] for line in lines]),
            Series(str(SEATS.name), "goal", [line["seats"] for line in lines]),
        ],
        at=[line["at"].timestamp() for line in lines],
    )


CURVE = Report(
    "curve",
    "R1",
    gettext_lazy("How sign-ups came"),
    gettext_lazy("For shifts that begin in these days: when people signed up for them, hour by hour."),
    (
        moment("at", gettext_lazy("Hour")),
        Column("came", gettext_lazy("Sign-ups"), gettext_lazy("People who took a seat or a place in line within that hour, once for each seat; what was cancelled later stays counted.")),
        Column("so_far", gettext_lazy("So far"), gettext_lazy("All sign-ups up to the end of that hour."), adds=False),
        Column("standing", gettext_lazy("Of them standing"), gettext_lazy("Those of them that hold a seat today, or have served it."), adds=False),
        Column("seats", SEATS.name, SEATS.meaning, adds=False),
    ),
    curve,
    places=True,
    chart=curve_chart,
)  # fmt: skip

DEPLOYED_SQL = f"""
    {DUTY}, held as (
        select u.post_id,
            count(*) filter (where v.kind in ('community_staff', 'grid_member', 'social_worker') and u.secondment_id is null) as staff,
            count(*) filter (where v.kind = 'seconded' or u.secondment_id is not null) as lent,
            count(*) as filled
        from duty d join staffing_signup u on u.shift_id = d.id join volunteers_volunteer v on v.id = u.volunteer_id
        where u.status in ('signed_up', 'confirmed', 'checked_in', 'completed') and u.seat_no is not null
        group by 1
    )
    select e.name, e.name_en, c.activity, c.activity_en, min(e.starts_at), sum(e.seats), sum(coalesce(h.staff, 0)),
        sum(coalesce(h.lent, 0)), sum(coalesce(h.filled - h.staff - h.lent, 0)), sum(coalesce(h.filled, 0))
    from own e left join staffing_callup c on c.id = e.call_up_id left join held h on h.post_id = e.post_id
    group by e.area_id, e.name, e.name_en, c.id order by min(e.starts_at), e.area_id
"""


def deployed(scope: Scope) -> Sequence[Row]:
    return [(named(*row[:2]), named(*row[2:4]), row[4], *map(int, row[5:])) for row in rows(DEPLOYED_SQL, scope.values)]


DEPLOYMENTS = Report(
    "deployments",
    "R3",
    gettext_lazy("Before and after"),
    gettext_lazy("What those who came did to the gap: each call with the share its own staff alone would have filled."),
    (
        COMMUNITY,
        text("activity", gettext_lazy("Activity")),
        moment("starts", gettext_lazy("From")),
        SEATS,
        Column("staff", gettext_lazy("Own staff"), gettext_lazy("Seats held or served by community staff, grid members and social workers.")),
        Column("lent", gettext_lazy("Seconded"), gettext_lazy("Seats held or served by people lent by organisations.")),
        Column("others", gettext_lazy("Volunteers"), gettext_lazy("Seats held or served by everybody else.")),
        FILLED,
        share("before", gettext_lazy("Before, %"), gettext_lazy("Own staff in per cent of the seats."), ("staff", "seats")),
        share("after", gettext_lazy("After, %"), gettext_lazy("Filled in per cent of the seats."), ("filled", "seats")),
    ),
    deployed,
)  # fmt: skip

JOINT_WAYS = {
    "agency": Way(gettext_lazy("By agency"), (text("agency", gettext_lazy("Agency")),)),
    "shift": Way(
        gettext_lazy("By shift"),
        (
            text("point", gettext_lazy("Point")),
            moment("starts", gettext_lazy("From")),
            text("agency", gettext_lazy("Agency")),
        ),
    ),
}
JOINT_SQL = f"""
    {DUTY}
    select {{names}} o.name, o.name_en, {ALL}
    from seat e join communities_site i on i.id = e.site_id left join communities_organisation o on o.id = e.agency_id {PEOPLE}
    where e.id in (select id from seat where agency_id is not null)
    group by {{names}} o.name, o.name_en, o.id order by {{order}} o.id nulls first
"""


def joint(scope: Scope) -> Sequence[Row]:
    by_shift = scope.way == "shift"
    names = "i.name, i.name_en, e.starts_at," if by_shift else ""
    sql = JOINT_SQL.format(names=names, order="e.starts_at, min(i.no) nulls last, i.name," if by_shift else "")
    return [joint_row(row) for row in rows(sql, scope.values)]


def joint_row(row: Row) -> Row:
    *where, name, name_en = row[:-6]
    agency = named(name, name_en) or _("The community's own")
    return (*([named(*where[:2]), where[2]] if where else []), agency, *map(int, row[-6:]))


JOINT = Report(
    "joint",
    "R7",
    gettext_lazy("Joint posts"),
    gettext_lazy("Shifts on which several agencies stand together: each agency's seats. Other than elsewhere, seats of every agency and role count here."),
    (
        Column("seats", SEATS.name, gettext_lazy("Seats of the agency on shifts that begin in these days and have seats of another agency.")),
        FILLED, ASKED, PLEDGED, MISSING, HERE,
        share("full", gettext_lazy("Filled, %"), gettext_lazy("Filled in per cent of the seats."), ("filled", "seats")),
    ),
    joint,
    ways=JOINT_WAYS,
    places=True,
)  # fmt: skip
