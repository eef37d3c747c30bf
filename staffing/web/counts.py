"""How many people were served at each seat of a shift, from which the lanes are measured; entered on the board."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from communities.web.forms import status_of
from staffing.actions import rounds
from staffing.models import Shift, SignUp, WorkCount
from staffing.states import SignUpStatus
from staffing.web.board import board_of, redirect_to_board
from staffing.web.pages import attempt, show

SERVING = [SignUpStatus.CHECKED_IN, SignUpStatus.COMPLETED]


class CountsForm(forms.Form):
    """A number for each person who is or was there; what is left empty is not counted."""

    def __init__(self, data: Any, shift: Shift) -> None:
        super().__init__(data)
        rows = shift.sign_ups.filter(status__in=SERVING).select_related("volunteer__user", "post__role")
        seats: list[SignUp] = list(rows.order_by("post__role_id", "seat_no", "pk"))
        known = dict(WorkCount.objects.filter(sign_up__in=seats).values_list("sign_up", "number"))
        for seat in seats:
            self.fields[str(seat.pk)] = forms.IntegerField(
                label=f"{seat.volunteer.user.name} · {seat.post.role}",
                min_value=0,
                max_value=rounds.MOST_SERVED,
                required=False,
                initial=known.get(seat.pk),
                widget=forms.NumberInput({"inputmode": "numeric", "class": "short"}),
            )

    def numbers(self) -> dict[int, int]:
        return {int(name): number for name, number in self.cleaned_data.items() if number is not None}


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def counts(request: HttpRequest, pk: int) -> HttpResponse:
    shift = board_of(request, pk)
    form = CountsForm(request.POST if request.method == "POST" else None, shift)
    if form.is_bound and form.is_valid():
        done = attempt(form, lambda: rounds.count_all(form.numbers(), by=request.user, now=timezone.now()))
        if done is not None:
            messages.success(request, _("The numbers are kept."))
            return redirect_to_board(shift)
    return show(request, "board/counts.html", shift.site.area, status=status_of(form), form=form, shift=shift)
