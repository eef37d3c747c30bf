"""Notices to many: written with both languages side by side, seen before they leave, tried on oneself, sent, stopped."""

from collections.abc import Callable, Mapping
from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy
from django.views.decorators.http import require_POST, require_safe

from communities.access import May, areas, may
from communities.models import Area, Compound, User
from communities.numbers import number_in
from staffing import access
from staffing.access import load
from staffing.actions import broadcasts as actions
from staffing.actions.broadcasts import Notice, Words
from staffing.models import Broadcast, CallUp, NoticeTemplate
from staffing.models.broadcasts import URGENCIES
from staffing.queries import broadcasts as queries
from staffing.states import BroadcastStatus, CallStatus, Urgency
from staffing.web.calls_desk import form_page, leaders, page_and_post
from staffing.web.desk_forms import area_text
from staffing.web.pages import attempt, back_to, chosen_area, need, rights, show, staff_only
from volunteers.models import Qualification

PER_PAGE = 20
CHIPS = {
    BroadcastStatus.DRAFT: ("off", "pen"),
    BroadcastStatus.SENT: ("ok", "check"),
    BroadcastStatus.STOPPED: ("warn", "ban"),
}
PLACEHOLDERS = gettext_lazy("Placeholders: {name} {community} {contact}; with a call also {call} {when} {link}.")


class WordsForm(forms.Form):
    subject = forms.CharField(label=gettext_lazy("Subject"), max_length=60)
    text = forms.CharField(label=gettext_lazy("Text"), max_length=600, widget=area_text(5), help_text=PLACEHOLDERS)
    subject_en = forms.CharField(label=gettext_lazy("Subject in English"), max_length=60)
    text_en = forms.CharField(label=gettext_lazy("Text in English"), max_length=600, widget=area_text(5))

    def words(self) -> Words:
        return Words(**{name: self.cleaned_data[name] for name in actions.WORDS})


class TemplateForm(WordsForm):
    name = forms.CharField(label=pgettext_lazy("of a thing", "Name"), max_length=80)
    active = forms.BooleanField(label=gettext_lazy("In use"), required=False, initial=True)


