"""What a session has proved so far. Who holds a grant needs a password and a second factor before staff pages open.

Signing up to a call with a code is enough for a volunteer, also for a volunteer who happens to be staff; the desk, the
boards, the admin site and the API under a session then ask for what is missing. The proof lasts STAFF_HOURS, and ends
earlier when staff pages are not used for STAFF_IDLE_MINUTES.
"""

from typing import Any

from allauth.account.authentication import get_authentication_records
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.http import HttpRequest

from communities.access import has_grant
from communities.models import User

STAFF_PATHS = ("/desk/", "/admin/", "/p/", "/api/v1/")
ACCOUNT_PATHS = ("/accounts/",)
SEEN = "staff_seen_at"
SEEN_EVERY = 60  # seconds; oftener would only write to the session
ALWAYS_OPEN = {
    "account_logout",
    "account_reauthenticate",
    "mfa_reauthenticate",
    "mfa_reauthenticate_webauthn",
}
OPEN_FOR_SET_UP = ALWAYS_OPEN | {
    "account_set_password",
    "account_change_password",
    "mfa_index",
    "mfa_activate_totp",
    "mfa_add_webauthn",
    "mfa_list_webauthn",
    "mfa_view_recovery_codes",
    "mfa_download_recovery_codes",
}
SET_UP_PAGES = {"account_set_password", "mfa_index"}


def must_prove(user: User) -> bool:
    return user.is_staff or has_grant(user)


def next_step(request: HttpRequest, now: float) -> str | None:
    """The name of the page where the signed-in person proves what is still missing; None if nothing is."""
    shown = get_authentication_records(request, request.user)
    if is_fresh(request, shown, now):
        if any(record.get("passwordless") or record["method"] == "password" for record in shown):
            return None
        return "account_reauthenticate" if request.user.has_usable_password() else "account_set_password"
    factors = set(Authenticator.objects.filter(user=request.user).values_list("type", flat=True))
    if not factors:
        return "mfa_index" if request.user.has_usable_password() else "account_set_password"
    return "mfa_reauthenticate_webauthn" if "totp" not in factors else "mfa_reauthenticate"


def is_fresh(request: HttpRequest, shown: list[dict[str, Any]], now: float) -> bool:
    """Was a second factor shown, today, and have staff pages been in use since?"""
    shown_at = max((record["at"] for record in shown if record["method"] == "mfa"), default=0)
    seen_at = max(shown_at, request.session.get(SEEN, 0))
    return now - shown_at < settings.STAFF_HOURS * 3600 and now - seen_at < settings.STAFF_IDLE_MINUTES * 60


def saw(request: HttpRequest, now: float) -> None:
    """Staff pages are in use."""
    if now - request.session.get(SEEN, 0) > SEEN_EVERY:
        request.session[SEEN] = int(now)


def is_open(step: str, name: str | None) -> bool:
    """May this account page be opened while `step` is missing? Who has no second factor yet has to set one up."""
    return name in (OPEN_FOR_SET_UP if step in SET_UP_PAGES else ALWAYS_OPEN)


def by_token(request: HttpRequest) -> bool:
    return request.headers.get("Authorization", "").lower().startswith("bearer ")
