"""Bearer tokens for machines: printed once, kept as a hash, ended by date or by hand."""

import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta

from communities.errors import Invalid, Refused
from communities.models import ApiToken, User
from communities.models.keys import token_hash
from communities.states import SCOPES

LONGEST = 366  # days


def issue(user: User, name: str, scopes: Iterable[str], days: int, *, now: datetime) -> tuple[ApiToken, str]:
    """The new token's row, and the token itself, which nobody can show again.

    Raises Refused("scope_unknown") and Invalid(days=…).
    """
    wanted = sorted(set(scopes))
    if unknown := set(wanted) - SCOPES:
        raise Refused("scope_unknown", scopes=", ".join(sorted(unknown)))
    if not wanted or not 1 <= days <= LONGEST:
        raise Invalid(**({"scopes": "none"} if not wanted else {"days": f"1-{LONGEST}"}))
    token = f"rv_{secrets.token_urlsafe(32)}"
    row = ApiToken.objects.create(
        user=user, name=name, token_hash=token_hash(token), scopes=wanted, expires_at=now + timedelta(days=days)
    )
    return row, token


def revoke(token_id: int, *, now: datetime) -> None:
    """From the next request on the token opens nothing. Again is no change."""
    ApiToken.objects.filter(pk=token_id, revoked_at=None).update(revoked_at=now)


def used(token: ApiToken, *, now: datetime) -> None:
    """Note the use, once a minute at most: a busy client shall not cost a write per request."""
    minute_ago = now - timedelta(minutes=1)
    if token.last_used_at is None or token.last_used_at <= minute_ago:
        ApiToken.objects.filter(pk=token.pk).update(last_used_at=now)
