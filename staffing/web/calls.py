"""The public page of a call, its live numbers, its QR code, and the list of calls."""

from hashlib import blake2s
from io import BytesIO
from typing import Any

import segno
from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.http import condition, require_http_methods, require_safe

from communities.access import has_grant
from communities.models import User
from staffing.actions import replies
from staffing.models import CallUp, Reply, Role, SignUp
from staffing.queries import calls, kept_calls
from staffing.queries.call_pages import Now, OpenCall
from staffing.queries.words import lines, listed, said
from staffing.states import CallReply
from staffing.web.barriers import barrier

POLL_SECONDS = 15
OPEN = (Now.OPEN, Now.FULL)


def found(request: HttpRequest, slug: str) -> OpenCall:
    """The call, read once per request."""
    if not hasattr(request, "open_call"):
        request.open_call = kept_calls.open_call(slug, timezone.now())
    page: OpenCall = request.open_call
    return page


def own_places(request: HttpRequest, slug: str) -> list[SignUp]:
    """What the signed-in person has in this call, the next first."""
    if not hasattr(request, "own_places"):
        call = found(request, slug).call
        request.own_places = places_of(request.user, call) if request.user.is_authenticated else []
    places: list[SignUp] = request.own_places
    return places


def reminded(request: HttpRequest, slug: str) -> bool:
    """Whether the reader will be told when this call opens."""
    if not hasattr(request, "reminded"):
        page = found(request, slug)
        asked = page.now is Now.NOT_OPEN and request.user.is_authenticated
        request.reminded = asked and wants_to_know(request.user, page.call)
    wanted: bool = request.reminded
    return wanted


def wants_to_know(user: User, call: CallUp) -> bool:
    return Reply.objects.filter(call_up=call.pk, user=user, said=CallReply.REMIND_ME, told_at=None).exists()


def places_of(user: User, call: CallUp) -> list[SignUp]:
    mine = SignUp.objects.alive().filter(volunteer__user=user, shift__call_up=call.pk)
    return list(mine.order_by("period", "pk"))


def seats_etag(request: HttpRequest, slug: str) -> str:
    return f'"{found(request, slug).tag}-{get_language()}"'


def page_etag(request: HttpRequest, slug: str) -> str:
    """Everything that the page depends on: the call, the reader's choices, their own places, and our own files."""
    own = [(place.pk, place.status, place.position) for place in own_places(request, slug)]
    choices = [request.COOKIES.get(name) or request.GET.get(name) for name in ("size", "theme")]
    about = (
        own,
        reminded(request, slug),
        barrier(request, found(request, slug)),
        choices,
        request.user.pk,
        get_language(),
        static("css/redvest.css"),
        static("js/app.js"),
    )
    return f'"{found(request, slug).tag}-{blake2s(repr(about).encode(), digest_size=6).hexdigest()}"'


@require_safe
@cache_control(no_cache=True)
@condition(etag_func=page_etag)
def call(request: HttpRequest, slug: str) -> HttpResponse:
    page = found(request, slug)
    more = {
        "own": own_places(request, slug),
        "reminded": reminded(request, slug),
        "barrier": barrier(request, page),
    } | (instead(page) if page.now not in OPEN else {})
    return render(request, "staffing/call.html", in_words(page) | more)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def remind(request: HttpRequest, slug: str) -> HttpResponse:
    """Be told when the call opens. Who is not signed in comes here after signing in, and is asked."""
    page = found(request, slug)
    if request.method != "POST":
        return render(request, "staffing/remind.html", in_words(page))
    if "undo" in request.POST:
        replies.forget(page.call.pk, by=request.user)
    else:
        replies.remind_me(page.call.pk, by=request.user, now=timezone.now())
    response = redirect("call", slug)
    response.status_code = 303
    return response


