"""Webhooks and what they were told. A secret is shown once, on the page after the one that made it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import lazy
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import AutocompleteSelectFilter, ChoicesDropdownFilter
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget, UnfoldAdminTextInputWidget

from communities.access import May
from communities.actions import webhooks
from communities.admin.base import DomainForm, ReadOnlyInline
from communities.admin.steps import Ask, Step, Stepping
from communities.channels.webhook.addresses import LONGEST
from communities.messages.happenings import SOURCES, topics
from communities.models import Happening, Webhook, WebhookDelivery
from communities.states import HookStatus

capitalised = lazy(capfirst, str)
FIELDS = ["name", "url", "topics"]
HELD = (May.ADMINISTER,)


class WebhookForm(DomainForm):
    url = forms.CharField(
        label=capitalised(_("address")),
        max_length=LONGEST,
        widget=UnfoldAdminTextInputWidget,
        help_text=_("https, a host of the public internet by its name."),
    )
    topics = forms.MultipleChoiceField(
        label=capitalised(_("topics")),
        choices=lambda: [(topic, SOURCES[topic].label) for topic in topics()],
        widget=UnfoldAdminCheckboxSelectMultipleWidget,
    )


def moment(at: datetime) -> str:
    return date_format(timezone.localtime(at), "DATETIME_FORMAT")


def in_words(happening: Happening) -> str:
    source = SOURCES.get(happening.topic)
    return f"{source.label if source else happening.topic} #{happening.target}: {happening.state}"


class WebhookDeliveryInline(ReadOnlyInline):
    model = WebhookDelivery
    fields = ["what", "status", "attempts", "answer", "reason", "tried_at"]
    readonly_fields = fields
    ordering = ["-pk"]

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related("happening")

    @admin.display(description=_("what"))
    def what(self, row: WebhookDelivery) -> str:
        return in_words(row.happening)


def rotate(row: Webhook, ask: Ask) -> None:
    row.secret = webhooks.rotate(row.pk, by=ask.by, now=ask.now).secret


def ping(row: Webhook, ask: Ask) -> None:
    webhooks.ping(row.pk, by=ask.by, now=ask.now)


def switch_off(row: Webhook, ask: Ask) -> None:
    webhooks.switch_off(row.pk, by=ask.by, now=ask.now)


def switch_on(row: Webhook, ask: Ask) -> None:
    webhooks.switch_on(row.pk, by=ask.by, now=ask.now)


def try_all(row: Webhook, ask: Ask) -> None:
    webhooks.try_again(row.pk, by=ask.by, now=ask.now)


def try_one(row: WebhookDelivery, ask: Ask) -> None:
    webhooks.try_again(row.webhook_id, [row.pk], by=ask.by, now=ask.now)


@admin.register(Webhook)
class WebhookAdmin(Stepping):
    areas = ["area"]
    sees = changes = adds = deletes = HELD
    parts = [WebhookDelivery]
    form = WebhookForm
    fills = ["area", *FIELDS]
    edits = FIELDS
    shows = [
        "area",
        *FIELDS,
        "active",
        "off_reason",
        "off_at",
        "failing_since",
        "former_until",
        "set_up_by",
        "set_up_at",
    ]
    list_display = ["name", "area", "wanted", "active", "off_reason", "failing_since", "set_up_at"]
    list_select_related = ["area", "made_by"]
    list_filter = [("area", AutocompleteSelectFilter), "active"]
    search_fields = ["name", "area__name"]
    autocomplete_fields = ["area"]
    ordering = ["area_id", "name"]
    inlines = [WebhookDeliveryInline]
    steps = [
        Step("ping", _("Send a test"), ping, HELD, "send", when=lambda row: row.active),
        Step("again", _("Try all given up again"), try_all, HELD, "replay", when=lambda row: row.active),
        Step(
            "rotate",
            _("New secret"),
            rotate,
            HELD,
            "key",
            single=True,
            foresee=lambda _rows: [str(_("For a day the secret before this one signs as well."))],
        ),
        Step("switch_on", _("Switch on"), switch_on, HELD, "toggle_on", when=lambda row: not row.active),
        Step(
            "switch_off",
            _("Switch off"),
            switch_off,
            HELD,
            "toggle_off",
            when=lambda row: row.active,
            foresee=lambda _rows: [str(_("What waits is given up, and can be tried again."))],
            danger=True,
        ),
    ]

    @admin.display(description=_("set up by"))
    def set_up_by(self, row: Webhook) -> str:
        return str(row.made_by or "")

    @admin.display(description=_("set up"))
    def set_up_at(self, row: Webhook) -> str:
        return moment(row.created_at)

    @admin.display(description=_("topics"))
    def wanted(self, row: Webhook) -> str:
        return ", ".join(str(SOURCES[topic].label) for topic in row.topics if topic in SOURCES)

    def get_inline_instances(self, request: HttpRequest, obj: Webhook | None = None) -> list[Any]:
        return super().get_inline_instances(request, obj) if obj else []

    def save_model(self, request: HttpRequest, obj: Webhook, form: Any, change: bool) -> None:
        said, now = {name: form.cleaned_data[name] for name in FIELDS}, timezone.now()
        if change:
            webhooks.change(obj.pk, said, by=request.user, now=now)
            return
        plan = webhooks.HookPlan(area=obj.area_id, **said | {"topics": tuple(said["topics"])})
        made = webhooks.make(plan, by=request.user, now=now)
        obj.pk, obj.secret = made.pk, made.secret

    def delete_model(self, request: HttpRequest, obj: Webhook) -> None:
        webhooks.end(obj.pk, by=request.user, now=timezone.now())

    def delete_queryset(self, request: HttpRequest, queryset: Any) -> None:
        for row in queryset:
            self.delete_model(request, row)

    def response_add(self, request: HttpRequest, obj: Webhook, post_url_continue: Any = None) -> HttpResponse:
        return self.show_secret(request, obj)

    def run_all(self, request: HttpRequest, step: Step, rows: Sequence[Any], answers: dict[str, Any]) -> Any:
        before = rows[0].secret
        super().run_all(request, step, rows, answers)
        return self.show_secret(request, rows[0]) if rows[0].secret != before else None

    def show_secret(self, request: HttpRequest, row: Webhook) -> HttpResponse:
        page = reverse("admin:communities_webhook_change", args=[row.pk])
        shown = {"opts": self.opts, "title": row.name, "secret": row.secret, "back": page}
        return TemplateResponse(request, "admin/secret.html", self.admin_site.each_context(request) | shown)


@admin.register(WebhookDelivery)
class WebhookDeliveryAdmin(Stepping):
    areas = ["webhook__area"]
    sees = HELD
    shows = ["webhook", "what", "at", "status", "attempts", "answer", "reason", "tried_at", "due_at"]
    list_display = ["id", "webhook", "what", "at", "status", "attempts", "answer", "reason", "tried_at"]
    list_select_related = ["webhook", "happening"]
    list_filter = [("webhook", AutocompleteSelectFilter), ("status", ChoicesDropdownFilter)]
    ordering = ["-id"]
    steps = [
        Step("again", _("Try again"), try_one, HELD, "replay", when=lambda row: row.status == HookStatus.PARKED),
    ]

    @admin.display(description=_("what"))
    def what(self, row: WebhookDelivery) -> str:
        return in_words(row.happening)

    @admin.display(description=_("at"))
    def at(self, row: WebhookDelivery) -> str:
        return moment(row.happening.at)
