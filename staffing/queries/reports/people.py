"""Reports of people: how a roster grew, and who is worn out."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import date, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from communities.access import May
from staffing.queries.command import rows
from staffing.queries.reports.shape import Column, Line, Report, Row, Scope, day, moment, named, short_day, text
from staffing.rules.charts import Chart, Series
from staffing.rules.fatigue import DEFAULT, Breach, Interval, breaches, hours
from staffing.rules.reports import running

GROWTH_SQL = """
    with joined as (
        select e.volunteer_id, min(e.created_at) as at
        from volunteers_enrolment e join communities_area a on a.id = e.community_id
        where a.path like %(below)s and e.created_at < %(until)s
        group by 1
    )
    select case when j.at < %(since)s then null else (j.at at time zone %(zone)s)::date end as day, o.name, o.name_en, count(*)
    from joined j
    left join lateral (
        select f.organisation_id from volunteers_affiliation f
        where f.volunteer_id = j.volunteer_id and (f.to_day is null or f.to_day >= (j.at at time zone %(zone)s)::date)
        order by f.id limit 1
    ) f on true
    left join communities_organisation o on o.id = f.organisation_id
    group by 1, o.id, 2, 3 order by 1 nulls first, 4 desc, o.id
"""


def growth(scope: Scope) -> Sequence[Row]:
    so_far, found = Counter[str](), []
    for joined_on, name, name_en, people in rows(GROWTH_SQL, scope.values):
        source = named(name, name_en) or _("Neighbours, of no organisation")
        so_far[source] += people
        if joined_on:
            found.append((joined_on, source, people, so_far[source]))
    return found


def growth_chart(_scope: Scope, lines: Sequence[Line]) -> Chart:
    by_day: defaultdict[date, int] = defaultdict(int)
    for line in lines:
        by_day[line["day"]] += line["joined"]
    days = sorted(by_day)
    so_far = Series(_("Joined in these days so far"), "have", running([by_day[one] for one in days]))
    return Chart(
        _("How the roster grew"), [short_day(one) for one in days], lines=[so_far], at=[one.toordinal() for one in days]
    )


GROWTH = Report(
    "growth",
    "R4",
    gettext_lazy("Roster growth"),
    gettext_lazy("Who joined, day by day, and which organisation they come from."),
    (
        day("day", gettext_lazy("Day"), gettext_lazy("The day of somebody's first enrolment with a community of this area.")),
        text("source", gettext_lazy("Organisation"), gettext_lazy("The one they belonged to on that day.")),
        Column("joined", gettext_lazy("Joined"), gettext_lazy("People who enrolled here for the first time on that day: by signing up, at the desk, or sent by their unit.")),
        Column("so_far", gettext_lazy("From there so far"), gettext_lazy("People of that organisation who have joined up to that day, earlier ones included."), adds=False),
    ),
    growth,
    people="joined",
    hides=frozenset({"so_far"}),
    chart=growth_chart,
)  # fmt: skip

AROUND = timedelta(days=8)  # so far back and ahead a row of days can reach into the days asked for
STANDS = "('signed_up', 'confirmed', 'checked_in', 'completed')"
FATIGUE_SQL = f"""
    with near as (
        select distinct u.volunteer_id from staffing_signup u
        join staffing_shift s on s.id = u.shift_id join communities_site i on i.id = s.site_id
        join communities_area a on a.id = i.area_id
        where a.path like %(below)s and u.status in {STANDS} and s.starts_at < %(until)s and s.ends_at > %(since)s
    )
    select v.id, w.name, coalesce(u.checked_in_at, lower(u.period)),
        greatest(coalesce(u.checked_out_at, upper(u.period)), coalesce(u.checked_in_at, lower(u.period)))
    from near n join staffing_signup u on u.volunteer_id = n.volunteer_id
    join volunteers_volunteer v on v.id = u.volunteer_id join communities_user w on w.id = v.user_id
    where u.status in {STANDS} and u.period && tstzrange(%(first)s, %(last)s)
    order by w.name, v.id
"""


def fatigue(scope: Scope) -> Sequence[Row]:
    """Blocks served elsewhere tire as much as those here."""
    asked = scope.values | {"first": scope.since - AROUND, "last": scope.until + AROUND}
    blocks: defaultdict[tuple[int, str], list[Interval]] = defaultdict(list)
    for pk, name, start, end in rows(FATIGUE_SQL, asked):
        blocks[pk, name].append(Interval(start, end))
    return [
        (name, *told(breach))
        for (_pk, name), found in blocks.items()
        for breach in breaches(found, scope.zone)
        if breach.start < scope.until and breach.end > scope.since
    ]


def told(breach: Breach) -> Row:
    """What it is, from when to when, how much it came to, and the limit."""
    length, limits = timedelta(minutes=breach.value), DEFAULT
    match breach.code:
        case "duty_too_long":
            words = _("Too long on duty"), in_hours(length), in_hours(limits.duty)
        case "too_little_rest":
            words = _("Too little rest"), in_hours(length), in_hours(limits.rest)
        case _:
            words = _("Too many days in a row"), in_days(breach.value), in_days(limits.days_in_a_row)
    return words[0], breach.start, breach.end, words[1], words[2]


def in_hours(length: timedelta) -> str:
    return _("%(n)s h") % {"n": hours(length)}


def in_days(number: int) -> str:
    return ngettext("%(n)d day", "%(n)d days", number) % {"n": number}


FATIGUE = Report(
    "fatigue",
    "R9",
    gettext_lazy("Fatigue list"),
    gettext_lazy("Who has served, or is going to serve, longer than the rest rules allow: by what was worked where they have checked in, else by the plan. Seats elsewhere count too."),
    (
        text("name", gettext_lazy("Name")),
        text("what", gettext_lazy("What")),
        moment("starts", gettext_lazy("From")),
        moment("ends", gettext_lazy("Until")),
        text("value", gettext_lazy("It is"), gettext_lazy("Hours on duty (blocks less than two hours apart are one duty), hours of rest between two duties, or days in a row.")),
        text("limit", gettext_lazy("Limit")),
    ),
    fatigue,
    needs=May.NAMES,
)  # fmt: skip
