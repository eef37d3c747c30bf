"""Browsers that show somebody's messages: one comes, one goes."""

from dataclasses import asdict, dataclass
from datetime import datetime
from json import dumps

from django.db import transaction

from communities.channels.push import allowed
from communities.channels.push.sealing import Keys, padded, seal
from communities.errors import Invalid
from communities.fields import keyed_hash
from communities.messages.dead_ends import works_again
from communities.models import Browser, User

MOST = 20  # of one person; the oldest make room


@dataclass(frozen=True, slots=True)
class Subscription:
    """What a browser gives: an address of its maker's push service, and the keys to seal for it (base64url)."""

    endpoint: str
    p256dh: str
    auth: str


@transaction.atomic
def show_in(user: User, told: Subscription, *, now: datetime) -> Browser:
    """From now on messages come there too. A browser belongs to whom it was given last.

    Raises Invalid for an address that is none of a push service, or keys that are none.
    """
    check(told)
    found, _new = Browser.objects.update_or_create(
        endpoint_hash=keyed_hash(told.endpoint),
        defaults={"user": user, "subscription": dumps(asdict(told)), "since": now},
    )
    old = Browser.objects.filter(user=user).order_by("-since", "-pk").values_list("pk", flat=True)[MOST:]
    Browser.objects.filter(pk__in=list(old)).delete()
    works_again(user, "push")
    return found


def check(told: Subscription) -> None:
    if not allowed(told.endpoint) or len(told.endpoint) > 1000:
        raise Invalid(endpoint="push service")
    try:
        seal(b"", Keys(padded(told.p256dh), padded(told.auth)))
    except ValueError:
        raise Invalid(p256dh="key") from None


@transaction.atomic
def forget(user: User, endpoint: str) -> None:
    Browser.objects.filter(user=user, endpoint_hash=keyed_hash(endpoint)).delete()
