"""Which outside crews can be called, where, and what they have looked at."""

from datetime import datetime, timedelta

from django.db.models import Count, Q, QuerySet

from communities.access import Visitor
from communities.models import Area
from staffing.access.on_call import phones_of
from staffing.models import OnCall, OutsideCrew

BACK = timedelta(days=7)


def counted(duties: QuerySet[OnCall]) -> QuerySet[OnCall]:
    """With how much of the checklist is done, and how much of it was not in order."""
    rows = duties.select_related("crew__organisation", "crew__area", "site")
    return rows.annotate(
        items=Count("inspections"),
        done=Count("inspections", filter=Q(inspections__done_at__isnull=False)),
        faulty=Count("inspections", filter=Q(inspections__fine=False)),
    )


def around(area: Area, now: datetime) -> QuerySet[OnCall]:
    """Duties that are going on, to come, or were within the last week."""
    here = OnCall.objects.filter(crew__area__path__startswith=area.path, period__endswith__gt=now - BACK)
    return counted(here).order_by("period", "pk")


def on_call_now(area: Area, now: datetime) -> QuerySet[OnCall]:
    """Who can be called at this moment in the area, or for all of an area around it."""
    near = Q(crew__area__path__startswith=area.path) | Q(crew__area__in=area.ancestor_ids)
    return counted(OnCall.objects.now(now).filter(near)).order_by("crew__trade", "pk")


def phones(crews: set[int], user: Visitor) -> dict[int, str]:
    """The contacts' numbers of those crews whose the reader may know; one statement."""
    return dict(OutsideCrew.objects.filter(phones_of(user), pk__in=crews).values_list("pk", "phone"))
