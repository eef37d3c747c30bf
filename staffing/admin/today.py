"""The first page: how today stands, within what the reader may see."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from redis import RedisError

from communities.access import May, granted, has_grant
from communities.admin.messages import messages_of
from communities.models import Message
from communities.models.messages import STATUSES
from communities.queries import health
from communities.queries.outbox import standing
from staffing import access
from staffing.models.shifts import SHIFT_STATUSES
from staffing.queries import today


def dashboard(request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    now = timezone.now()
    context |= {"now": now, "runs": granted(request.user, May.SEE)}
    if granted(request.user, May.SEE):
        shifts = access.shifts_visible_to(request.user)
        day = today.figures(shifts, now)
        context |= {
            "day": day,
            "states": [(SHIFT_STATUSES[state], day.shifts.get(state, 0), listed(state)) for state in SHIFT_STATUSES],
            "tomorrow": today.figures(shifts, now, days=1),
            "short": today.shortest(shifts, now),
        }
    if has_grant(request.user):
        context |= outbox(request, now)
    return context


def listed(state: str) -> str:
    return f"{reverse('admin:staffing_shift_changelist')}?status__exact={state}"


def outbox(request: HttpRequest, now: Any) -> dict[str, Any]:
    may = May.ADMINISTER if granted(request.user, May.ADMINISTER) else May.SEE
    mine = Message.objects.filter(messages_of(request.user, may))
    found = standing(mine, now)
    told = [(STATUSES[state], count) for state, count in sorted(found.states.items())]
    return {"outbox": found, "told": told, "parked": mine.failed(now).count(), "worker": worker_seen()}


def worker_seen() -> Any:
    try:
        return health.last_seen()
    except RedisError:
        return None
