"""A unit's own people: whom it offers, approves and calls back; days and hours per quarter (双报到), and nothing else."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy
from django.views.decorators.http import require_POST, require_safe
from tablib import Dataset

from communities.access import May, organisations
from communities.models import Organisation
from communities.models.areas import DEFAULT_ZONE
from communities.numbers import number_in, numbers_in
from communities.rules.cells import harmless
from communities.web.forms import status_of
from staffing.access import load, secondments_of_unit, secondments_visible_to, staff_requests_of_unit
from staffing.actions import recalls, secondments
from staffing.models import Secondment
from staffing.queries.secondments import Served, offered, on_duty, unit_name
from staffing.rules.secondments import LONGEST, quarter_of, span_of_quarter
from staffing.states import SECONDMENT_BINDS, SecondmentStatus
from staffing.web.calls_desk import page_and_post
from staffing.web.desk_forms import DayField
from staffing.web.pages import attempt, back_to, busiest, show, staff_only
from staffing.web.plan_sheet import KINDS
from staffing.web.secondments_desk import days, told
from volunteers.models import Affiliation

S = SecondmentStatus
TABS = {
    "new": (gettext_lazy("To approve"), Q(status=S.PROPOSED) | Q(approved_at=None, on_the_spot=True, status__in=SECONDMENT_BINDS)),
    "way": (gettext_lazy("On the way"), Q(status__in=[S.APPROVED, S.ACCEPTED, S.ACKNOWLEDGED])),
    "on": (gettext_lazy("On duty"), Q(status=S.ACTIVE)),
    "over": (pgettext_lazy("secondment", "Over"), Q(status__in=[S.ENDED, S.RECALLED, S.REJECTED, S.WITHDRAWN])),
}  # fmt: skip
STATES = {
    S.REJECTED: gettext_lazy("did not come about"),
    S.WITHDRAWN: gettext_lazy("did not come about"),
    S.ACCEPTED: gettext_lazy("received"),
    S.ACKNOWLEDGED: gettext_lazy("received"),
}


def own_people(request: HttpRequest) -> QuerySet[Secondment]:
    return (
        secondments_of_unit(request.user)
        .annotate(known_as=unit_name())
        .select_related("area", "role", "organisation")
        .order_by("-pk")
    )


def units(request: HttpRequest) -> QuerySet[Organisation]:
    found = organisations(request.user, May.LEND).order_by("path")
    if not found.exists():
        raise Http404
    return found


class OfferForm(forms.Form):
    organisation = forms.ModelChoiceField(
        Organisation.objects.none(), label=gettext_lazy("Organisation"), empty_label=None
    )
    first = DayField(label=gettext_lazy("First day"))
    last = DayField(
        label=gettext_lazy("Last day"), help_text=gettext_lazy("At most 14 days at a time; it can be renewed.")
    )

    def __init__(self, *args: Any, organisations: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"].queryset = organisations


@require_safe
@staff_only
def lent(request: HttpRequest) -> HttpResponse:
    mine, people = units(request), own_people(request)
    counts = {name: people.filter(which).count() for name, (_label, which) in TABS.items() if name != "over"}
    tab = request.GET.get("tab") or busiest(counts)
    if tab not in TABS:
        raise Http404
    page = Paginator(people.filter(TABS[tab][1]), 50).get_page(request.GET.get("page"))
    for row in page.object_list:
        row.state = STATES.get(row.status) or row.get_status_display()
    context = {
        "tab": tab,
        "tabs": [(name, label, counts.get(name)) for name, (label, _which) in TABS.items()],
        "page": page,
        "staff": Affiliation.objects.filter(to_day=None, organisation__in=mine).count(),
        "homed": Affiliation.objects.filter(to_day=None, organisation__in=mine, volunteer__residence__isnull=False).count(),
        "asked": staff_requests_of_unit(request.user).open(timezone.now()).annotate(offered=offered()).select_related("area", "role")[:20],
    }  # fmt: skip
    return show(request, "desk/lent.html", None, current="lent", **context)


@page_and_post
@staff_only
def lent_offer(request: HttpRequest) -> HttpResponse:
    """Offer everybody whose home is known to the community there."""
    today = timezone.localdate(timezone=DEFAULT_ZONE)
    initial = {"first": today, "last": date.fromordinal(today.toordinal() + 13)}
    form = OfferForm(request.POST or None, organisations=units(request), initial=initial)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        span = days(said["first"], said["last"], DEFAULT_ZONE)
        number = attempt(
            form,
            lambda: secondments.propose_homes(said["organisation"].pk, *span, by=request.user, now=timezone.now()),
        )
        if number is not None:
            messages.success(
                request, ngettext("%(n)d person is offered.", "%(n)d people are offered.", number) % {"n": number}
            )
            return back_to(request, "lent")
    return show(request, "desk/lent_offer.html", None, current="lent", status=status_of(form), form=form)


@require_POST
@staff_only
def lent_do(request: HttpRequest) -> HttpResponse:
    """Approve those ticked, or all that wait; or say no."""
    units(request)
    user, now = request.user, timezone.now()
    ids = numbers_in(request.POST.getlist("p"))[:1000]
    found = [load(secondments_visible_to(user), secondments_of_unit(user), pk=pk).pk for pk in ids]
    match request.POST.get("do"):
        case "approve":
            told(request, secondments.approve_all(found, by=user, now=now))
        case "approve-all":
            waiting = secondments_of_unit(user).filter(TABS["new"][1]).order_by("pk").values_list("pk", flat=True)
            told(request, secondments.approve_all(list(waiting), by=user, now=now))
        case "refuse":
            told(
                request,
                secondments.each(found, lambda pk: secondments.turn_down(pk, by=user, now=now, reason="not_free")),
            )
        case _:
            raise Http404
    return back_to(request, "lent")


@page_and_post
@staff_only
def lent_recall(request: HttpRequest, pk: int) -> HttpResponse:
    """What a recall leaves open is shown first."""
    visible = secondments_visible_to(request.user).annotate(known_as=unit_name()).select_related("area")
    found, now = load(visible, secondments_of_unit(request.user), pk=pk), timezone.now()
    if request.method == "POST":
        recalls.recall(found.pk, by=request.user, now=now, urgent=request.POST.get("when") == "now")
        messages.success(request, _("%(who)s and the community are told.") % {"who": found.known_as})
        return back_to(request, "lent")
    context = {
        "found": found,
        "calm": recalls.to_cover([found.pk], now, urgent=False),
        "urgent": recalls.to_cover([found.pk], now, urgent=True),
    }
    return show(request, "desk/lent_recall.html", None, current="lent", **context)


class RenewForm(forms.Form):
    last = DayField(label=gettext_lazy("Last day"), help_text=gettext_lazy("At most 14 days more."))


@page_and_post
@staff_only
def lent_renew(request: HttpRequest, pk: int) -> HttpResponse:
    """Offered for some days more; the unit, the community and the person say yes anew."""
    visible = secondments_visible_to(request.user).annotate(known_as=unit_name()).select_related("area")
    found = load(visible, secondments_of_unit(request.user), pk=pk)
    longest = timezone.localdate(found.period.upper + LONGEST, DEFAULT_ZONE) - timedelta(days=1)
    form = RenewForm(request.POST or None, initial={"last": longest})
    if request.method == "POST" and form.is_valid():
        _start, until = days(form.cleaned_data["last"], form.cleaned_data["last"], DEFAULT_ZONE)
        if attempt(form, lambda: secondments.renew(found.pk, until, by=request.user, now=timezone.now())):
            messages.success(request, _("%(who)s is offered for the days after.") % {"who": found.known_as})
            return back_to(request, "lent")
    return show(request, "desk/lent_renew.html", None, current="lent", status=status_of(form), form=form, found=found)


def quarter(request: HttpRequest) -> tuple[int, int]:
    """The year and quarter asked for, else the one that runs."""
    today = timezone.localdate(timezone=DEFAULT_ZONE)
    return quarter_of(request.GET.get("quarter", "")) or (today.year, (today.month + 2) // 3)


def unit_of(request: HttpRequest) -> Organisation | None:
    """The unit whose people alone are asked for, of those the reader lends for."""
    asked = number_in(request.GET.get("unit"))
    return get_object_or_404(units(request), pk=asked) if asked else None


def sheet_rows(request: HttpRequest, year: int, number: int) -> list[tuple[Secondment, Served]]:
    since, until = span_of_quarter(year, number, DEFAULT_ZONE)
    people = own_people(request)
    if unit := unit_of(request):
        people = people.filter(organisation__path__startswith=unit.path)
    return on_duty(people.order_by("area", "pk"), since, until)


@require_safe
@staff_only
def feedback(request: HttpRequest) -> HttpResponse:
    """The sheet for the unit: who was where, on how many days, for how long."""
    mine = list(units(request)[:50])
    year, number = quarter(request)
    rows = sheet_rows(request, year, number)
    context = {
        "rows": rows,
        "units": mine if len(mine) > 1 else [],
        "unit": unit_of(request),
        "year": year,
        "quarter": number,
        "days": sum(served.days for _row, served in rows),
        "minutes": sum(served.minutes for _row, served in rows),
        "before": f"{year - (number == 1)}-{(number + 2) % 4 + 1}",
        "after": f"{year + (number == 4)}-{number % 4 + 1}",
    }
    return show(request, "desk/feedback.html", None, current="lent", **context)


@require_safe
@staff_only
def feedback_sheet(request: HttpRequest) -> HttpResponse:
    units(request)
    year, number = quarter(request)
    head = [_("Name"), _("Organisation"), _("Community"), _("Role"), _("From"), _("Until"), _("Days"), _("Hours")]
    table = Dataset(*[line(row, served) for row, served in sheet_rows(request, year, number)], headers=head)
    table.title = f"{year}-{number}"
    answer = HttpResponse(table.export("xlsx"), content_type=KINDS["xlsx"])
    answer["Content-Disposition"] = f'attachment; filename="feedback-{year}-{number}.xlsx"'
    return answer


def line(row: Secondment, served: Served) -> list[Any]:
    first, last = (instant.astimezone(DEFAULT_ZONE).date() for instant in (row.period.lower, row.last))
    cells = [row.known_as, str(row.organisation), str(row.area), str(row.role or ""), str(first), str(last)]
    return [*(harmless(cell) for cell in cells), served.days, round(served.minutes / 60, 2)]
