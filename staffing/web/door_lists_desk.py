"""The doors of a compound: by a pattern, or from a list that is shown row by row before it is taken in."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from communities.access import May
from communities.access import within as inside
from communities.actions import doors as actions
from communities.actions.doors import DoorList, Entered
from communities.errors import Forbidden
from communities.models import Compound
from communities.phrases import DOOR_PROBLEMS
from communities.rules.doors import MOST_FLATS, MOST_STOREYS
from communities.rules.tables import Unreadable, decoded, ending_of, rows_of
from staffing.queries.door_rounds import with_doors
from staffing.web.calls_desk import page_and_post
from staffing.web.pages import attempt, back_to, show, staff_only

MOST_TEXT = 400_000
SHOWN = 300


class PatternForm(forms.Form):
    building = forms.CharField(label=gettext_lazy("Building"), max_length=20)
    entrance = forms.CharField(label=gettext_lazy("Entrance"), max_length=20)
    storeys = forms.IntegerField(label=gettext_lazy("Floors"), min_value=1, max_value=MOST_STOREYS, initial=6)
    flats = forms.IntegerField(label=gettext_lazy("Flats on a floor"), min_value=1, max_value=MOST_FLATS, initial=3)
    has_lift = forms.BooleanField(label=gettext_lazy("There is a lift"), required=False)


class ListForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("List of doors"),
        help_text=gettext_lazy(
            "CSV or XLSX with the columns building, entrance and door; floor and lift if you have them."
        ),
    )
    text = forms.CharField(widget=forms.HiddenInput, max_length=MOST_TEXT, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"].widget.attrs["accept"] = ".csv,.xlsx"
        self.fields["file"].required = not self.data.get("text")

    def clean(self) -> dict[str, Any]:
        """The list as text, whatever it came as."""
        found = super().clean() or self.cleaned_data
        upload = found.get("file")
        if upload and upload.size > MOST_TEXT:
            raise forms.ValidationError(_("The file is too large."))
        if upload:
            try:
                found["text"] = as_text(upload.read(), ending_of(upload.name))
            except Unreadable:
                raise forms.ValidationError(_("This file cannot be read.")) from None
        return found


def as_text(content: bytes, ending: str) -> str:
    if ending == "csv":
        return decoded(content)
    return "\n".join(
        "\t".join(cell.replace("\t", " ").replace("\n", " ") for cell in row) for row in rows_of(content, ending)
    )


@page_and_post
@staff_only
def door_list(request: HttpRequest, pk: int) -> HttpResponse:
    visible = Compound.objects.filter(inside(request.user, May.SEE, "community"))
    compound = get_object_or_404(visible.select_related("community"), pk=pk)
    if not Compound.objects.filter(inside(request.user, May.PLACES, "community"), pk=pk).exists():
        raise Forbidden
    by_list = request.method == "POST" and "storeys" not in request.POST
    pattern = PatternForm(request.POST if request.method == "POST" and not by_list else None)
    form = ListForm(request.POST, request.FILES) if by_list else ListForm()
    found: DoorList | None = None
    if pattern.is_bound and pattern.is_valid():
        said = pattern.cleaned_data
        entered = attempt(pattern, lambda: actions.build(compound.pk, **said, by=request.user))
        if entered:
            return told(request, compound, entered)
    if form.is_bound and form.is_valid():
        content = form.cleaned_data["text"].encode()
        if "take" in request.POST:
            entered = attempt(form, lambda: actions.take_in(compound.pk, content, by=request.user))
            if entered:
                return told(request, compound, entered)
        found = attempt(form, lambda: actions.read(compound.pk, content))
    context = {
        "compound": compound,
        "pattern": pattern,
        "form": form,
        "found": found,
        "text": form.cleaned_data.get("text", "") if found else "",
        "rows": rows(found) if found else [],
        "entrances": with_doors(compound.community_id).filter(building__compound=compound),
        "now": timezone.now(),
    }
    status = 400 if form.errors or pattern.errors else 200
    return show(request, "desk/door_list.html", compound.community, current="door_rounds", status=status, **context)


def rows(found: DoorList) -> list[dict[str, Any]]:
    """The rows as they would be taken, those with a fault first."""
    said = [("bad", _("fault"), found.wrong), ("ok", _("new"), found.new), ("off", _("known"), found.known)]
    every = [
        {"line": line, "tone": tone, "word": word, "faults": [DOOR_PROBLEMS[code] for code in line.problems]}
        for tone, word, lines in said
        for line in lines
    ]
    return every[:SHOWN]


def told(request: HttpRequest, compound: Compound, entered: Entered) -> HttpResponse:
    messages.success(
        request, ngettext("%(n)d door entered.", "%(n)d doors entered.", entered.doors) % {"n": entered.doors}
    )
    return back_to(request, "door_list", compound.pk)
