"""A webhook of the city, which the demo's own receiver listens to."""

from datetime import datetime

from django.conf import settings

from communities.actions.webhooks import HookPlan, make
from communities.messages.happenings import topics
from communities.models import Area, User


def tell(city: Area, by: User, now: datetime) -> str:
    """Returns its secret. Without the demo's receiver there is none."""
    if not settings.SMS_GATEWAY_URL:
        return ""
    url = f"{settings.SMS_GATEWAY_URL}/webhooks"
    hook = make(HookPlan(city.pk, "演示接收端", url, tuple(topics())), by=by, now=now)
    return str(hook.secret)
