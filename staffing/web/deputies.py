"""Who is in charge at a point and who stands in: named by the lead on site, who can also hand over to them at once."""

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from communities.models import User
from communities.web.forms import status_of
from staffing.access import boards_of
from staffing.actions import deputies
from staffing.models import Shift
from staffing.queries.deputies import MOST, candidates
from staffing.web.board import board_of, redirect_to_board
from staffing.web.calls_desk import page_and_post
from staffing.web.desk_forms import LeaderField
from staffing.web.pages import attempt, show


class DeputyForm(forms.Form):
    deputy = LeaderField(
        User.objects.none(), label=gettext_lazy("Stands in"), required=False, empty_label=gettext_lazy("nobody yet")
    )

    def __init__(self, *args: object, shift: Shift) -> None:
        super().__init__(*args, initial={"deputy": shift.deputy_id})
        known = [*candidates(shift).values_list("pk", flat=True)[:MOST], shift.deputy_id or 0]
        self.fields["deputy"].queryset = User.objects.filter(pk__in=known).order_by("pk")


@page_and_post
@login_required
def board_deputy(request: HttpRequest, pk: int) -> HttpResponse:
    shift = board_of(request, pk)
    form = DeputyForm(request.POST or None, shift=shift)
    if request.method == "POST" and form.is_valid():
        found, now = form.cleaned_data["deputy"], timezone.now()
        if attempt(form, lambda: deputies.name(shift.pk, found.pk if found else None, by=request.user, now=now)):
            messages.success(request, _("Saved. They are told.") if found else _("Saved."))
            return redirect_to_board(shift)
    return show(
        request, "board/deputy.html", shift.site.area, current="boards", status=status_of(form), shift=shift, form=form
    )


@require_POST
@login_required
def board_step_up(request: HttpRequest, pk: int) -> HttpResponse:
    """The lead cannot be there: who stands in is in charge from now on."""
    shift = board_of(request, pk)
    done = deputies.step_up(shift.pk, by=request.user, now=timezone.now())
    messages.success(request, _("%(who)s is in charge now.") % {"who": done.leader.name if done.leader else ""})
    if boards_of(request.user).filter(pk=shift.pk).exists():
        return redirect_to_board(shift)
    return HttpResponseRedirect(reverse("my_shifts"), status=303)
