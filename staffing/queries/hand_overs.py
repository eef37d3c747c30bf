"""Notes from one lead to the next: which shift comes after, and what was left for it."""

from datetime import timedelta

from django.db.models import QuerySet

from staffing.models import HandOver, Shift

NEXT_WITHIN = timedelta(hours=12)
SHOWN = 20


def next_of(shift: Shift) -> Shift | None:
    """The shift that takes over at the site: the first to begin when this one ends, or within hours of it."""
    rows = Shift.objects.upcoming(shift.ends_at).filter(site=shift.site_id).exclude(pk=shift.pk)
    return rows.filter(starts_at__gt=shift.starts_at, starts_at__lte=shift.ends_at + NEXT_WITHIN).first()


def left_for(shift: Shift) -> list[HandOver]:
    """What the shifts before, of the last hours at the site, have left; the newest first."""
    since = shift.starts_at - NEXT_WITHIN
    before = whole().filter(shift__site=shift.site_id, shift__ends_at__gt=since, shift__starts_at__lt=shift.starts_at)
    return list(before[:SHOWN])


def whole() -> QuerySet[HandOver]:
    return HandOver.objects.select_related("written_by", "read_by", "shift__site", "task_force")
