"""How a webhook and what it was told stand, in words and shapes."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from communities.messages.happenings import SOURCES, type_of
from communities.models import Happening, Webhook, WebhookDelivery
from communities.models.webhooks import OFF_REASONS
from communities.states import HookStatus

type Chip = tuple[str, str, Any]

STATES: dict[str, Chip] = {
    HookStatus.WAITING: ("warn", "clock", pgettext_lazy("delivery", "waiting")),
    HookStatus.SENDING: ("info", "share", _("sending")),
    HookStatus.ARRIVED: ("ok", "check", _("arrived")),
    HookStatus.PARKED: ("bad", "alert", _("given up")),
}
REASONS = {
    "no such host": _("there is no host of this name"),
    "address not allowed": _("this address is not called"),
    "certificate": _("its certificate is not valid"),
    "timeout": _("it did not answer in time"),
    "no connection": _("no connection"),
    "bad answer": _("its answer could not be read"),
    "switched off": _("it was switched off"),
}

TAKEN = (None, "", "switched off")


def health_chip(hook: Webhook) -> Chip:
    """Needs HEALTH beside the row."""
    if not hook.active:
        return "off", "ban", _("switched off: %(why)s") % {"why": OFF_REASONS[hook.off_reason]}
    if hook.failing_since or hook.last_reason not in TAKEN:
        return "bad", "alert", _("does not take it")
    if hook.parked:
        return "warn", "alert", _("takes it, some given up")
    if hook.last_tried_at is None:
        return "info", "ring", _("not called yet")
    return "ok", "check", _("takes it")


def delivery_chip(delivery: WebhookDelivery) -> Chip:
    return STATES[delivery.status]


def why(reason: str | None) -> Any:
    """Why something did not arrive. An HTTP status stands beside it already."""
    return "" if not reason or reason.startswith("http ") else REASONS.get(reason, reason)


def type_in_words(happening: Happening) -> tuple[Any, str]:
    """What it is about, and what the receiver reads as its type."""
    source = SOURCES.get(happening.topic)
    return (source.label, type_of(happening)) if source else (happening.topic, happening.state)
