"""Webhooks of an area: made, changed and ended by who administers it. The secret is told once and kept encrypted."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from communities.access import May, may
from communities.channels.webhook.addresses import NotAllowedError, read
from communities.channels.webhook.signing import new_secret
from communities.errors import Forbidden, Invalid, Refused
from communities.messages import webhooks_off
from communities.messages.happenings import PING, topics
from communities.models import Area, Happening, User, Webhook, WebhookDelivery
from communities.rules.webhooks import FORMER_SIGNS
from communities.signals import webhook_due
from communities.states import HookStatus, OffReason

WHY = {
    "unreadable": gettext_lazy("This cannot be read as an address."),
    "https_only": gettext_lazy("Only https is called."),
    "credentials": gettext_lazy("An address with a name and password in it is not called."),
    "port": gettext_lazy("This port is not called."),
    "host": gettext_lazy("Only hosts of the public internet are called, by their names."),
}


@dataclass(frozen=True, slots=True)
class HookPlan:
    """An address that wants to know."""

    area: int
    name: str
    url: str
    topics: tuple[str, ...]


@transaction.atomic
def make(plan: HookPlan, *, by: User, now: datetime) -> Webhook:
    """From now on; its `secret` can be read from this row alone. Raises Forbidden, Invalid."""
    area = Area.objects.filter(pk=plan.area).first()
    if area is None:
        raise Invalid(area=_("There is no such area."))
    if not may(by, May.ADMINISTER, area):
        raise Forbidden
    wanted = known(plan.topics)
    check_address(plan.url)
    return Webhook.objects.create(
        area=area, name=plan.name, url=plan.url, topics=wanted, secret=new_secret(), made_by=by
    )


def known(wanted: Iterable[str]) -> list[str]:
    found = [topic for topic in topics() if topic in set(wanted)]
    if not found or set(wanted) - set(found):
        raise Invalid(topics=_("One or more of: %(topics)s.") % {"topics": ", ".join(topics())})
    return found


def check_address(url: str) -> None:
    """Whether it may be called at all; where its name leads is looked up for each call."""
    try:
        read(url)
    except NotAllowedError as error:
        raise Invalid(url=WHY[str(error)]) from None


def held(webhook_id: int, by: User) -> Webhook:
    hook = Webhook.objects.select_for_update(of=("self",), no_key=True).select_related("area").get(pk=webhook_id)
    if not may(by, May.ADMINISTER, hook.area):
        raise Forbidden
    return hook


@transaction.atomic
def change(webhook_id: int, changes: Mapping[str, Any], *, by: User, now: datetime) -> Webhook:
    """Its name, address or topics. Raises Forbidden, Invalid."""
    hook = held(webhook_id, by)
    if "topics" in changes:
        changes = {**changes, "topics": known(changes["topics"])}
    if "url" in changes:
        check_address(changes["url"])
    for name, value in changes.items():
        setattr(hook, name, value)
    hook.save(update_fields=[*changes])
    return hook


@transaction.atomic
def rotate(webhook_id: int, *, by: User, now: datetime) -> Webhook:
    """A new secret, to be read from this row alone; the one before signs beside it for a day."""
    hook = held(webhook_id, by)
    hook.former_secret, hook.former_until = hook.secret, now + FORMER_SIGNS
    hook.secret = new_secret()
    hook.save(update_fields=["secret", "former_secret", "former_until"])
    return hook


@transaction.atomic
def ping(webhook_id: int, *, by: User, now: datetime) -> WebhookDelivery:
    """Tell it something that has not happened, to see whether it arrives. Raises Refused("webhook_off")."""
    hook = held(webhook_id, by)
    if not hook.active:
        raise Refused("webhook_off")
    happening = Happening.objects.create(
        topic=PING, target=hook.pk, state="ping", at=now, area=hook.area, data={"webhook": hook.pk}, spread_at=now
    )
    due(now)
    return WebhookDelivery.objects.create(webhook=hook, happening=happening, due_at=now)


@transaction.atomic
def switch_off(webhook_id: int, *, by: User, now: datetime) -> Webhook:
    """What waits is given up, and can be tried again. Again is no change."""
    hook = held(webhook_id, by)
    webhooks_off.switch_off(hook.pk, OffReason.BY_HAND, now)
    hook.refresh_from_db()
    return hook


@transaction.atomic
def switch_on(webhook_id: int, *, by: User, now: datetime) -> Webhook:
    """It is told what happens from now on. Again is no change."""
    hook = held(webhook_id, by)
    if not hook.active:
        hook.active, hook.off_reason, hook.off_at, hook.failing_since = True, "", None, None
        hook.save(update_fields=["active", "off_reason", "off_at", "failing_since"])
    return hook


@transaction.atomic
def end(webhook_id: int, *, by: User, now: datetime) -> None:
    """It goes with all that it was told; its history stays."""
    held(webhook_id, by).delete()


@transaction.atomic
def try_again(webhook_id: int, deliveries: Iterable[int] | None = None, *, by: User, now: datetime) -> int:
    """Those of its deliveries that were given up, or all of them; returns how many. Raises Refused("webhook_off")."""
    hook = held(webhook_id, by)
    if not hook.active:
        raise Refused("webhook_off")
    parked = WebhookDelivery.objects.parked().filter(webhook=hook)
    if deliveries is not None:
        parked = parked.filter(pk__in=list(deliveries))
    due(now)
    return parked.update(status=HookStatus.WAITING, due_at=now, attempts=0)


def due(now: datetime) -> None:
    transaction.on_commit(lambda: webhook_due.send(sender=Webhook), robust=True)
