"""From one point leader to the next: what was left for this shift, and what is left for the one after."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from communities.web.forms import status_of
from staffing.actions import hand_overs
from staffing.queries.hand_overs import left_for, next_of, whole
from staffing.web.board import board_of
from staffing.web.calls_desk import page_and_post
from staffing.web.pages import attempt, back_to, show
from staffing.web.task_forces_desk import NoteForm


@page_and_post
@login_required
def board_hand_over(request: HttpRequest, pk: int) -> HttpResponse:
    shift = board_of(request, pk)
    form = NoteForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        text = form.cleaned_data["text"]
        left = attempt(form, lambda: hand_overs.of_shift(shift.pk, text, by=request.user, now=timezone.now()))
        if left:
            messages.success(request, _("Left for who comes after you."))
            return back_to(request, "board_hand_over", shift.pk)
    context = {
        "shift": shift,
        "form": form,
        "before": left_for(shift),
        "mine": list(whole().filter(shift=shift)[:20]),
        "following": next_of(shift),
    }
    return show(request, "board/hand_over.html", shift.site.area, current="boards", status=status_of(form), **context)
