"""What was handed out at which point, and what became of it."""

from collections.abc import Sequence

from django.utils.translation import gettext_lazy, pgettext_lazy

from staffing.queries.command import rows
from staffing.queries.reports.shape import Column, Report, Row, Scope, named, text

SQL = """
    select i.name, i.name_en, t.name, t.name_en, sum(e.number),
        sum(case when t.comes_back then 0 else e.number - e.good end), sum(e.good), sum(e.damaged), sum(e.lost),
        sum(case when t.comes_back then e.number - e.good - e.damaged - e.lost else 0 end)
    from staffing_equipmentissue e
    join staffing_equipment t on t.id = e.thing_id
    join staffing_signup u on u.id = e.sign_up_id
    join staffing_shift s on s.id = u.shift_id
    join communities_site i on i.id = s.site_id
    join communities_area a on a.id = i.area_id
    where a.path like %(below)s and s.starts_at >= %(since)s and s.starts_at < %(until)s
      and (%(site)s::bigint is null or i.id = %(site)s) and e.number > 0
    group by i.id, t.id
    order by i.no nulls last, i.name, i.id, t.id
"""


def handed(scope: Scope) -> Sequence[Row]:
    return [(named(*row[:2]), named(*row[2:4]), *map(int, row[4:])) for row in rows(SQL, scope.values)]


EQUIPMENT = Report(
    "equipment",
    "R13",
    pgettext_lazy("report", "Equipment"),
    gettext_lazy("What was handed out to people on shifts that begin in these days, by point and thing."),
    (
        text("point", gettext_lazy("Point")),
        text("thing", gettext_lazy("Thing")),
        Column("handed", gettext_lazy("Handed out"), gettext_lazy("Pieces handed to people.")),
        Column("used", gettext_lazy("Used up"), gettext_lazy("Pieces of things that are not expected back, less those that came back unused.")),
        Column("good", gettext_lazy("Back in order"), gettext_lazy("Pieces that can be handed out again.")),
        Column("damaged", gettext_lazy("Back damaged"), gettext_lazy("Pieces that came back and cannot be handed out again.")),
        Column("lost", pgettext_lazy("equipment", "Lost"), gettext_lazy("Pieces that were written off.")),
        Column("out", gettext_lazy("Still out"), gettext_lazy("Pieces that are expected back.")),
    ),
    handed,
    places=True,
)  # fmt: skip
