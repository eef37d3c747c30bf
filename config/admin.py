"""The admin site as a whole: who may enter, under which content policy, and how it is laid out."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import admin
from django.contrib.admin.views.autocomplete import AutocompleteJsonView
from django.contrib.auth import REDIRECT_FIELD_NAME, logout
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, resolve_url
from django.templatetags.static import static
from django.urls import reverse
from django.utils.csp import CSP
from django.utils.functional import SimpleLazyObject
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csp import csp_override
from unfold.sites import UnfoldAdminSite

from communities.access import has_grant

# The site's own policy with two holes, for these pages only. unsafe-eval: Alpine.js, which draws menus, filters and
# dialogs, builds functions from attributes of the page (inline scripts stay forbidden). style-src-attr: it writes
# widths and positions into style attributes; style elements stay forbidden.
CONTENT_POLICY = settings.SECURE_CSP | {
    "script-src": [CSP.SELF, CSP.UNSAFE_EVAL],
    "style-src": [CSP.SELF],
    "style-src-attr": [CSP.UNSAFE_INLINE],
    "font-src": [CSP.SELF],
}


class Choices(AutocompleteJsonView):
    def serialize_result(self, obj: Any, to_field_name: str) -> dict[str, str]:
        return super().serialize_result(obj, to_field_name) | {"text": self.model_admin.called(obj)}


class Site(UnfoldAdminSite):
    """Open to staff with a grant in force. What each of them finds inside is the pages' business."""

    site_title = site_header = "Redvest"
    enable_nav_sidebar = True

    def has_permission(self, request: HttpRequest) -> bool:
        user = request.user
        return bool(user.is_active and getattr(user, "is_staff", False) and has_grant(user))

    def register(self, models: Any, admin_class: type | None = None, **options: Any) -> None:
        """Only pages that say who sees them get in; those that other packages bring along do not."""
        if hasattr(admin_class, "sees"):
            super().register(models, admin_class, **options)

    def admin_view(self, view: Callable[..., Any], cacheable: bool = False) -> Callable[..., Any]:
        guarded: Callable[..., Any] = csp_override(CONTENT_POLICY)(super().admin_view(view, cacheable))
        return guarded

    def login(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """The site's own sign-in, with its second factor. Who is signed in and has no business here is told so."""
        if request.user.is_authenticated and not self.has_permission(request):
            raise PermissionDenied
        back = request.GET.get(REDIRECT_FIELD_NAME) or reverse("admin:index")
        return redirect_to_login(back, resolve_url("account_login"))

    def logout(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        if request.method == "POST":
            logout(request)
        return redirect("/")

    def password_change(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        return redirect("account_change_password")

    def autocomplete_view(self, request: HttpRequest) -> HttpResponse:
        return Choices.as_view(admin_site=self)(request)

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> Any:
        """Put together when a page shows it; most show the menu instead."""
        return SimpleLazyObject(lambda: super(Site, self).get_app_list(request, app_label))

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        """Without the colours as a style element: the policy forbids it, and admin/redvest.css has them."""
        return super().each_context(request) | {"colors": None}


GROUPS = [
    (
        _("Who does what, when"),
        [
            ("staffing", "callup", "campaign"),
            ("staffing", "round", "repeat"),
            ("staffing", "demandplan", "calculate"),
            ("staffing", "shift", "calendar_clock"),
            ("staffing", "post", "event_seat"),
            ("staffing", "signup", "how_to_reg"),
            ("staffing", "pledge", "handshake"),
            ("staffing", "swap", "swap_horiz"),
            ("staffing", "proposal", "rule"),
            ("staffing", "asking", "replay"),
            ("staffing", "waverun", "waves"),
            ("staffing", "wave", "group_add"),
            ("staffing", "reply", "quickreply"),
            ("staffing", "shortage", "person_off"),
            ("staffing", "chainlist", "format_list_numbered"),
            ("staffing", "chainrow", "checklist"),
            ("staffing", "role", "badge"),
            ("staffing", "normprofile", "straighten"),
        ],
    ),
    (
        _("Who the people are"),
        [
            ("volunteers", "volunteer", "group"),
            ("volunteers", "enrolment", "app_registration"),
            ("volunteers", "heldqualification", "verified"),
            ("volunteers", "qualification", "school"),
            ("volunteers", "availability", "event_available"),
            ("volunteers", "absence", "event_busy"),
            ("volunteers", "accesspass", "badge"),
            ("volunteers", "affiliation", "work"),
            ("staffing", "chainalias", "alternate_email"),
            ("volunteers", "consent", "fact_check"),
            ("volunteers", "servicerecord", "history_edu"),
        ],
    ),
    (
        _("Which places there are"),
        [
            ("communities", "community", "home_work"),
            ("communities", "compound", "apartment"),
            ("communities", "building", "domain"),
            ("communities", "entrance", "door_sliding"),
            ("communities", "door", "door_front"),
            ("communities", "site", "location_on"),
            ("communities", "samplingpoint", "vaccines"),
            ("communities", "zonestatus", "fence"),
            ("communities", "zoneproposal", "rate_review"),
            ("staffing", "zonerecheck", "fact_check"),
            ("staffing", "recheckedseat", "event_seat"),
            ("communities", "area", "account_tree"),
            ("communities", "organisation", "corporate_fare"),
        ],
    ),
    (
        _("What was said"),
        [
            ("communities", "message", "mail"),
            ("communities", "delivery", "outgoing_mail"),
            ("communities", "deadend", "phonelink_erase"),
            ("communities", "optout", "unsubscribe"),
            ("communities", "browser", "notifications"),
            ("staffing", "broadcast", "campaign"),
            ("staffing", "noticetemplate", "article"),
            ("communities", "grouprobot", "smart_toy"),
        ],
    ),
    (
        _("Who may do what"),
        [
            ("communities", "user", "person"),
            ("communities", "grant", "key"),
            ("communities", "apitoken", "token"),
            ("communities", "webhook", "webhook"),
            ("communities", "webhookdelivery", "outbound"),
            ("communities", "zonescheme", "layers"),
            ("communities", "zonepolicy", "rule"),
            ("pghistory", "events", "history"),
        ],
    ),
]


def navigation(request: HttpRequest) -> list[dict[str, Any]]:
    """One group per question, with what the reader may open."""
    pages = {(model._meta.app_label, model._meta.model_name): page for model, page in admin.site._registry.items()}
    open_to = {key: page for key, page in pages.items() if page.has_view_permission(request)}
    today = {"title": _("Today"), "icon": "today", "link": reverse("admin:index")}
    groups = [
        {
            "title": title,
            "items": [link(open_to[app, model], icon) for app, model, icon in rows if (app, model) in open_to],
        }
        for title, rows in GROUPS
    ]
    return [{"items": [today]}, *(group for group in groups if group["items"])]


def link(page: Any, icon: str) -> dict[str, Any]:
    address = reverse(f"admin:{page.opts.app_label}_{page.opts.model_name}_changelist")
    return {"title": capfirst(page.opts.verbose_name_plural), "icon": icon, "link": address}


def icon(_request: HttpRequest) -> str:
    return static("img/vest.svg")


def stylesheet(_request: HttpRequest) -> str:
    return static("admin/redvest.css")
