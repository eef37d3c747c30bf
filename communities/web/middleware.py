from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.cache import patch_vary_headers

type GetResponse = Callable[[HttpRequest], HttpResponse]

YEAR = 365 * 24 * 60 * 60


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


class SecondFactorMiddleware:
    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)


class HistoryMiddleware(SecondFactorMiddleware):
    pass


class DomainErrorMiddleware(SecondFactorMiddleware):
    pass
