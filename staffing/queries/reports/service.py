"""Reports of hours served: who did the work, for whom, for how long; and the statistics that go further."""

from collections import Counter
from collections.abc import Sequence
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from communities.access import May
from staffing.queries.command import rows
from staffing.queries.reports.shape import Column, Line, Report, Row, Scope, minutes, named, share, text
from staffing.rules.charts import Chart, Series
from staffing.rules.reports import BINS, bin_of, quarter, shared
from volunteers.models.people import PERSON_KINDS
from volunteers.rules.certificates import FREELY
from volunteers.states import PersonKind

OTHERS = frozenset({PersonKind.MEDICAL, PersonKind.AGENCY, PersonKind.DRIVER})  # not of the community's own work
PEOPLE = Column("people", pgettext_lazy("number", "People"), gettext_lazy("Different people with hours on record that began in these days."))  # fmt: skip
MINUTES = minutes(
    "minutes", pgettext_lazy("length", "Time"), gettext_lazy("From check-in to check-out; in workbooks in hours.")
)
BLOCKS = Column("blocks", gettext_lazy("Blocks"), gettext_lazy("Times somebody served from a check-in to a check-out."))
OPEN = minutes("unconfirmed", gettext_lazy("Of it unconfirmed"), gettext_lazy("Time that a second person still has to confirm."))  # fmt: skip

SERVED = """
    with served as materialized (
        select r.*, a.path from volunteers_servicerecord r join communities_area a on a.id = r.community_id
        where a.path like %(below)s and r.started_at >= %(since)s and r.started_at < %(until)s
    )
"""
KINDS_SQL = f"""
    {SERVED}
    select kind, count(distinct volunteer_id), count(*), sum(minutes),
        coalesce(sum(minutes) filter (where needs_confirmation), 0)
    from served group by 1 order by 4 desc, 1
"""


def kinds(scope: Scope) -> Sequence[Row]:
    found = [(PersonKind(kind), *numbers) for kind, *numbers in rows(KINDS_SQL, scope.values)]
    everybody = shared({kind: served for kind, _people, _blocks, served, _open in found})
    own = shared({kind: served for kind, _people, _blocks, served, _open in found if kind not in OTHERS})
    return [(str(PERSON_KINDS[row[0]]), *row[1:], everybody[row[0]], own.get(row[0])) for row in found]


