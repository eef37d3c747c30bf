"""A unit's staff list: upload, watch it being read, look at the report, take it over, say where the unsure ones live."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from communities.access import May, organisations
from communities.models import Compound, Organisation
from communities.numbers import number_in
from communities.rules.tables import MOST_BYTES
from communities.web.forms import status_of
from staffing.web.calls_desk import page_and_post
from staffing.web.pages import attempt, back_to, show, staff_only
from volunteers.access import imports_run_by
from volunteers.actions import imports as actions
from volunteers.models import StaffImport, StaffImportRow
from volunteers.models.imports import HOWS
from volunteers.phrases import PROBLEMS
from volunteers.states import IMPORT_WORKS, ImportStatus, RowState

DOINGS = {"decide": actions.decide, "cancel": actions.cancel}
PER_PAGE = 50


class UploadForm(forms.Form):
    organisation = forms.ModelChoiceField(
        Organisation.objects.none(), label=gettext_lazy("Organisation"), empty_label=None
    )
    file = forms.FileField(
        label=gettext_lazy("Staff list"),
        help_text=gettext_lazy(
            "CSV or XLSX with the columns name and phone; staff number, address and skills if you have them."
        ),
    )

    def __init__(self, *args: Any, organisations: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"].queryset = organisations
        self.fields["file"].widget.attrs["accept"] = ".csv,.xlsx"

    def clean_file(self) -> Any:
        if self.cleaned_data["file"].size > MOST_BYTES:
            raise forms.ValidationError(_("The file is too large."))
        return self.cleaned_data["file"]


@page_and_post
@staff_only
def staff_lists(request: HttpRequest) -> HttpResponse:
    mine = organisations(request.user, May.LEND).order_by("path")
    if not mine.exists():
        raise Http404
    form = UploadForm(request.POST or None, request.FILES or None, organisations=mine)
    if request.method == "POST" and form.is_valid():
        upload, unit = form.cleaned_data["file"], form.cleaned_data["organisation"]
        made = attempt(
            form,
            lambda: actions.upload(unit.pk, upload.name, upload.read(), by=request.user, now=timezone.now()),
        )
        if made:
            return back_to(request, "staff_list", made.pk)
    page = Paginator(imports_run_by(request.user).select_related("organisation"), 20).get_page(request.GET.get("page"))
    return show(request, "desk/staff_lists.html", None, current="lent", status=status_of(form), form=form, page=page)


@require_safe
@staff_only
def staff_list(request: HttpRequest, pk: int) -> HttpResponse:
    """The report, which asks again while a worker is at it."""
    found = mine(request, pk)
    context = report(found) | {"page": rows_page(found, request.GET.get("page"))}
    return show(request, "desk/staff_list.html", None, current="lent", found=found, **context)


def mine(request: HttpRequest, pk: int) -> StaffImport:
    return get_object_or_404(imports_run_by(request.user).select_related("organisation", "uploaded_by"), pk=pk)


def report(found: StaffImport) -> dict[str, Any]:
    lines = found.lines.all()
    wrong = list(lines.wrong()[:PER_PAGE])
    for row in wrong:
        row.faults = [PROBLEMS[code] for code in row.problems]
    return {
        "working": found.status in IMPORT_WORKS,
        "undecided": found.status == ImportStatus.READ,
        "wrong": wrong,
        "wrong_count": lines.wrong().count(),
        "new": lines.filter(state=RowState.NEW).count(),
        "known": lines.filter(state=RowState.KNOWN).count(),
        "sure": lines.exclude(state=RowState.WRONG).filter(confidence__gte=80).count(),
        "unsure_count": lines.unsure().count(),
    }


def rows_page(found: StaffImport, number: str | None) -> Any:
    """The rows somebody has to say something about, each text once, with the compounds it may mean."""
    texts = found.lines.unsure().order_by("place", "line").distinct("place")
    page = Paginator(texts, 20).get_page(number)
    ids = {pk for row in page.object_list for pk in row.choices}
    compounds = Compound.objects.select_related("community").in_bulk(ids)
    for row in page.object_list:
        row.may_mean = [compounds[pk] for pk in row.choices if pk in compounds]
        row.why = HOWS[row.how]
    return page


@require_POST
@staff_only
def staff_list_do(request: HttpRequest, pk: int, doing: str) -> HttpResponse:
    found = mine(request, pk)
    DOINGS[doing](found.pk, by=request.user, now=timezone.now())
    return back_to(request, "staff_list", found.pk)


@require_POST
@staff_only
def staff_list_settle(request: HttpRequest, pk: int, row: int) -> HttpResponse:
    """Which compound a text means; the answer is remembered."""
    found = get_object_or_404(StaffImportRow, pk=row, staff_import=mine(request, pk))
    compound = meant(request, found)
    if not compound:
        messages.error(request, _("There is no single compound of that name. Write it as it is on the sign."))
        return back_to(request, "staff_list", pk)
    count = actions.settle(found.pk, compound.pk, by=request.user, now=timezone.now())
    messages.success(request, _("%(place)s: %(n)d rows. We remember it.") % {"place": compound, "n": count})
    return back_to(request, "staff_list", pk)


def meant(request: HttpRequest, row: StaffImportRow) -> Compound | None:
    """One of the choices, or the compound whose name is written."""
    chosen, name = number_in(request.POST.get("compound")), request.POST.get("name", "").strip()
    if chosen:
        return Compound.objects.filter(pk=chosen).first()
    found = list(Compound.objects.filter(name=name)[:2]) if name else []
    return found[0] if len(found) == 1 else None
