"""Headcount by kind in each task force."""

from collections.abc import Sequence

from django.utils.translation import gettext_lazy, pgettext_lazy

from staffing.queries.command import rows
from staffing.queries.reports.shape import Column, Report, Row, Scope, moment, named, text
from volunteers.models.people import PERSON_KINDS
from volunteers.states import PersonKind

FORCES_SQL = """
    with force as materialized (
        select f.id, f.name, f.name_en, f.path, a.path as ground, lower(f.period) as founded, upper(f.period) as ends,
            greatest(lower(f.period), %(since)s) as since, least(upper(f.period), %(until)s) as until
        from staffing_taskforce f join communities_area a on a.id = f.area_id
        where a.path like %(below)s and f.period && tstzrange(%(since)s, %(until)s)
    ), duty as materialized (
        select f.id as force, s.id, s.site_id
        from force f join communities_area a on a.path like f.ground || '%%' join communities_site i on i.area_id = a.id
        join staffing_shift s on s.site_id = i.id and s.starts_at >= f.since and s.starts_at < f.until
        where s.status in ('open', 'closed', 'running', 'finished')
    ), post as (
        select d.force, count(distinct (d.site_id, p.role_id)) as posts
        from duty d join staffing_post p on p.shift_id = d.id where p.agency_id is null group by 1
    ), person as (
        select d.force, u.volunteer_id, bool_or(u.secondment_id is not null) as lent
        from duty d join staffing_signup u on u.shift_id = d.id
        where u.status in ('signed_up', 'confirmed', 'checked_in', 'completed') and u.seat_no is not null
        group by 1, 2
        union
        select f.id, m.volunteer_id, false from force f join staffing_team t on t.task_force_id = f.id
        join staffing_teammember m on m.team_id = t.id and m.joined_at < f.until and (m.left_at is null or m.left_at > f.since)
    ), kind as (
        select x.force, case when bool_or(x.lent) then 'seconded' else min(v.kind) end as kind, x.volunteer_id
        from person x join volunteers_volunteer v on v.id = x.volunteer_id group by 1, 3
    )
    select f.name, f.name_en, f.founded, f.ends, coalesce(p.posts, 0), k.kind, count(k.volunteer_id)
    from force f left join post p on p.force = f.id left join kind k on k.force = f.id
    group by f.id, f.name, f.name_en, f.path, f.founded, f.ends, p.posts, k.kind order by f.path, 7 desc, 6
"""


def forces(scope: Scope) -> Sequence[Row]:
    return [
        (named(*row[:2]), *row[2:5], str(PERSON_KINDS[PersonKind(row[5])]) if row[5] else "–", row[6])
        for row in rows(FORCES_SQL, scope.values)
    ]


FORCES = Report(
    "forces",
    "R5",
    gettext_lazy("Headcount of task forces"),
    gettext_lazy("How many posts and people each task force has, by kind: one row for each kind of people."),
    (
        text("force", gettext_lazy("Task force")),
        moment("founded", gettext_lazy("From")),
        moment("ends", gettext_lazy("Until")),
        Column("posts", pgettext_lazy("number", "Posts"), gettext_lazy("Different kinds of work at different places on shifts in its area, in these days and while it lasts; other agencies' do not count."), adds=False),
        text("kind", gettext_lazy("Kind"), gettext_lazy("What they serve as; who holds a seat by a secondment counts as seconded.")),
        Column("people", pgettext_lazy("number", "People"), gettext_lazy("Different people who hold or have served a seat there, or belong to one of its teams.")),
    ),
    forces,
    people="people",
)  # fmt: skip
