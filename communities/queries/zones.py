"""The clock that hangs on the wall of an area, as a column of whatever row is read."""

from django.db.models import CharField, ExpressionWrapper, F, OuterRef, Subquery
from django.db.models.functions import Length

from communities.models import Area


def time_zone_at(path: str) -> Subquery:
    """The time zone's name that holds at the area whose path stands in the column `path`; null: the default one."""
    here = ExpressionWrapper(OuterRef(path), output_field=CharField())
    said = Area.objects.exclude(time_zone="").annotate(here=here).filter(here__startswith=F("path"))
    return Subquery(said.order_by(Length("path").desc()).values("time_zone")[:1])
