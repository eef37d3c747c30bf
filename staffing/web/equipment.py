"""Things at a point: handed out with one tap to who is there, taken back as they leave, and put right by hand."""

from collections import Counter
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_POST, require_safe

from communities.errors import Refused
from communities.phrases import say
from communities.web.forms import status_of
from staffing.access import attendance_of, load
from staffing.actions import equipment
from staffing.actions.equipment import Handed
from staffing.models import Equipment, EquipmentIssue, Shift, SignUp
from staffing.queries.equipment import held, things_at
from staffing.queries.rosters import presence
from staffing.rules.equipment import MOST, Count
from staffing.web.board import answer, board_of, page_and_post
from staffing.web.handed import with_things
from staffing.web.pages import attempt, back_to, show

COLUMNS = {
    "number": pgettext_lazy("equipment", "Handed out"),
    "good": pgettext_lazy("equipment", "Back in order"),
    "damaged": pgettext_lazy("equipment", "Back damaged"),
    "lost": pgettext_lazy("equipment", "Lost"),
}
NUMBER = forms.TextInput({"inputmode": "numeric", "maxlength": 2, "class": "short", "autocomplete": "off"})


class CountsForm(forms.Form):
    """Of each thing: handed out to the person in all, and what came of it."""

    def __init__(self, *args: Any, things: list[Equipment], issues: list[EquipmentIssue]) -> None:
        super().__init__(*args)
        known = {issue.thing_id: issue for issue in issues}
        self.things = sorted({*things, *(issue.thing for issue in issues)}, key=lambda thing: thing.pk)
        for thing in self.things:
            for name, label in COLUMNS.items():
                value = getattr(known[thing.pk], name) if thing.pk in known else 0
                self.fields[f"{name}_{thing.pk}"] = forms.IntegerField(
                    label=f"{thing}: {label}", min_value=0, max_value=MOST, initial=value, widget=NUMBER
                )

    @property
    def rows(self) -> list[tuple[Equipment, list[forms.BoundField]]]:
        return [(thing, [self[f"{name}_{thing.pk}"] for name in COLUMNS]) for thing in self.things]

    def counts(self) -> dict[int, Count]:
        """What has been changed."""
        found = {
            thing.pk: Count(*(self.cleaned_data[f"{name}_{thing.pk}"] for name in COLUMNS)) for thing in self.things
        }
        return {
            pk: count for pk, count in found.items() if any(f"{name}_{pk}" in self.changed_data for name in COLUMNS)
        }


def person(request: HttpRequest, shift: Shift, signup: int) -> SignUp:
    mine = attendance_of(request.user).filter(shift=shift)
    return load(mine.select_related("volunteer__user", "post__role"), mine, pk=signup)


@require_safe
@login_required
def board_equipment(request: HttpRequest, pk: int) -> HttpResponse:
    """Everybody who is here, or has left and still has something."""
    shift = board_of(request, pk)
    seen = presence(shift)
    things = with_things(shift, [*seen.here, *seen.gone])
    people: list[Any] = [*seen.here, *(one for one in seen.gone if one.held)]  # type: ignore[attr-defined]
    context = {
        "shift": shift,
        "people": people,
        "things": things,
        "tally": tally(people),
        "waiting": sum(bool(one.lacks) for one in people),
    }
    return show(request, "board/equipment.html", shift.site.area, current="boards", **context)


def tally(people: list[Any]) -> list[tuple[Equipment, int, int]]:
    """By thing: handed out in all, and still out."""
    handed: Counter[Equipment] = Counter()
    out: Counter[Equipment] = Counter()
    for issue in (issue for one in people for issue in one.held):
        handed[issue.thing] += issue.number
        out[issue.thing] += issue.out
    return [(thing, handed[thing], out[thing]) for thing in sorted(handed, key=lambda thing: thing.pk)]


@page_and_post
@login_required
def board_things_of(request: HttpRequest, pk: int, signup: int) -> HttpResponse:
    """What one person was handed, and what came of it, put right by hand."""
    shift = board_of(request, pk)
    found = person(request, shift, signup)
    issues = held([found.pk])[found.pk]
    form = CountsForm(request.POST or None, things=things_at(shift.site.area), issues=issues)
    if request.method == "POST" and form.is_valid() and put_right(form, found, request):
        messages.success(request, _("Saved."))
        return back_to(request, "board_equipment", shift.pk)
    context = {"shift": shift, "signup": found, "form": form, "columns": COLUMNS.values()}
    return show(request, "board/things_of.html", shift.site.area, current="boards", status=status_of(form), **context)


def put_right(form: CountsForm, found: SignUp, request: HttpRequest) -> bool:
    counts, now = form.counts(), timezone.now()
    try:
        return attempt(form, lambda: equipment.set_right(found.pk, counts, by=request.user, now=now)) is not None
    except Refused as refused:
        form.add_error(None, [say(reason) for reason in refused.reasons])
    return False


@require_POST
@login_required
def board_hand(request: HttpRequest, pk: int, signup: int, doing: str) -> HttpResponse:
    """One tap: what their post asks for, or all of it back in order."""
    shift = board_of(request, pk)
    found, now = person(request, shift, signup), timezone.now()
    if doing == "usual":
        sentence = said_of(equipment.hand_out_usual(found.pk, by=request.user, now=now), found)
    else:
        equipment.take_back(found.pk, by=request.user, now=now)
        sentence = _("%(who)s has given everything back.") % {"who": found.volunteer.name}
    if "back" in request.POST:
        messages.success(request, sentence)
        return back_to(request, "board_equipment", shift.pk)
    return answer(request, shift, sentence)


def said_of(handed: Handed, found: SignUp) -> str:
    who = found.volunteer.name
    things = "、".join(f"{issue.thing} × {issue.number}" for issue in handed.given)
    said = _("%(who)s has been handed: %(things)s.") % {"who": who, "things": things} if things else ""
    short = "、".join(map(str, handed.short))
    return " ".join(
        part for part in (said, _("Not enough in stock: %(things)s.") % {"things": short} if short else "") if part
    )


@require_POST
@login_required
def board_hand_all(request: HttpRequest, pk: int) -> HttpResponse:
    """Everybody who is here is handed what their post asks for."""
    shift, now = board_of(request, pk), timezone.now()
    seen = presence(shift)
    with_things(shift, seen.here)
    waiting: list[Any] = [one for one in seen.here if one.lacks]  # type: ignore[attr-defined]
    done = [equipment.hand_out_usual(one.pk, by=request.user, now=now) for one in waiting]
    pieces = sum(issue.number for handed in done for issue in handed.given)
    short = "、".join(sorted({str(thing) for handed in done for thing in handed.short}))
    messages.success(request, _("Pieces handed out: %(n)d.") % {"n": pieces})
    if short:
        messages.warning(request, _("Not enough in stock: %(things)s.") % {"things": short})
    return back_to(request, "board_equipment", shift.pk)
