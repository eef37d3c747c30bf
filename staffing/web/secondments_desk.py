"""People lent by units, at the community: who waits, who is on duty, who leaves; taken in one by one or many at once."""

from collections.abc import Iterable, Sequence
from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy
from django.views.decorators.http import require_POST, require_safe

from communities.access import May, may
from communities.models import Area, Grant, Organisation
from communities.numbers import number_in, numbers_in
from communities.phrases import say
from communities.states import RoleName
from communities.web.forms import status_of
from staffing.access import (
    load,
    posts_run_by,
    secondments_received_by,
    secondments_visible_to,
    staff_requests_visible_to,
)
from staffing.actions import placing, recalls, secondments, staff_requests
from staffing.models import Role, Secondment, StaffRequest
from staffing.queries.duty import place_for
from staffing.queries.secondments import offered, seats_after, ways_in
from staffing.rules.fatigue import Interval
from staffing.rules.secondments import RETURN_REASONS, WayIn
from staffing.states import SECONDMENT_BINDS, SecondmentStatus
from staffing.web.calls_desk import page_and_post
from staffing.web.desk_forms import DayField, SeatsField
from staffing.web.pages import attempt, back_to, busiest, chosen_area, customs, need, show, staff_only

S = SecondmentStatus
PER_PAGE, MOST = 50, 500
TABS = {
    "new": gettext_lazy("To receive"),
    "soon": gettext_lazy("Coming"),
    "on": gettext_lazy("On duty"),
    "back": gettext_lazy("Called back"),
    "over": pgettext_lazy("secondment", "Over"),
}
WAYS = {
    WayIn.OPEN: ("ok", "check", gettext_lazy("can get in")),
    WayIn.PASS: ("warn", "half", gettext_lazy("needs a pass")),
    WayIn.SHUT: ("off", "ban", gettext_lazy("cannot leave home")),
    WayIn.UNKNOWN: ("warn", "alert", gettext_lazy("check the address first")),
}
WHYS = {
    "lives_elsewhere": gettext_lazy("lives elsewhere"),
    "enough_people": gettext_lazy("we have enough people, please send them elsewhere"),
    "cannot_enter": gettext_lazy("cannot get in"),
    "not_free": gettext_lazy("is not free"),
    "not_ours": gettext_lazy("is not one of ours"),
}


def of_tab(tab: str) -> Q:
    called_back = Q(recalled_at__isnull=False, status__in=SECONDMENT_BINDS)
    return {
        "new": Q(status=S.APPROVED) | Q(status=S.PROPOSED, on_the_spot=True),
        "soon": Q(status__in=[S.ACCEPTED, S.ACKNOWLEDGED]) & ~called_back,
        "on": Q(status=S.ACTIVE) & ~called_back,
        "back": called_back | Q(status=S.RECALLED),
        "over": Q(status__in=[S.ENDED, S.REJECTED]),
    }[tab]


@require_safe
@staff_only
def secondments_desk(request: HttpRequest) -> HttpResponse:
    area = chosen_area(request, May.RUN)
    if not area:
        raise Http404
    here = people_of(area)
    counts = {name: here.filter(of_tab(name)).count() for name in TABS if name != "over"}
    tab = request.GET.get("tab") or busiest(counts)
    if tab not in TABS:
        raise Http404
    page = Paginator(here.filter(of_tab(tab)), PER_PAGE).get_page(request.GET.get("page"))
    rows = shown(area, page.object_list)
    context = {
        "tab": tab,
        "tabs": [(name, label, counts.get(name)) for name, label in TABS.items()],
        "page": page,
        "rows": rows,
        "roles": Role.objects.order_by("pk"),
        "chosen": next((row for row in rows if str(row.pk) == request.GET.get("p")), None),
        "asked": asked_of_units(request, area),
        "whys": [(code, WHYS[code]) for code in RETURN_REASONS if code != "not_ours"],
    }  # fmt: skip
    if context["chosen"]:
        context |= about(context["chosen"])
    return show(request, "desk/secondments.html", area, current="secondments", **context)


def asked_of_units(request: HttpRequest, area: Area) -> QuerySet[StaffRequest]:
    """What the community still waits for."""
    here = staff_requests_visible_to(request.user).filter(area__path__startswith=area.path)
    return here.open(timezone.now()).annotate(offered=offered()).select_related("organisation", "role")[:20]


def people_of(area: Area) -> QuerySet[Secondment]:
    rows = Secondment.objects.filter(area__path__startswith=area.path)
    return rows.select_related("volunteer__user", "volunteer__residence", "organisation", "role").order_by("pk")