class BroadcastForm(WordsForm):
    call_up = forms.ModelChoiceField(
        CallUp.objects.none(),
        label=gettext_lazy("To those with a place in"),
        required=False,
        empty_label=gettext_lazy("no call: to everybody who is enrolled here"),
    )
    qualification = forms.ModelChoiceField(
        Qualification.objects.order_by("name"),
        label=gettext_lazy("Who can"),
        required=False,
        empty_label=gettext_lazy("anything"),
    )
    compound = forms.ModelChoiceField(
        Compound.objects.none(),
        label=gettext_lazy("Who live in"),
        required=False,
        empty_label=gettext_lazy("anywhere"),
    )
    contact = forms.ModelChoiceField(User.objects.none(), label=gettext_lazy("Whom to call"), empty_label=None)
    urgency = forms.ChoiceField(
        label=gettext_lazy("When"), choices=list(URGENCIES.items()), widget=forms.RadioSelect, initial=Urgency.DAY
    )
    reason = forms.CharField(
        label=gettext_lazy("Why it cannot wait"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("Only for quiet hours; it stays in the history."),
    )
    groups = forms.BooleanField(label=gettext_lazy("Tell the chat groups too"), required=False)

    def __init__(self, *args: Any, area: Area, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        live = CallUp.objects.filter(community__path__startswith=area.path, ends_at__gt=timezone.now())
        self.fields["call_up"].queryset = live.exclude(status=CallStatus.CANCELLED).order_by("starts_at")
        homes = Compound.objects.filter(community__path__startswith=area.path)
        self.fields["compound"].queryset = homes.order_by("name")
        people = [by.pk, *(user.pk for user in leaders(area))]
        self.fields["contact"].queryset = User.objects.filter(pk__in=people)
        self.fields["contact"].initial = by.pk

    def notice(self) -> Notice:
        said = self.cleaned_data
        chosen = {name: said[name].pk if said[name] else None for name in ("call_up", "qualification", "compound")}
        return Notice(
            self.words(),
            urgency=said["urgency"],
            reason=said["reason"],
            groups=said["groups"],
            contact=said["contact"].pk,
            **chosen,
        )


@require_safe
@staff_only
def broadcasts(request: HttpRequest) -> HttpResponse:
    """Those of an area, the newest first, and the texts it uses again."""
    area = chosen_area(request)
    if not area:
        raise Http404
    rows = access.broadcasts_visible_to(request.user).filter(area__path__startswith=area.path)
    page = Paginator(rows.select_related("area", "sent_by"), PER_PAGE).get_page(request.GET.get("page"))
    for row in page.object_list:
        row.chip = (*CHIPS[BroadcastStatus(row.status)], row.get_status_display())
    mine = Q(area__path__startswith=area.path) | Q(area__in=area.ancestor_ids)
    kept = access.notice_templates_visible_to(request.user).filter(mine).select_related("area")
    return show(
        request,
        "desk/broadcasts.html",
        area,
        current="broadcasts",
        page=page,
        rights=rights(request.user, area),
        templates=kept.order_by("-active", "name"),
        keeps=may(request.user, May.PLAN, area),
    )


@page_and_post
@staff_only
def broadcast_new(request: HttpRequest) -> HttpResponse:
    area = chosen_area(request, May.RUN)
    if not area:
        raise Http404
    kept = queries.templates(area)
    form = BroadcastForm(request.POST or None, area=area, by=request.user, initial=chosen_words(request, kept))
    if request.method == "POST" and form.is_valid():
        made = attempt(form, lambda: actions.write(area.pk, form.notice(), by=request.user, now=timezone.now()))
        if made:
            return HttpResponseRedirect(reverse("broadcast", args=[made.pk]), status=303)
    places = list(areas(request.user, May.RUN).order_by("path")[:100])
    context = {"templates": kept, "places": places, "heading": _("New notice")}
    return form_page(request, "desk/broadcast_form.html", area, form, current="broadcasts", **context)


def chosen_words(request: HttpRequest, kept: Any) -> Mapping[str, Any]:
    """Those of the template named in the address."""
    found = kept.filter(pk=number_in(request.GET.get("template"))).first()
    return {name: getattr(found, name) for name in actions.WORDS} if found else {}


def run(request: HttpRequest, pk: int) -> Broadcast:
    user = request.user
    return load(access.broadcasts_visible_to(user).select_related("area"), access.broadcasts_run_by(user), pk=pk)


@page_and_post
@staff_only
def broadcast_edit(request: HttpRequest, pk: int) -> HttpResponse:
    found = run(request, pk)
    said = {name: getattr(found, name) for name in (*actions.WORDS, "urgency", "reason", "groups")}
    said |= {name: getattr(found, f"{name}_id") for name in ("call_up", "qualification", "compound", "contact")}
    form = BroadcastForm(request.POST or None, area=found.area, by=request.user, initial=said)
    form.fields["contact"].initial = found.contact_id
    sure = request.method == "POST" and form.is_valid()
    if sure and attempt(form, lambda: actions.rewrite(pk, form.notice(), by=request.user)):
        return HttpResponseRedirect(reverse("broadcast", args=[pk]), status=303)
    context = {"found": found, "heading": _("Change the notice")}
    return form_page(request, "desk/broadcast_form.html", found.area, form, current="broadcasts", **context)


@require_safe
@staff_only
def broadcast(request: HttpRequest, pk: int) -> HttpResponse:
    """A draft: what it would do, in numbers and as it reads. A sent one: how it goes."""
    about = ("area", "call_up", "qualification", "compound", "contact", "sent_by", "stopped_by")
    found = get_object_or_404(access.broadcasts_visible_to(request.user).select_related(*about), pk=pk)
    now, draft = timezone.now(), found.status == BroadcastStatus.DRAFT
    context = {
        "found": found,
        "chip": (*CHIPS[BroadcastStatus(found.status)], found.get_status_display()),
        "rights": rights(request.user, found.area),
        "shown": actions.preview(found, request.user, now),
        "history": may(request.user, May.HISTORY, found.area),
    }
    if draft:
        context |= {"reach": queries.reach(found, now), "leaves_at": actions.leaves_at(found, now)}
    else:
        context |= {"standing": queries.standing(found), "lost": queries.failed(found, now).count()}
    return show(request, "desk/broadcast.html", found.area, current="broadcasts", **context)


DEEDS: dict[str, Callable[..., Broadcast]] = {"try": actions.try_on, "send": actions.send, "stop": actions.stop}


@require_POST
@staff_only
def broadcast_do(request: HttpRequest, pk: int, doing: str) -> HttpResponse:
    found = run(request, pk)
    done = DEEDS[doing](found.pk, by=request.user, now=timezone.now())
    messages.success(request, sentence(doing, done))
    return back_to(request, "broadcast", pk)


def sentence(doing: str, done: Broadcast) -> str:
    match doing:
        case "try":
            return _("It is on its way to you alone.")
        case "stop":
            return _("Stopped. Nothing else leaves.")
    return ngettext("It goes to %(n)d person.", "It goes to %(n)d people.", done.people) % {"n": done.people}


@page_and_post
@staff_only
def template_new(request: HttpRequest) -> HttpResponse:
    area = chosen_area(request, May.PLAN)
    if not area:
        raise Http404
    return template_page(request, area, None)


@page_and_post
@staff_only
def template_edit(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(access.notice_templates_visible_to(request.user).select_related("area"), pk=pk)
    need(request.user, May.PLAN, found.area)
    return template_page(request, found.area, found)


def template_page(request: HttpRequest, area: Area, found: NoticeTemplate | None) -> HttpResponse:
    said = {name: getattr(found, name) for name in (*actions.WORDS, "name", "active")} if found else {}
    form = TemplateForm(request.POST or None, initial=said)
    if request.method == "POST" and form.is_valid():
        kept = attempt(
            form,
            lambda: actions.keep_template(
                area.pk,
                form.cleaned_data["name"],
                form.words(),
                by=request.user,
                now=timezone.now(),
                template_id=found.pk if found else None,
                active=form.cleaned_data["active"],
            ),
        )
        if kept:
            messages.success(request, _("Saved."))
            return HttpResponseRedirect(f"{reverse('broadcasts')}?area={area.pk}", status=303)
    heading = _("Change the template") if found else _("New template")
    return form_page(request, "desk/notice_template.html", area, form, current="broadcasts", heading=heading)
