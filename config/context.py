"""What every page knows: the reader's choices and the way around."""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

DOCK = [
    ("call_ups", "horn", _("Calls")),
    ("my_shifts", "calendar", _("My shifts")),
    ("me", "user", _("Me")),
]


def page(request: HttpRequest) -> dict[str, Any]:
    return {
        "ui": {
            "size": chosen(request, "size", "large"),
            "theme": chosen(request, "theme", "light", "dark"),
            "chinese": (get_language() or "").startswith("zh"),
            "demo": settings.DEMO,
            "fragment": request.headers.get("HX-Request-Type") == "partial",
            "dock": list(dock(request)) if signed_in(request) else [],
        }
    }


def chosen(request: HttpRequest, name: str, *allowed: str) -> str:
    """The choice in the address, else the remembered one; the middleware remembers it in a cookie."""
    value = request.GET.get(name) or request.COOKIES.get(name, "")
    return value if value in allowed else ""


def signed_in(request: HttpRequest) -> bool:
    return hasattr(request, "user") and request.user.is_authenticated


def dock(request: HttpRequest) -> Iterable[dict[str, Any]]:
    for name, icon, label in DOCK:
        try:
            href = reverse(name)
        except NoReverseMatch:
            continue
        yield {"href": href, "icon": icon, "label": label, "current": request.path == href}
