"""Task forces at the desk: founded for a purpose and a time, staffed, extended by two, ended with a note."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Prefetch, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_POST, require_safe

from communities.access import May, area_paths, areas, may
from communities.models import Area, User
from communities.numbers import number_in
from staffing import access
from staffing.actions import hand_overs, task_forces
from staffing.actions.task_forces import ForcePlan
from staffing.models import Extension, Posting, TaskForce
from staffing.models.taskforces import DUTIES
from staffing.queries import hand_overs as notes
from staffing.queries.task_forces import strength
from staffing.rules.task_forces import LONGEST, NOTE_WITHIN
from staffing.states import Duty, ExtensionStatus
from staffing.web.calls_desk import form_page, page_and_post
from staffing.web.desk_forms import ClockField, DayField, LeaderField
from staffing.web.pages import attempt, back_to, customs, show, staff_only

CHOICE = 300  # accounts to choose from


@require_safe
@staff_only
def task_forces_desk(request: HttpRequest) -> HttpResponse:
    """Those that go on, as a tree, and those that ended lately."""
    if not area_paths(request.user, May.SEE):
        raise Http404
    now = timezone.now()
    rows = access.task_forces_visible_to(request.user).select_related("area").order_by("path")
    heads = Prefetch("postings", Posting.objects.present().select_related("user").order_by("pk"), "staff")
    going = list(rows.going(now).prefetch_related(heads)[:300])
    going.sort(key=lambda one: one.ancestor_ids)
    for one in going:
        one.depth = len(one.ancestor_ids)
    over = list(rows.filter(period__endswith__lte=now).order_by("-period__endswith")[:20])
    found = bool(area_paths(request.user, May.COMMAND))
    return show(request, "desk/task_forces.html", None, current="task_forces", going=going, over=over, founds=found)


class ForceForm(forms.Form):
    area = forms.ModelChoiceField(Area.objects.none(), label=gettext_lazy("Over which area"), empty_label=None)
    name = forms.CharField(label=pgettext_lazy("of a task force", "Name"), max_length=120)
    name_en = forms.CharField(label=gettext_lazy("Name in English"), max_length=120, required=False)
    purpose = forms.CharField(label=gettext_lazy("What for"), max_length=200)
    day = DayField(label=gettext_lazy("Ends on"))
    clock = ClockField(
        label=gettext_lazy("at"),
        help_text=gettext_lazy("At most 30 days from now. All rights in it end then by themselves."),
    )

    def __init__(self, *args: Any, zone: ZoneInfo, places: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.zone = zone
        self.fields["area"].queryset = places

    def plan(self, parent: TaskForce | None) -> ForcePlan:
        said = self.cleaned_data
        ends = datetime.combine(said["day"], said["clock"], tzinfo=self.zone)
        return ForcePlan(
            said["area"].pk, said["name"], said["purpose"], ends, said["name_en"], parent.pk if parent else None
        )


@page_and_post
@staff_only
def task_force_new(request: HttpRequest) -> HttpResponse:
    """A new one; with `parent`, a part of another, within its area and its time."""
    parent, places = whole(request)
    zone, now = customs(places[0]).zone, timezone.now()
    end = parent.ends_at if parent else now + timedelta(days=14)
    first = {"area": request.GET.get("area"), "day": end.astimezone(zone).date(), "clock": "18:00"}
    if parent:
        first |= {"clock": end.astimezone(zone).time()}
    form = ForceForm(request.POST or None, zone=zone, places=places, initial=first)
    if request.method == "POST" and form.is_valid():
        made = attempt(form, lambda: task_forces.found(form.plan(parent), by=request.user, now=now))
        if made:
            messages.success(request, _("It stands. Now name its lead."))
            return back_to(request, "task_force", made.pk)
    return form_page(request, "desk/task_force_form.html", None, form, current="task_forces", parent=parent)


def whole(request: HttpRequest) -> tuple[TaskForce | None, QuerySet[Area]]:
    """What it is to be part of, and the areas it may be over."""
    asked = number_in(request.GET.get("parent"))
    if asked:
        user = request.user
        parent = access.load(
            access.task_forces_visible_to(user).select_related("area"), access.task_forces_led_by(user), pk=asked
        )
        return parent, Area.objects.under(parent.area).exclude(pk=parent.area_id).order_by("path")
    places = areas(request.user, May.COMMAND).order_by("path")
    if not places.exists():
        raise Http404
    return None, places


def seen(request: HttpRequest, pk: int) -> TaskForce:
    rows = access.task_forces_visible_to(request.user).select_related("area", "parent", "founded_by")
    return get_object_or_404(rows, pk=pk)


class AppointForm(forms.Form):
    user = LeaderField(User.objects.none(), label=gettext_lazy("Whom"), empty_label=None)
    duty = forms.ChoiceField(label=gettext_lazy("Function"), choices=list(DUTIES.items()), initial=Duty.POSTS)
    anyway = forms.BooleanField(
        label=gettext_lazy("The lead before cannot be reached: go on without a note"), required=False
    )

    def __init__(self, *args: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["user"].queryset = people


class ExtendForm(forms.Form):
    day = DayField(label=gettext_lazy("Until"))
    clock = ClockField(label=gettext_lazy("at"))
    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=200)

    def __init__(self, *args: Any, zone: ZoneInfo, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.zone = zone

    def until(self) -> datetime:
        return datetime.combine(self.cleaned_data["day"], self.cleaned_data["clock"], tzinfo=self.zone)


class NoteForm(forms.Form):
    text = forms.CharField(
        label=gettext_lazy("What those who come after have to know"),
        max_length=2000,
        widget=forms.Textarea({"rows": 5}),
        help_text=gettext_lazy("What is open, where things are, whom to ask. No names of residents."),
    )


@require_safe
@staff_only
def task_force(request: HttpRequest, pk: int) -> HttpResponse:
    found, now, user = seen(request, pk), timezone.now(), request.user
    going = found.ends_at > now
    leads = going and access.task_forces_led_by(user).filter(pk=pk).exists()
    commands = may(user, May.COMMAND, found.area)
    end = min(found.ends_at + timedelta(days=7), found.ends_at + LONGEST).astimezone(customs(found.area).zone)
    context = {
        "force": found,
        "going": going,
        "people": list(found.postings.present().select_related("user", "given_by")) if going else [],
        "past": list(found.postings.select_related("user").order_by("pk")[:200]),
        "parts": list(found.children.select_related("area").order_by("pk")[:100]),
        "asked": found.extensions.filter(status=ExtensionStatus.ASKED).select_related("asked_by").first(),
        "notes": list(notes.whole().filter(task_force=found)[:20]),
        "strength": strength(found.area),
        "leads": leads,
        "commands": commands,
        "form": AppointForm(people=access.colleagues_of(found, now)[:CHOICE]) if leads else None,
        "longer": ExtendForm(
            zone=customs(found.area).zone, initial={"day": end.date(), "clock": end.time()}
        ) if leads else None,
        "history": may(user, May.HISTORY, found.area),
        "teams": list(access.teams_visible_to(user).filter(task_force=found).standing()[:50]),
    }  # fmt: skip
    return show(request, "desk/task_force.html", found.area, current="task_forces", **context)


def led(request: HttpRequest, pk: int) -> TaskForce:
    user = request.user
    return access.load(access.task_forces_visible_to(user), access.task_forces_led_by(user), pk=pk)


@require_POST
@staff_only
def task_force_appoint(request: HttpRequest, pk: int) -> HttpResponse:
    found, now = led(request, pk), timezone.now()
    form = AppointForm(request.POST, people=access.colleagues_of(found, now))
    if not form.is_valid():
        raise Http404
    said = form.cleaned_data
    task_forces.appoint(found.pk, said["user"].pk, Duty(said["duty"]), by=request.user, now=now, anyway=said["anyway"])
    messages.success(request, _("%(who)s is told. The rights end with the task force.") % {"who": said["user"]})
    return back_to(request, "task_force", found.pk)


@require_POST
@staff_only
def posting_release(request: HttpRequest, pk: int) -> HttpResponse:
    user = request.user
    found = access.load(access.postings_visible_to(user), access.postings_ended_by(user), pk=pk)
    task_forces.release(found.pk, by=user, now=timezone.now())
    messages.success(request, _("The duty and its rights have ended."))
    return back_to(request, "task_forces")


@require_POST
@staff_only
def task_force_extend(request: HttpRequest, pk: int) -> HttpResponse:
    found = led(request, pk)
    form = ExtendForm(request.POST, zone=customs(found.area).zone)
    if form.is_valid():
        asked = attempt(
            form,
            lambda: task_forces.ask_extension(
                found.pk, form.until(), form.cleaned_data["reason"], by=request.user, now=timezone.now()
            ),
        )
        if asked:
            messages.success(request, _("Asked. A second person has to agree."))
    tell_errors(request, form)
    return back_to(request, "task_force", found.pk)


def tell_errors(request: HttpRequest, form: forms.Form) -> None:
    for name, texts in form.errors.items():
        label = form.fields[name].label if name in form.fields else ""
        messages.error(request, f"{label}: {' '.join(texts)}" if label else " ".join(texts))


@require_POST
@staff_only
def extension_answer(request: HttpRequest, pk: int, doing: str) -> HttpResponse:
    user = request.user
    visible = access.extensions_visible_to(user)
    found: Extension = access.load(visible, access.extensions_answered_by(user), pk=pk)
    task_forces.answer_extension(found.pk, yes=doing == "agree", by=user, now=timezone.now())
    messages.success(request, _("Agreed. It goes on.") if doing == "agree" else _("Refused. It ends as it was to."))
    return back_to(request, "task_force", found.task_force_id)


@page_and_post
@staff_only
def task_force_end(request: HttpRequest, pk: int) -> HttpResponse:
    """What ends with it, then the note that it asks for."""
    found, now = led(request, pk), timezone.now()
    form = NoteForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        ended = attempt(form, lambda: task_forces.end(found.pk, form.cleaned_data["text"], by=request.user, now=now))
        if ended:
            messages.success(request, _("It is over, and so are all rights in it."))
            return back_to(request, "task_forces")
    parts = TaskForce.objects.under(found).going(now)
    context = {
        "force": found,
        "people": Posting.objects.present().filter(task_force__in=parts).values("user").distinct().count(),
        "parts": parts.count() - 1,
    }
    return form_page(request, "desk/task_force_end.html", found.area, form, current="task_forces", **context)


@page_and_post
@login_required
def task_force_note(request: HttpRequest, pk: int) -> HttpResponse:
    """The note of its lead or deputy, whose rights may have ended; for a week after the end."""
    now = timezone.now()
    recent = access.task_forces_of(request.user).filter(period__endswith__gt=now - NOTE_WITHIN)
    found = get_object_or_404(recent.select_related("area"), pk=pk)
    form = NoteForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        text = form.cleaned_data["text"]
        left = attempt(form, lambda: hand_overs.of_task_force(found.pk, text, by=request.user, now=now))
        if left:
            messages.success(request, _("Thank you. Those who come after can read it."))
            return back_to(request, "task_force_note", found.pk)
    mine = list(notes.whole().filter(task_force=found, written_by=request.user)[:5])
    context = {"force": found, "notes": mine, "over": found.ends_at <= now}
    return form_page(request, "desk/task_force_note.html", found.area, form, current="task_forces", **context)


@require_POST
@login_required
def hand_over_read(request: HttpRequest, pk: int) -> HttpResponse:
    """Somebody takes over from where the note ends."""
    note = get_object_or_404(access.hand_overs_visible_to(request.user), pk=pk)
    hand_overs.take_over(note.pk, by=request.user, now=timezone.now())
    messages.success(request, _("Taken over."))
    return back_to(request, "boards")
