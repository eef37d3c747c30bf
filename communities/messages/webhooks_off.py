"""Switching a webhook off, and telling those who administer its area when nobody did it by hand."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q
from django.utils.translation import gettext as _

from communities.access import CAPABILITIES, May
from communities.messages.kinds import Claimed, Context, Kind, register
from communities.messages.outbox import Note, post
from communities.messages.rendering import lines
from communities.models import Grant, Webhook, WebhookDelivery
from communities.models.areas import Area
from communities.queries.customs import customs_of
from communities.states import HookStatus, OffReason

NEWS_FOR = timedelta(days=7)


def switch_off(webhook_id: int, reason: OffReason, now: datetime) -> bool:
    """Inside a transaction. What waits is given up, and can be tried again. Switched off before: no change."""
    found = Webhook.objects.filter(pk=webhook_id, active=True)
    if not found.update(active=False, off_reason=reason, off_at=now):
        return False
    park(webhook_id)
    if reason != OffReason.BY_HAND:
        tell(webhook_id, now)
    return True


def park(webhook_id: int) -> None:
    """What waits for a webhook that is off is given up."""
    waiting = WebhookDelivery.objects.waiting().filter(webhook=webhook_id)
    waiting.update(status=HookStatus.PARKED, reason="switched off")


def tell(webhook_id: int, now: datetime) -> None:
    area = Area.objects.get(webhooks=webhook_id)
    readers = administrators(area, now)
    key, until = f"{now:%Y%m%d%H%M%S}", now + NEWS_FOR
    post([Note(OFF.name, key, webhook_id, now, reader=reader, expires_at=until) for reader in readers])


def administrators(area: Area, now: datetime) -> list[int]:
    roles = [role for role, what in CAPABILITIES.items() if May.ADMINISTER in what]
    above = Q(area__in=area.ancestor_ids)
    grants = Grant.objects.in_force(now).filter(above, role__in=roles, user__is_active=True)
    return list(grants.order_by("user").values_list("user", flat=True).distinct())


@dataclass(frozen=True, slots=True, kw_only=True)
class Off(Context):
    hook: str
    gone: bool


def contexts(messages: Sequence[Claimed], now: datetime) -> Mapping[int, Off]:
    """Of those that are still off: whoever switched it on again needs no news of it."""
    hooks = Webhook.objects.filter(active=False).in_bulk({one.target for one in messages})
    customs = customs_of(hook.area_id for hook in hooks.values())
    return {
        one.id: Off(
            hook=hooks[one.target].name,
            gone=hooks[one.target].off_reason == OffReason.GONE,
            customs=customs[hooks[one.target].area_id],
        )
        for one in messages
        if one.target in hooks
    }


def subject(_off: Off) -> str:
    return _("A webhook was switched off")


def text(off: Off) -> str:
    why = _("Its receiver says that it is gone.") if off.gone else _("It has not taken anything for three days.")
    return lines(
        [
            _("The webhook %(name)s was switched off.") % {"name": off.hook},
            why,
            _("What it missed is kept for 30 days. Switch it on at the desk, under Webhooks, and send it again."),
        ]
    )


OFF = Kind("webhook_off", contexts, subject, text, own_duty=False)
register(OFF)
