import time
from collections.abc import Callable
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import SESSION_KEY
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import translation
from django.utils.cache import patch_vary_headers

from communities import history
from communities.errors import Forbidden
from communities.fields import keyed_hash
from communities.phrases import say
from communities.web import errors, proof
from communities.web.accounts import ip_of

type GetResponse = Callable[[HttpRequest], HttpResponse]

YEAR = 365 * 24 * 60 * 60
SIGN_OUT = "/accounts/logout/"
SAFE = {"GET", "HEAD", "OPTIONS", "TRACE"}
NEEDED = Forbidden("second_factor_needed")
PERMISSIONS = "camera=(), microphone=(), geolocation=(), payment=(), usb=(), browsing-topics=()"


CHOICES = {
    settings.LANGUAGE_COOKIE_NAME: ("lang", {code for code, _ in settings.LANGUAGES}),
    "size": ("size", {"normal", "large"}),
    "theme": ("theme", {"auto", "light", "dark"}),
}


class LocaleMiddleware:
    """The reader's language: asked for in the address, remembered, the person's own, or the browser's.

    What the address asks for (language, size of text, colours) is remembered for a year.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        asked = {
            cookie: request.GET[name] for cookie, (name, allowed) in CHOICES.items() if request.GET.get(name) in allowed
        }
        language = asked.get(settings.LANGUAGE_COOKIE_NAME) or own_language(request)
        translation.activate(language or translation.get_language_from_request(request))
        request.LANGUAGE_CODE = translation.get_language()

        response = self.get_response(request)
        for cookie, value in asked.items():
            response.set_cookie(cookie, value, max_age=YEAR, secure=settings.HTTPS, httponly=True, samesite="Lax")
        response.headers.setdefault("Content-Language", request.LANGUAGE_CODE)
        patch_vary_headers(response, ["Accept-Language", "Cookie"])
        return response


def own_language(request: HttpRequest) -> str | None:
    """The signed-in person's language, unless this browser remembers another; asks nothing of a stranger's request."""
    if settings.LANGUAGE_COOKIE_NAME in request.COOKIES or settings.SESSION_COOKIE_NAME not in request.COOKIES:
        return None
    return request.user.language if request.user.is_authenticated else None


class Middleware:
    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)


class HeadersMiddleware(Middleware):
    """What a signed-in person sees is kept by no cache, and no page uses more of the device than it needs.

    Signing out clears what pages have stored on the device, taps that wait to be sent and pages kept for them too.
    """

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        personal = settings.SESSION_COOKIE_NAME in request.COOKIES | response.cookies.keys()
        if personal or "Authorization" in request.headers:
            response.headers.setdefault("Cache-Control", "no-store")
        if request.method == "POST" and request.path_info == SIGN_OUT:
            response.headers["Clear-Site-Data"] = '"storage"'
        response.headers.setdefault("Permissions-Policy", PERMISSIONS)
        return response


class SecondFactorMiddleware(Middleware):
    """Staff pages open for a session that has proved enough; see communities.web.proof."""

    def process_view(self, request: HttpRequest, *_view: object) -> HttpResponse | None:
        staff = request.path_info.startswith(proof.STAFF_PATHS)
        if not (staff or request.path_info.startswith(proof.ACCOUNT_PATHS)) or proof.by_token(request):
            return None
        if not request.user.is_authenticated or not proof.must_prove(request.user):
            return None
        step = proof.next_step(request, time.time())
        if step is None:
            return proof.saw(request, time.time()) if staff else None
        return None if not staff and proof.is_open(step, request.resolver_match.url_name) else ask_for(step, request)


def ask_for(step: str, request: HttpRequest) -> HttpResponse:
    if request.path_info.startswith("/api/"):
        return errors.as_json(403, errors.reasons_of(NEEDED))
    if step in proof.SET_UP_PAGES:
        messages.info(request, say(NEEDED.reasons[0]))
    back = request.get_full_path() if request.method == "GET" else "/"
    return redirect(f"{reverse(step)}?{urlencode({'next': back})}")


class HistoryMiddleware(Middleware):
    """Tells the history who acts and from where. The route's name and never its address, which can hold tokens."""

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method in SAFE:
            return self.get_response(request)
        origin = keyed_hash(ip_of(request))[:16]
        with history.Told(user=signed_in(request), method=request.method, origin=origin):
            return self.get_response(request)

    def process_view(self, request: HttpRequest, *_view: object) -> None:
        if request.method not in SAFE:
            history.Told(route=request.resolver_match.view_name)


def signed_in(request: HttpRequest) -> int | None:
    """The id in the session, without asking the database."""
    found = request.session.get(SESSION_KEY)
    return int(found) if found else None


class DomainErrorMiddleware(Middleware):
    """Turns what the domain says no to into a page; the API has its own handler."""

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        return errors.page(request, error)