def kinds_chart(_scope: Scope, lines: Sequence[Line]) -> Chart:
    hours = [line["minutes"] // 60 for line in lines]
    return Chart(
        _("Hours by what people served as"), [line["kind"] for line in lines], [Series(_("Hours"), "have", hours)]
    )


SHARE = Report(
    "share",
    "R2",
    gettext_lazy("Who did the work"),
    gettext_lazy("Hours on record by what people served as: how much of the work volunteers did."),
    (
        text("kind", gettext_lazy("Served as")),
        PEOPLE,
        BLOCKS,
        MINUTES,
        OPEN,
        share("of_all", gettext_lazy("Of all, %"), gettext_lazy("In per cent of everybody's time.")),
        share("of_own", gettext_lazy("Of the community's, %"), gettext_lazy("In per cent of the community's own time: without medical staff, other agencies and drivers.")),
    ),
    kinds,
    people="people",
    hides=frozenset({"blocks", "minutes", "unconfirmed", "of_all", "of_own"}),
    chart=kinds_chart,
)  # fmt: skip

LENT_SQL = f"""
    {SERVED}
    select o.name, o.name_en, date_trunc('quarter', r.started_at at time zone %(zone)s)::date,
        count(distinct r.volunteer_id),
        count(distinct (r.volunteer_id, (r.started_at at time zone %(zone)s)::date)), sum(r.minutes)
    from served r join staffing_signup u on u.id = r.sign_up join staffing_secondment m on m.id = u.secondment_id
    join communities_organisation o on o.id = m.organisation_id
    group by 3, o.id, o.name, o.name_en order by 3, 6 desc, o.id
"""


def quarter_name(first_day: date) -> str:
    year, number = quarter(first_day)
    return _("%(year)s, quarter %(quarter)s") % {"year": year, "quarter": number}


def lent(scope: Scope) -> Sequence[Row]:
    return [
        (named(name, name_en), quarter_name(first), *numbers)
        for name, name_en, first, *numbers in rows(LENT_SQL, scope.values)
    ]


LENT = Report(
    "lent",
    "R8",
    gettext_lazy("Hours lent"),
    gettext_lazy("What people seconded by organisations served here, by organisation and quarter. Hours given freely are not in it."),
    (
        text("organisation", gettext_lazy("Organisation")),
        text("quarter", gettext_lazy("Quarter")),
        Column("people", pgettext_lazy("number", "People"), gettext_lazy("Different people of the organisation with hours on duty; who serves in two quarters is in both.")),
        Column("days", gettext_lazy("Days"), gettext_lazy("Days on duty, each person's counted.")),
        MINUTES,
    ),
    lent,
    people="people",
    hides=frozenset({"days", "minutes"}),
)  # fmt: skip

PERSONS_SQL = f"""
    {SERVED}
    select u.name, count(*), count(distinct (r.started_at at time zone %(zone)s)::date),
        coalesce(sum(r.minutes) filter (where not r.needs_confirmation and r.kind = any(%(freely)s)), 0),
        coalesce(sum(r.minutes) filter (where not r.needs_confirmation and r.kind <> all(%(freely)s)), 0),
        coalesce(sum(r.minutes) filter (where r.needs_confirmation), 0),
        (select count(*) from volunteers_certificate c join communities_area a on a.id = c.community_id
         where c.volunteer_id = v.id and c.status = 'issued' and a.path like %(below)s)
    from served r join volunteers_volunteer v on v.id = r.volunteer_id join communities_user u on u.id = v.user_id
    group by v.id, u.name order by u.name, v.id
"""


def persons(scope: Scope) -> Sequence[Row]:
    return rows(PERSONS_SQL, scope.values | {"freely": sorted(FREELY)})


SERVICE = Report(
    "service",
    "R11",
    gettext_lazy("Service records"),
    gettext_lazy("What each person served, and how many certificates they hold from here. In the order of names: it is no ranking."),
    (
        text("name", gettext_lazy("Name")),
        BLOCKS,
        Column("days", gettext_lazy("Days"), gettext_lazy("Different days with hours on record.")),
        minutes("freely", gettext_lazy("Given freely"), gettext_lazy("Confirmed time as a volunteer or driver; certificates are about it alone.")),
        minutes("duty", gettext_lazy("On duty"), gettext_lazy("Confirmed time as staff or lent by an organisation.")),
        OPEN,
        Column("certificates", gettext_lazy("Certificates"), gettext_lazy("Valid certificates that a community of this area has given, of whatever days.")),
    ),
    persons,
    needs=May.NAMES,
)  # fmt: skip

SPREAD_SQL = f"{SERVED} select sum(minutes) from served group by volunteer_id"


def spread(scope: Scope) -> Sequence[Row]:
    """Every bin from the first to the last that somebody is in."""
    found = [int(row[0]) for row in rows(SPREAD_SQL, scope.values)]
    people = Counter(bin_of(one) for one in found)
    together = Counter[int]()
    for one in found:
        together[bin_of(one)] += one
    return [(bin_name(index), people[index], together[index]) for index in range(max(people) + 1)] if found else []


def bin_name(index: int) -> str:
    start = BINS[index] // 60
    if index + 1 == len(BINS):
        return _("%(hours)s h or more") % {"hours": start}
    return pgettext("from so many hours to fewer than so many", "%(start)s–%(end)s h") % {
        "start": start,
        "end": BINS[index + 1] // 60,
    }


def spread_chart(_scope: Scope, lines: Sequence[Line]) -> Chart:
    people = Series(str(PEOPLE.name), "have", [line["people"] for line in lines])
    return Chart(_("How many people served how long"), [line["hours"] for line in lines], bars=[people])


SPREAD = Report(
    "spread",
    "R11",
    gettext_lazy("Hours per person"),
    gettext_lazy("How the hours of these days are spread over people: whether the same few carry it."),
    (
        text("hours", gettext_lazy("Hours in all"), gettext_lazy("From so many to fewer than so many.")),
        PEOPLE,
        MINUTES,
    ),
    spread,
    people="people",
    hides=frozenset({"minutes"}),
    chart=spread_chart,
)  # fmt: skip

STATISTICS_SQL = f"""
    {SERVED}
    select coalesce(k.name, n.name), coalesce(k.name_en, n.name_en), count(distinct r.volunteer_id), count(*), sum(r.minutes)
    from served r join communities_area n on n.id = %(node)s
    left join communities_area k on k.parent_id = n.id and r.path like k.path || '%%'
    group by k.id, 1, 2 order by k.path nulls last
"""


def statistics(scope: Scope) -> Sequence[Row]:
    return [(named(*row[:2]), *row[2:]) for row in rows(STATISTICS_SQL, scope.values)]


STATISTICS = Report(
    "statistics",
    "R12",
    gettext_lazy("Statistics"),
    gettext_lazy("People and hours by the areas right below, for reports that go further: no names, and no group of fewer than ten people."),
    (
        text("area", gettext_lazy("Area")),
        Column("people", pgettext_lazy("number", "People"), gettext_lazy("Different people with hours on record in the area; who served in two areas is in both.")),
        BLOCKS,
        MINUTES,
    ),
    statistics,
    people="people",
    hides=frozenset({"blocks", "minutes"}),
    strict=True,
)  # fmt: skip
