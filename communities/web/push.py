"""A browser asks to show its owner's messages, or to show them no more; and the worker that shows them."""

import json
from pathlib import Path

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_POST, require_safe

from communities.actions import browsers
from communities.actions.browsers import Subscription
from communities.errors import Invalid

WORKER = Path(settings.BASE_DIR) / "config" / "static" / "js" / "push-worker.js"


@require_POST
@login_required
def push(request: HttpRequest) -> HttpResponse:
    """204 once it is noted, either way; 400 for what is no subscription."""
    assert not request.user.is_anonymous
    try:
        told = json.loads(request.body)
        endpoint = str(told["endpoint"])
        if told.get("gone"):
            browsers.forget(request.user, endpoint)
            return HttpResponse(status=204)
        subscription = Subscription(endpoint, str(told["p256dh"]), str(told["auth"]))
    except (ValueError, KeyError, TypeError, AttributeError):
        raise Invalid(endpoint="unreadable") from None
    browsers.show_in(request.user, subscription, now=timezone.now())
    return HttpResponse(status=204)


@require_safe
@cache_control(no_cache=True)
def worker(request: HttpRequest) -> HttpResponse:
    """Served from here because a worker reaches no further than its own folder."""
    return HttpResponse(WORKER.read_text(encoding="utf-8"), content_type="text/javascript")
