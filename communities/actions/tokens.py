"""Bearer tokens for machines: printed once, kept as a hash, ended by date or by hand."""

import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta

from communities.errors import Invalid, Refused
from communities.models import ApiToken, User
from communities.models.keys import token_hash
from communities.queries.prepared import loaded
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


# Within the statement that reads, and not waited for on the disk: a busy client costs no write of its own, and one a
# minute at most.
NOTED = """
    with noted as (
        update communities_apitoken set last_used_at = %(now)s::timestamptz
        where token_hash = %(hash)s::text and revoked_at is null and expires_at > %(now)s::timestamptz
            and (last_used_at is null or last_used_at <= %(now)s::timestamptz - interval '1 minute')
        returning set_config('synchronous_commit', 'off', true)
    )
"""


def used(token: str, *, now: datetime) -> ApiToken | None:
    """The row of the token with its account, if it is in force; that it was used is noted."""
    where = "where t.token_hash = %(hash)s::text"
    found = loaded(ApiToken, where, "user", before=NOTED, hash=token_hash(token), now=now)
    return next((row for row in found if row.in_force(now)), None)