def instead(page: OpenCall) -> dict[str, Any]:
    """Where a call takes nobody: why, and which others do."""
    now = timezone.now()
    others = list(calls.open_calls(now, without=page.call.pk).with_shifts_ahead(now)[:3])
    reason = calls.why_cancelled(page.call.pk) if page.now is Now.CANCELLED else ""
    return {"others": [(call, said(call, "title")) for call in others], "reason": reason}


@require_safe
@cache_control(no_cache=True)
@condition(etag_func=seats_etag)
def seats(request: HttpRequest, slug: str) -> HttpResponse:
    """The live part of the page; its own tag travels with it."""
    return render(request, "staffing/seats.html", in_words(found(request, slug)))


@require_safe
@cache_control(public=True, max_age=3600)
def qr(request: HttpRequest, slug: str) -> HttpResponse:
    """The call's link as an SVG to print or to show."""
    found(request, slug)
    file = BytesIO()
    segno.make(link(slug), error="m").save(file, kind="svg", scale=8, border=2, xmldecl=True)
    return HttpResponse(file.getvalue(), content_type="image/svg+xml")


def link(slug: str) -> str:
    return f"{settings.PUBLIC_URL}{reverse('call', args=[slug])}"


def in_words(page: OpenCall) -> dict[str, Any]:
    call = page.call
    return {
        "page": page,
        "call": call,
        "now": page.now.value,
        "figures": page.figures,
        "title": said(call, "title"),
        "activity": said(call, "activity"),
        "text": said(call, "text"),
        "risks": lines(call, "risks"),
        "protection": list(dict.fromkeys(lines(call, "protection") + insurance(call))),
        "roles": [(line, said(line.role, "note"), climb(page, line.role)) for line in page.role_lines],
        "etag": f"{page.tag}-{get_language()}",
        "poll": POLL_SECONDS,
        "places": where(page),
        "seals": [(seal, listed(seal.compounds)) for seal in page.seals],
        "link": link(call.slug),
        "share": share_text(page),
    }


def climb(page: OpenCall, role: Role) -> str:
    """What the body is asked for, said before somebody signs up: no lift, up to 6 floors."""
    if not (role.climbs and page.floors > 1):  # type: ignore[attr-defined]
        return ""
    return ngettext("no lift, up to %(n)d floor", "no lift, up to %(n)d floors", page.floors) % {"n": page.floors}


def where(page: OpenCall) -> str:
    """东苑、西苑，17个采样点; East Court, West Court: 17 sampling points"""
    names, n = listed(page.compounds) or str(page.call.community), len(page.points)
    places = ngettext("%(n)d place", "%(n)d places", n)
    if set(page.points.values()) == {"sampling_point"}:
        places = ngettext("%(n)d sampling point", "%(n)d sampling points", n)
    return _("%(names)s: %(places)s") % {"names": names, "places": places % {"n": n}} if n > 1 else names


def insurance(call: CallUp) -> list[str]:
    return [_("Accident insurance")] if call.insured and said(call, "protection") else []


def share_text(page: OpenCall) -> str:
    """What to send to neighbours: the call in one line, and its link."""
    words = {"title": said(page.call, "title"), "link": link(page.call.slug), "count": page.figures.free}
    if page.figures.free:
        return _("%(title)s. %(count)d still needed: %(link)s") % words
    return f"{words['title']} {words['link']}"


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Where everybody comes in: staff to the desk, volunteers to their shifts, others to the open calls."""
    if not request.user.is_authenticated:
        return call_ups(request)
    return redirect("/desk/" if has_grant(request.user) else "my_shifts")


@require_safe
def call_ups(request: HttpRequest) -> HttpResponse:
    """The calls that take people now."""
    now = timezone.now()
    found = list(calls.open_calls(now).with_shifts_ahead(now)[:50])
    needed = calls.still_needed(found)
    rows = [(call, said(call, "title"), needed.get(call.pk, 0)) for call in found]
    return render(request, "staffing/calls.html", {"calls": rows})