def shown(area: Area, rows: Iterable[Secondment]) -> list[Secondment]:
    """With the way in and the skills of each: three queries for any number."""
    rows = list(rows)
    now = timezone.now()
    ways = ways_in(area, [row.volunteer_id for row in rows], Interval(now, now + timedelta(hours=1)))
    skills = skills_of([row.volunteer_id for row in rows])
    for row in rows:
        row.way = WAYS[ways[row.volunteer_id]]
        row.skills = skills.get(row.volunteer_id, [])
        row.days = -(-(row.period.upper - row.period.lower) // timedelta(days=1))
    return rows


def skills_of(volunteer_ids: Sequence[int]) -> dict[int, list[str]]:
    from volunteers.models import HeldQualification

    found: dict[int, list[str]] = {}
    held = HeldQualification.objects.filter(volunteer__in=volunteer_ids).select_related("qualification").order_by("pk")
    for one in held:
        found.setdefault(one.volunteer_id, []).append(str(one.qualification))
    return found


def about(found: Secondment) -> dict[str, Any]:
    """Beside the list: whom to ask at the unit, the seats a recall leaves open, and a post they could stand on at once."""
    now = timezone.now()
    above = [int(part) for part in found.organisation.path.split("/") if part]
    officers = Grant.objects.in_force(now).filter(role=RoleName.ORG_HR, organisation__in=above)
    return {
        "contact": officers.select_related("user").order_by("-organisation__path", "pk").first(),
        "seats": list(seats_after([found.pk], now)[:20]),
        "place": place_for(found, now) if ready(found, now) else None,
    }


def ready(found: Secondment, now: datetime) -> bool:
    """On duty, or as soon as they are received."""
    waits = found.status == S.APPROVED or (found.status == S.PROPOSED and found.on_the_spot)
    agreed = waits and found.acknowledged_at is not None and found.period.lower <= now
    return agreed or (found.status == S.ACTIVE and not found.recalled_at)


@require_POST
@staff_only
def secondments_do(request: HttpRequest) -> HttpResponse:
    """Receive those ticked for a role, or return them with a reason; which stayed as they were is told with why."""
    ids = chosen(request)
    found = [load(secondments_visible_to(request.user), secondments_received_by(request.user), pk=pk) for pk in ids]
    outcome = secondments.each([one.pk for one in found], deed(request))
    told(request, outcome)
    return back_to(request, "secondments")


def chosen(request: HttpRequest) -> list[int]:
    """Those ticked, or all who wait in the area."""
    if request.POST.get("do") != "accept-all":
        return numbers_in(request.POST.getlist("p"))[:MOST]
    area = chosen_area(request, May.RUN)
    return list(people_of(area).filter(of_tab("new")).values_list("pk", flat=True)[:MOST]) if area else []


def deed(request: HttpRequest) -> Any:
    user, now, why = request.user, timezone.now(), request.POST.get("why", "")
    role = Role.objects.filter(pk=number_in(request.POST.get("role"))).first()
    match request.POST.get("do"):
        case "accept" | "accept-all" if role:
            return lambda pk: secondments.accept(pk, role.pk, by=user, now=now)
        case "accept-place" | "place" as do:
            post, act = post_of(request), placing.place if do == "place" else placing.receive_at
            return lambda pk: act(pk, post, by=user, now=now)
        case "return":
            return lambda pk: secondments.turn_down(pk, by=user, now=now, reason=why)
        case "back":
            return lambda pk: recalls.send_back(pk, by=user, now=now)
    raise Http404


def post_of(request: HttpRequest) -> int:
    return get_object_or_404(posts_run_by(request.user), pk=number_in(request.POST.get("post"))).pk


def told(request: HttpRequest, outcome: secondments.Outcome) -> None:
    if number := len(outcome.done):
        messages.success(request, ngettext("Done for %(n)d person.", "Done for %(n)d people.", number) % {"n": number})
    names = dict(Secondment.objects.filter(pk__in=outcome.stayed).values_list("pk", "volunteer__user__name"))
    for pk, reasons in list(outcome.stayed.items())[:10]:
        why = " ".join(say(reason) for reason in reasons)
        messages.warning(request, _("%(who)s stays as before: %(why)s") % {"who": names[pk], "why": why})
    if not outcome.done and not outcome.stayed:
        messages.warning(request, _("Tick somebody first."))


class AskForm(forms.Form):
    organisation = forms.ModelChoiceField(Organisation.objects.order_by("path"), label=gettext_lazy("Organisation"))
    role = forms.ModelChoiceField(Role.objects.order_by("pk"), label=gettext_lazy("As"), empty_label=None)
    people = SeatsField(label=gettext_lazy("How many people"), min_value=1)
    first = DayField(label=gettext_lazy("First day"))
    last = DayField(
        label=gettext_lazy("Last day"), help_text=gettext_lazy("At most 14 days at a time; it can be renewed.")
    )

    def __init__(self, *args: Any, zone: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.zone = zone

    def span(self) -> tuple[datetime, datetime]:
        return days(self.cleaned_data["first"], self.cleaned_data["last"], self.zone)


def days(first: Any, last: Any, zone: Any) -> tuple[datetime, datetime]:
    """From the beginning of the first day to the end of the last."""
    return datetime.combine(first, time(), zone), datetime.combine(last + timedelta(days=1), time(), zone)


@page_and_post
@staff_only
def secondments_ask(request: HttpRequest) -> HttpResponse:
    """Ask a unit for people."""
    area = chosen_area(request, May.RUN)
    if not area:
        raise Http404
    need(request.user, May.RUN, area)
    zone = customs(area).zone
    today = timezone.now().astimezone(zone).date()
    form = AskForm(request.POST or None, zone=zone, initial={"first": today, "last": today + timedelta(days=13)})
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        made = attempt(
            form,
            lambda: staff_requests.ask(
                area.pk,
                said["organisation"].pk,
                said["role"].pk,
                said["people"],
                *form.span(),
                by=request.user,
                now=timezone.now(),
            ),
        )
        if made:
            messages.success(request, _("%(unit)s is asked.") % {"unit": said["organisation"]})
            return back_to(request, "secondments")
    return show(request, "desk/secondments_ask.html", area, current="secondments", status=status_of(form), form=form)


@require_safe
@staff_only
def secondments_code(request: HttpRequest) -> HttpResponse:
    """The code that people scan at the door to report in."""
    area = chosen_area(request, May.RUN)
    if not area or not may(request.user, May.RUN, area):
        raise Http404
    link = f"{settings.PUBLIC_URL}{reverse('report_in', args=[area.pk])}"
    return show(request, "desk/secondments_code.html", area, current="secondments", link=link)
