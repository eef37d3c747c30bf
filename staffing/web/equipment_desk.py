"""Equipment at the desk: what an area keeps and to whom it is handed, what is in stock, and what has not come back."""

import csv
from io import StringIO
from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_POST, require_safe

from communities.access import May, may
from communities.errors import Refused
from communities.models import Area
from communities.phrases import say
from communities.rules.cells import harmless
from staffing import access
from staffing.actions import equipment as actions
from staffing.actions.equipment import MOST_IN_STOCK, Kind
from staffing.models import Equipment, EquipmentIssue, Role
from staffing.queries.equipment import kept_by, out_in
from staffing.rules.equipment import MOST
from staffing.web.calls_desk import form_page, page_and_post
from staffing.web.pages import attempt, back_to, chosen_area, customs, need, show, staff_only

PER_PAGE = 50
FLAGS = ("comes_back", "everybody", "risky")


class ThingForm(forms.Form):
    name = forms.CharField(label=pgettext_lazy("of a thing", "Name"), max_length=120)
    name_en = forms.CharField(label=gettext_lazy("English name"), max_length=120, required=False)
    comes_back = forms.BooleanField(
        label=gettext_lazy("Comes back"),
        required=False,
        initial=True,
        help_text=gettext_lazy("Without the tick it is used up, such as masks."),
    )
    each = forms.IntegerField(label=gettext_lazy("For each person"), min_value=1, max_value=MOST, initial=1)
    everybody = forms.BooleanField(label=gettext_lazy("For everybody"), required=False)
    risky = forms.BooleanField(label=gettext_lazy("For all risky roles"), required=False)
    roles = forms.ModelMultipleChoiceField(
        Role.objects.all(),
        label=gettext_lazy("For these roles"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    stock = forms.IntegerField(
        label=gettext_lazy("In stock"),
        min_value=0,
        max_value=MOST_IN_STOCK,
        required=False,
        help_text=gettext_lazy("Count what lies there now. Leave it empty if nobody counts it."),
    )
    low = forms.IntegerField(
        label=gettext_lazy("Tell me when so many are left"), min_value=0, max_value=MOST_IN_STOCK, required=False
    )

    def kind(self) -> Kind:
        said = self.cleaned_data
        flags = {name: said[name] for name in FLAGS}
        roles = tuple(role.pk for role in said["roles"])
        return Kind(said["name"], said["name_en"], each=said["each"], roles=roles, low=said["low"], **flags)


@require_safe
@staff_only
def equipment(request: HttpRequest) -> HttpResponse:
    area = chosen_area(request)
    if not area:
        raise Http404
    page = Paginator(out_in(area), PER_PAGE).get_page(request.GET.get("page"))
    rows: list[Any] = list(kept_by(area))
    context = {
        "things": rows,
        "page": page,
        "runs": may(request.user, May.RUN, area),
        "names": may(request.user, May.NAMES, area),
    }
    return show(request, "desk/equipment.html", area, current="equipment", **context)


@require_safe
@staff_only
def out_sheet(request: HttpRequest) -> HttpResponse:
    """What has not come back, with names, as CSV."""
    area = chosen_area(request)
    if not area:
        raise Http404
    need(request.user, May.NAMES, area)
    file = StringIO()
    writer = csv.writer(file)
    writer.writerow([_("Name"), _("Point"), _("Role"), _("Until"), _("Thing"), _("Still out")])
    with timezone.override(customs(area).zone):
        writer.writerows([harmless(cell) for cell in line(issue)] for issue in out_in(area))
    answer = HttpResponse(file.getvalue().encode("utf-8-sig"), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="not-returned-{area.pk}.csv"'
    return answer


def line(issue: EquipmentIssue) -> list[Any]:
    seat = issue.sign_up
    until = f"{timezone.localtime(seat.shift.ends_at):%Y-%m-%d %H:%M}"
    return [seat.volunteer.user.name, str(seat.shift.site), str(seat.post.role), until, str(issue.thing), issue.out]


@page_and_post
@staff_only
def thing_new(request: HttpRequest) -> HttpResponse:
    area = chosen_area(request, May.SEE)
    if not area:
        raise Http404
    need(request.user, May.RUN, area)
    form = ThingForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and saved(form, request, area):
        messages.success(request, _("Saved."))
        return back_to(request, "equipment")
    return form_page(request, "desk/thing.html", area, form, current="equipment")


def load(request: HttpRequest, pk: int) -> Equipment:
    visible = access.equipment_visible_to(request.user).select_related("area")
    return access.load(visible, access.equipment_run_by(request.user), pk=pk)


@page_and_post
@staff_only
def thing(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a thing, or count its stock."""
    found = load(request, pk)
    fields = ("name", "name_en", "each", "stock", "low", *FLAGS)
    first = {name: getattr(found, name) for name in fields} | {"roles": found.roles.all()}
    form = ThingForm(request.POST or None, initial=first)
    if request.method == "POST" and form.is_valid() and saved(form, request, found.area, found):
        messages.success(request, _("Saved."))
        return back_to(request, "equipment")
    return form_page(request, "desk/thing.html", found.area, form, current="equipment", thing=found)


def saved(form: ThingForm, request: HttpRequest, area: Area, found: Equipment | None = None) -> bool:
    kind, said = form.kind(), {"by": request.user, "now": timezone.now()}

    def act() -> Equipment:
        stock = form.cleaned_data["stock"]
        counted = {"stock": stock} if "stock" in form.changed_data else {}
        if found:
            return actions.change(found.pk, kind, **counted, **said)
        return actions.keep(area.pk, kind, **counted, **said)

    try:
        return attempt(form, act) is not None
    except Refused as refused:
        form.add_error("name", [say(reason) for reason in refused.reasons])
    return False


@require_POST
@staff_only
def thing_do(request: HttpRequest, pk: int, doing: str) -> HttpResponse:
    found = load(request, pk)
    actions.retire(found.pk, retired=doing == "retire", by=request.user, now=timezone.now())
    messages.success(request, _("Saved."))
    return back_to(request, "equipment")


@require_POST
@staff_only
def issue_do(request: HttpRequest, pk: int, doing: str) -> HttpResponse:
    """It is back after all, or nobody looks for it any more."""
    found = access.load(access.issues_visible_to(request.user), access.issues_run_by(request.user), pk=pk)
    act = {"back": actions.back, "lost": actions.lose}[doing]
    act(found.pk, by=request.user, now=timezone.now())
    messages.success(request, _("Saved."))
    return back_to(request, "equipment")
