"""The end of a topic by the link in an e-mail. Opening it changes nothing; a mail program posts it by itself (RFC 8058)."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from communities.actions.optouts import no_more
from communities.messages.optouts import by_link
from communities.models.ways import TOPICS


@csrf_exempt  # the link is the key, and mail programs bring no cookie
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    now = timezone.now()
    found = by_link(token, now)
    if request.method == "POST":
        no_more(found.user, [found.topic], now=now)
    context = {"topic": TOPICS[found.topic], "done": request.method == "POST"}
    return render(request, "unsubscribe.html", context)
