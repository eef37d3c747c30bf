"""Reports (domain.md 1.2): each says what it tells, what each of its numbers means, and reads it in one statement."""

from staffing.queries.reports.equipment import EQUIPMENT
from staffing.queries.reports.forces import FORCES
from staffing.queries.reports.ground import DOORS, RIDES
from staffing.queries.reports.logs import LOG
from staffing.queries.reports.people import FATIGUE, GROWTH
from staffing.queries.reports.seats import CURVE, DEPLOYMENTS, GAPS, HOURS, JOINT
from staffing.queries.reports.service import LENT, SERVICE, SHARE, SPREAD, STATISTICS
from staffing.queries.reports.shape import Column, Kind, Report, Scope, Table, table
from staffing.queries.reports.sheets import ASSIGNMENTS, CHECK_INS

ALL = (
    GAPS,
    HOURS,
    CURVE,
    SHARE,
    DEPLOYMENTS,
    GROWTH,
    FORCES,
    DOORS,
    JOINT,
    LENT,
    FATIGUE,
    RIDES,
    EQUIPMENT,
    SERVICE,
    SPREAD,
    STATISTICS,
    ASSIGNMENTS,
    CHECK_INS,
    LOG,
)
REPORTS = {report.slug: report for report in ALL}

__all__ = ["ALL", "REPORTS", "Column", "Kind", "Report", "Scope", "Table", "table"]
