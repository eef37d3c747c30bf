"""What every look at rows begins with: one's own, what one leads, and the row that is both seen and allowed."""

from datetime import datetime, timedelta

from django.db.models import Model, Q, QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone

from communities.access import Visitor
from communities.errors import Forbidden
from communities.models import User

LEADER_BEFORE = timedelta(hours=2)
LEADER_AFTER = timedelta(hours=12)
NOBODY = Q(pk__in=[])


def load[Row: Model](visible: QuerySet[Row], allowed: QuerySet[Row], **key: object) -> Row:
    """The one row that is in both. Raises Http404 if it is not visible, Forbidden if it is only that."""
    row = get_object_or_404(visible, **key)
    if not allowed.filter(pk=row.pk).exists():
        raise Forbidden
    return row


def led_by(user: Visitor, prefix: str = "", *, now: datetime | None = None) -> Q:
    """Shifts the user leads or stands in on, from two hours before the start to twelve hours after the end."""
    if not isinstance(user, User):
        return NOBODY
    now = now or timezone.now()
    window = {"starts_at__lte": now + LEADER_BEFORE, "ends_at__gt": now - LEADER_AFTER}
    heads = Q(**{f"{prefix}leader": user}) | Q(**{f"{prefix}deputy": user})
    return heads & Q(**{f"{prefix}{name}": value for name, value in window.items()})


def own(user: Visitor) -> Q:
    return Q(volunteer__user=user) if isinstance(user, User) else NOBODY
