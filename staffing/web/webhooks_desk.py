"""Other systems that are told what happens: whether they take it, what they have missed, and their secrets, shown once."""

from collections.abc import Callable, Mapping
from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from communities.access import May, areas
from communities.actions import webhooks as actions
from communities.channels.webhook.addresses import LONGEST
from communities.messages.happenings import SOURCES, topics
from communities.models import Area, Webhook, WebhookDelivery
from communities.queries.webhooks import HEALTH, deliveries_of, webhooks_of
from communities.states import HookStatus
from staffing.access import load
from staffing.web.calls_desk import form_page, page_and_post
from staffing.web.pages import attempt, back_to, show, staff_only
from staffing.web.webhook_words import delivery_chip, health_chip, type_in_words, why

PER_PAGE = 50
FIELDS = ("name", "url", "topics")
DOINGS: dict[str, Callable[..., Any]] = {
    "ping": actions.ping,
    "again": actions.try_again,
    "switch-on": actions.switch_on,
    "switch-off": actions.switch_off,
}


class WebhookForm(forms.Form):
    name = forms.CharField(label=pgettext_lazy("of a thing", "Name"), max_length=120)
    url = forms.CharField(
        label=gettext_lazy("Address"),
        max_length=LONGEST,
        widget=forms.URLInput,
        help_text=gettext_lazy("https, a host of the public internet by its name."),
    )
    topics = forms.MultipleChoiceField(
        label=gettext_lazy("What it is told of"),
        choices=lambda: [(topic, SOURCES[topic].label) for topic in topics()],
        widget=forms.CheckboxSelectMultiple,
    )


class NewWebhookForm(WebhookForm):
    area = forms.ModelChoiceField(
        Area.objects.none(), label=gettext_lazy("Area"), empty_label=None, help_text=gettext_lazy("With all below it.")
    )
    field_order = ["area", *FIELDS]

    def plan(self) -> actions.HookPlan:
        said = self.cleaned_data
        return actions.HookPlan(said["area"].pk, said["name"], said["url"], tuple(said["topics"]))


def mine(request: HttpRequest, pk: int) -> Webhook:
    found = webhooks_of(request.user)
    return load(found.select_related("area").annotate(**HEALTH), found, pk=pk)


@require_safe
@staff_only
def webhooks(request: HttpRequest) -> HttpResponse:
    """Those of all areas that the reader administers; for others there is no such page."""
    administered(request)
    found = webhooks_of(request.user).select_related("area").annotate(**HEALTH).order_by("active", "area__path", "pk")
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    rows = [(hook, health_chip(hook)) for hook in page.object_list]
    return show(request, "desk/webhooks.html", None, current="webhooks", page=page, rows=rows)


def administered(request: HttpRequest) -> Any:
    found = areas(request.user, May.ADMINISTER).order_by("path")
    if not found.exists():
        raise Http404
    return found


@never_cache
@page_and_post
@staff_only
def webhook_new(request: HttpRequest) -> HttpResponse:
    """The page that answers holds the secret, this once."""
    places = administered(request)
    form = NewWebhookForm(request.POST or None)
    form.fields["area"].queryset = places
    if request.method == "POST" and form.is_valid():
        hook = attempt(form, lambda: actions.make(form.plan(), by=request.user, now=timezone.now()))
        if hook:
            return secret_page(request, hook)
    return form_page(request, "desk/webhook_form.html", None, form, current="webhooks")


def secret_page(request: HttpRequest, hook: Webhook) -> HttpResponse:
    return show(request, "desk/webhook_secret.html", hook.area, current="webhooks", hook=hook)


@require_safe
@staff_only
def webhook(request: HttpRequest, pk: int) -> HttpResponse:
    """How it stands, and what it was told in the last 30 days, the newest first."""
    hook = mine(request, pk)
    told = WebhookDelivery.objects.filter(webhook=hook).select_related("happening").order_by("-happening")
    only = request.GET.get("only", "")
    if only == HookStatus.PARKED:
        told = told.parked()
    page = Paginator(told, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "hook": hook,
        "health": health_chip(hook),
        "why": why(hook.last_reason),
        "topics": [SOURCES[topic].label for topic in hook.topics if topic in SOURCES],
        "page": page,
        "only": only,
        "rows": [(one, type_in_words(one.happening), delivery_chip(one), why(one.reason)) for one in page.object_list],
    }
    return show(request, "desk/webhook.html", hook.area, current="webhooks", **context)


@page_and_post
@staff_only
def webhook_change(request: HttpRequest, pk: int) -> HttpResponse:
    hook = mine(request, pk)
    form = WebhookForm(request.POST or None, initial={name: getattr(hook, name) for name in FIELDS})
    if request.method == "POST" and form.is_valid():
        changes = {name: form.cleaned_data[name] for name in form.changed_data}
        if attempt(form, lambda: actions.change(hook.pk, changes, by=request.user, now=timezone.now())):
            messages.success(request, _("Saved."))
            return back_to(request, "webhook", hook.pk)
    return form_page(request, "desk/webhook_form.html", hook.area, form, current="webhooks", hook=hook)


@never_cache
@page_and_post
@staff_only
def webhook_rotate(request: HttpRequest, pk: int) -> HttpResponse:
    """Asked first; the page that answers holds the new secret, this once."""
    hook = mine(request, pk)
    if request.method == "POST":
        return secret_page(request, actions.rotate(hook.pk, by=request.user, now=timezone.now()))
    return sure(
        request,
        hook,
        question=_("A new secret?"),
        consequence=_("It signs from now on, and is shown once. For a day the secret before this one signs as well."),
        verb=_("Make a new secret"),
        keep=_("Keep the one it has"),
    )


@page_and_post
@staff_only
def webhook_end(request: HttpRequest, pk: int) -> HttpResponse:
    hook = mine(request, pk)
    if request.method == "POST":
        actions.end(hook.pk, by=request.user, now=timezone.now())
        messages.success(request, _("It is told nothing more."))
        return back_to(request, "webhooks")
    return sure(
        request,
        hook,
        question=_("Delete this webhook?"),
        consequence=_("It is told nothing more, and the record of what it was told goes. Its history stays."),
        verb=_("Delete it"),
        keep=_("Keep it"),
    )


def sure(request: HttpRequest, hook: Webhook, **words: str) -> HttpResponse:
    context = words | {"hook": hook, "action": request.path, "back": reverse("webhook", args=[hook.pk])}
    return show(request, "desk/webhook_sure.html", hook.area, current="webhooks", **context)


@require_POST
@staff_only
def webhook_do(request: HttpRequest, pk: int, doing: str) -> HttpResponse:
    hook = mine(request, pk)
    DOINGS[doing](hook.pk, by=request.user, now=timezone.now())
    messages.success(request, DONE[doing])
    return back_to(request, "webhook", hook.pk)


DONE: Mapping[str, Any] = {
    "ping": gettext_lazy("The test is on its way; what becomes of it stands below in a moment."),
    "again": gettext_lazy("They are sent once more."),
    "switch-on": gettext_lazy("It is told what happens from now on."),
    "switch-off": gettext_lazy("It is told nothing more until it is switched on. What waited can be sent again then."),
}


@require_POST
@staff_only
def delivery_again(request: HttpRequest, pk: int) -> HttpResponse:
    """One that was given up; of another there is nothing to do."""
    allowed = deliveries_of(request.user)
    found = load(allowed, allowed, pk=pk)
    tried = actions.try_again(found.webhook_id, [found.pk], by=request.user, now=timezone.now())
    if tried:
        messages.success(request, _("It is sent once more."))
    return back_to(request, "webhook", found.webhook_id)
