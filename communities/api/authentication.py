import hashlib
from typing import Any

from django.utils import timezone
from rest_framework.authentication import BaseAuthentication, SessionAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from communities.models import ApiToken, User


def token_hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


class BearerToken(BaseAuthentication):
    """`Authorization: Bearer rv_…`: the account the token was issued to, narrowed to the token's scopes."""

    def authenticate(self, request: Request) -> tuple[User, ApiToken] | None:
        scheme, _space, token = get_authorization_header(request).decode(errors="replace").partition(" ")
        if scheme.lower() != "bearer":
            return None
        found = (
            ApiToken.objects.in_force(timezone.now())
            .filter(token_hash=token_hash(token.strip()))
            .select_related("user")
            .first()
        )
        if not found or not found.user.is_active:
            raise AuthenticationFailed
        return found.user, found

    def authenticate_header(self, _request: Request) -> str:
        return 'Bearer realm="redvest"'


class Session(SessionAuthentication):
    def authenticate_header(self, _request: Any) -> str:
        return 'Session realm="redvest"'
