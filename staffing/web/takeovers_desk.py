"""Taking over the board of a community, with a reason that stays, and giving it back."""

from datetime import timedelta

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from communities.access import May, areas
from communities.models import Area
from communities.web.forms import status_of
from staffing.access import load, takeovers_visible_to
from staffing.actions import takeovers
from staffing.models import Takeover
from staffing.rules.takeovers import LONGEST, USUAL_HOURS
from staffing.web.calls_desk import page_and_post
from staffing.web.desk_forms import ReasonForm
from staffing.web.pages import attempt, back_to, show, staff_only


class TakeOverForm(ReasonForm):
    hours = forms.IntegerField(
        label=gettext_lazy("For how many hours"),
        min_value=1,
        max_value=LONGEST // timedelta(hours=1),
        initial=USUAL_HOURS,
        help_text=gettext_lazy("It ends by itself; you can give it back before."),
    )


def of_board(request: HttpRequest, pk: int) -> Area:
    """A place below a node that the reader commands; of other places who sees them is told so."""
    return load(areas(request.user, May.SEE), areas(request.user, May.COMMAND), pk=pk)


@page_and_post
@staff_only
def take_over(request: HttpRequest, pk: int) -> HttpResponse:
    area = of_board(request, pk)
    form = TakeOverForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        made = attempt(
            form,
            lambda: takeovers.take_over(area.pk, said["hours"], said["reason"], by=request.user, now=timezone.now()),
        )
        if made:
            messages.success(request, _("You run this board now. Its leads are told."))
            return HttpResponseRedirect(f"{reverse('desk')}?area={area.pk}", status=303)
    return show(request, "command/take_over.html", area, current="command", status=status_of(form), form=form)


@require_POST
@staff_only
def takeover_return(request: HttpRequest, pk: int) -> HttpResponse:
    mine = Takeover.objects.filter(user=request.user)
    found = load(takeovers_visible_to(request.user) | mine, mine, pk=pk)
    takeovers.give_back(found.pk, by=request.user, now=timezone.now())
    messages.success(request, _("The board is the community's alone again."))
    return back_to(request, "command")
