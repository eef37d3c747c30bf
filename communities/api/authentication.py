from typing import Any

from django.utils import timezone
from rest_framework.authentication import BaseAuthentication, SessionAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed, PermissionDenied
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request

from communities import history
from communities.actions import tokens
from communities.errors import Forbidden
from communities.models import ApiToken, User


class BearerToken(BaseAuthentication):
    """`Authorization: Bearer rv_…`: the account the token was issued to, narrowed to the token's scopes.

    Reading needs `read` or `<scope>:read`, everything else `<scope>:write`, with the `scope` of the view; a view that
    names none is closed to tokens. Checked here, so that no view can forget it.
    """

    def authenticate(self, request: Request) -> tuple[User, ApiToken] | None:
        scheme, _space, text = get_authorization_header(request).decode(errors="replace").partition(" ")
        if scheme.lower() != "bearer":
            return None
        token = tokens.used(text.strip(), now=timezone.now())
        if not token or not token.user.is_active:
            raise AuthenticationFailed
        if not token_allows(token, request):
            raise Forbidden("scope_missing")
        history.acts(token.user)
        return token.user, token

    def authenticate_header(self, _request: Request) -> str:
        return 'Bearer realm="redvest"'


def token_allows(token: ApiToken, request: Request) -> bool:
    scope = getattr((request.parser_context or {}).get("view"), "scope", None)
    reads = request.method in SAFE_METHODS
    enough = {"read", f"{scope}:read"} if reads else {f"{scope}:write"}
    return bool(scope) and not enough.isdisjoint(token.scopes)


class Session(SessionAuthentication):
    """The cookie of a signed-in browser. Writing without the page's token is its own refusal: who asks may well do it."""

    def enforce_csrf(self, request: Any) -> None:
        try:
            super().enforce_csrf(request)
        except PermissionDenied:
            raise Forbidden("csrf_failed") from None

    def authenticate_header(self, _request: Any) -> str:
        return 'Session realm="redvest"'
