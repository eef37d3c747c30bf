"""Reports from the ground: doors, and rides."""

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from staffing.models.door_rounds import OUTCOMES
from staffing.models.rides import RIDE_STATUSES
from staffing.queries.command import rows
from staffing.queries.reports.shape import Column, Line, Report, Row, Scope, day, moment, named, share, short_day, text
from staffing.rules.charts import Chart, Series
from staffing.states import DoorOutcome, RideStatus

DOORS_SQL = """
    select a.name, a.name_en, d.title, d.title_en, d.begins_at, sum(e.doors_count),
        sum(e.notified + e.no_answer + e.home_service + e.vacant + e.refused),
        sum(e.notified), sum(e.home_service), sum(e.vacant), sum(e.no_answer), sum(e.refused),
        sum(e.doors_count - (e.notified + e.no_answer + e.home_service + e.vacant + e.refused))
    from staffing_doorround d join communities_area a on a.id = d.area_id join staffing_roundentrance e on e.round_id = d.id
    where a.path like %(below)s and d.begins_at >= %(since)s and d.begins_at < %(until)s
    group by a.id, d.id order by d.begins_at, d.id
"""


def doors(scope: Scope) -> Sequence[Row]:
    return [(named(*row[:2]), named(*row[2:4]), row[4], *map(int, row[5:])) for row in rows(DOORS_SQL, scope.values)]


def outcome(key: DoorOutcome) -> Column:
    return Column(str(key), OUTCOMES[key], gettext_lazy("Doors whose visits came to this in the end."))


DOORS = Report(
    "doors",
    "R6",
    gettext_lazy("Doors"),
    gettext_lazy("How far the rounds of these days have come. Doors are counted, not people; the counts stay when the doors are forgotten."),
    (
        text("community", gettext_lazy("Community")),
        text("round", gettext_lazy("Round")),
        moment("starts", gettext_lazy("From")),
        Column("doors", pgettext_lazy("number", "Doors"), gettext_lazy("Doors of the entrances in the round.")),
        Column("done", gettext_lazy("With an outcome"), gettext_lazy("Doors with any of the outcomes beside.")),
        outcome(DoorOutcome.NOTIFIED),
        outcome(DoorOutcome.HOME_SERVICE),
        outcome(DoorOutcome.VACANT),
        outcome(DoorOutcome.NO_ANSWER),
        outcome(DoorOutcome.REFUSED),
        Column("pending", gettext_lazy("Still open"), gettext_lazy("Doors without an outcome.")),
        share("coverage", gettext_lazy("Coverage, %"), gettext_lazy("With an outcome in per cent of the doors."), ("done", "doors")),
    ),
    doors,
)  # fmt: skip

RIDES_SQL = """
    select (r.pick_up_at at time zone %(zone)s)::date, count(*), sum(r.dispatches),
        count(*) filter (where r.status = 'done'), count(*) filter (where r.status = 'cancelled'),
        count(*) filter (where r.status = 'expired')
    from staffing_ride r join communities_area a on a.id = r.area_id
    where a.path like %(below)s and r.pick_up_at >= %(since)s and r.pick_up_at < %(until)s
    group by 1 order by 1
"""


def rides(scope: Scope) -> Sequence[Row]:
    return [(row[0], *map(int, row[1:])) for row in rows(RIDES_SQL, scope.values)]


def rides_chart(_scope: Scope, lines: Sequence[Line]) -> Chart:
    return Chart(
        _("Rides a day: claimed and done"),
        [short_day(line["day"]) for line in lines],
        lines=[
            Series(_("Times claimed"), "soft", [line["dispatches"] for line in lines]),
            Series(str(RIDE_STATUSES[RideStatus.DONE]), "have", [line["done"] for line in lines]),
        ],
        at=[line["day"].toordinal() for line in lines],
    )


RIDES = Report(
    "rides",
    "R10",
    gettext_lazy("Rides"),
    gettext_lazy("Vehicles sent and rides driven: a ride that is given back and claimed again was dispatched twice."),
    (
        day("day", gettext_lazy("Day"), gettext_lazy("Of the pick-up.")),
        Column("rides", pgettext_lazy("number", "Rides"), gettext_lazy("Rides with a pick-up on that day, cancelled ones included.")),
        Column("dispatches", gettext_lazy("Dispatched"), gettext_lazy("Every claim of a driver counts.")),
        Column("done", RIDE_STATUSES[RideStatus.DONE], gettext_lazy("Rides whose passengers arrived.")),
        Column("cancelled", gettext_lazy("Cancelled"), gettext_lazy("Rides that were not needed any more.")),
        Column("expired", RIDE_STATUSES[RideStatus.EXPIRED], gettext_lazy("Rides without a driver when the time had come.")),
    ),
    rides,
    chart=rides_chart,
)  # fmt: skip
