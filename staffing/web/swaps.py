"""Swapping a seat: the owner offers it and sends a link; whoever opens that says yes; the lead decides at the desk."""

from datetime import datetime
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render, resolve_url
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from communities.errors import Refused
from communities.messages.rendering import when
from communities.rules.names import first_name
from staffing.access import load, swaps_run_by, swaps_visible_to
from staffing.actions import swaps
from staffing.models import Post, SignUp, Swap
from staffing.queries import swaps as queries
from staffing.queries.tickets import zone_of
from staffing.states import SWAP_OPEN, SwapStatus
from staffing.web.pages import back_to, staff_only
from staffing.web.refusals import why_not
from staffing.web.tickets import mine
from volunteers.models import Volunteer

CHIPS = {
    SwapStatus.PROPOSED: ("info", "half", gettext_lazy("Waits for the other one")),
    SwapStatus.AGREED: ("warn", "half", gettext_lazy("Waits for the community's yes")),
    SwapStatus.DONE: ("ok", "check", gettext_lazy("Swapped")),
    SwapStatus.REFUSED: ("off", "ban", gettext_lazy("The community did not agree")),
    SwapStatus.WITHDRAWN: ("off", "dash", gettext_lazy("Taken back")),
    SwapStatus.EXPIRED: ("off", "clock", gettext_lazy("Over")),
}
get_and_post = require_http_methods(["GET", "HEAD", "POST"])


def link_of(swap: Swap) -> str:
    """What the owner sends to the one they have spoken to."""
    return f"{settings.PUBLIC_URL}{resolve_url('swap_answer', swap.key)}"


class WishForm(forms.Form):
    wanted = forms.ChoiceField(label=gettext_lazy("In return I take"), required=False)

    def __init__(self, data: Any, signup: SignUp, now: datetime) -> None:
        super().__init__(data)
        nothing = ("", _("Nothing: I hand my seat over"))
        posts = queries.wishes(signup, now)
        self.fields["wanted"].choices = [nothing, *((str(post.pk), in_words(post, signup)) for post in posts)]

    @property
    def post(self) -> int | None:
        chosen = self.cleaned_data["wanted"]
        return int(chosen) if chosen else None


def in_words(post: Post, signup: SignUp) -> str:
    """Where, as what, and when, if that is not when one serves anyway."""
    shift, own = post.shift, signup.period
    place = f"{shift.site} · {post.role}"
    if (shift.starts_at, shift.ends_at) == (own.lower, own.upper):
        return place
    return f"{place} · {when(shift.starts_at, shift.ends_at, zone_of(signup))}"


@never_cache
@get_and_post
@login_required
def offer(request: HttpRequest, signup_id: int) -> HttpResponse:
    """The owner's page: what to have for the seat, then the link, then what became of it."""
    signup, now = mine(request, signup_id), timezone.now()
    swap = queries.standing(signup)
    if request.method != "POST":
        return offer_page(request, signup, swap, now)
    form = WishForm(request.POST, signup, now)
    if not form.is_valid():
        return offer_page(request, signup, swap, now, status=400, form=form)
    try:
        act(request, signup, swap, form, now)
    except Refused as refused:
        reasons = why_not(refused.reasons)
        return offer_page(request, signup, queries.standing(signup), now, status=refused.status, reasons=reasons)
    return see(request.path)


def act(request: HttpRequest, signup: SignUp, swap: Swap | None, form: WishForm, now: datetime) -> None:
    if request.POST.get("do") != "withdraw":
        swaps.propose(signup.pk, now=now, wanted=form.post)
    elif swap:
        swaps.withdraw(swap.pk, by=request.user, now=now)
        messages.success(request, _("Taken back. Your seat stays yours."))


def offer_page(
    request: HttpRequest, signup: SignUp, swap: Swap | None, now: datetime, status: int = 200, **more: Any
) -> HttpResponse:
    is_open = bool(swap and swap.status in SWAP_OPEN)
    context = context_of(signup, swap) | {
        "open": is_open,
        "link": link_of(swap) if swap and swap.status == SwapStatus.PROPOSED else "",
        "possible": not is_open and signup.status == "confirmed" and now < signup.period.lower,
    }
    if context["possible"] and "form" not in more:
        more["form"] = WishForm(None, signup, now)
    return render(request, "staffing/swap.html", context | more, status=status)


def context_of(signup: SignUp, swap: Swap | None) -> dict[str, Any]:
    shown = {"signup": signup, "shift": signup.shift, "zone": zone_of(signup), "swap": swap}
    if not swap:
        return shown
    partner = swap.partner.user.name if swap.partner else ""
    return shown | {
        "chip": CHIPS[SwapStatus(swap.status)],
        "owner": first_name(swap.offered.volunteer.user.name),
        "partner": first_name(partner),
    }


def see(address: str) -> HttpResponse:
    return HttpResponseRedirect(address, status=303)


@never_cache
@get_and_post
@login_required
def answer(request: HttpRequest, key: str) -> HttpResponse:
    """The page behind the link. The owner is shown their own page; once somebody agreed, it is theirs alone."""
    swap, now = get_object_or_404(queries.whole(), key=key), timezone.now()
    if swap.offered.volunteer.user_id == request.user.pk:
        return see(resolve_url("swap_offer", swap.offered_id))
    if request.method != "POST":
        return answer_page(request, swap, now)
    try:
        answered(request, swap, now)
    except Refused as refused:
        newest = queries.whole().get(pk=swap.pk)
        return answer_page(request, newest, now, status=refused.status, reasons=why_not(refused.reasons))
    return see(request.path)


def answered(request: HttpRequest, swap: Swap, now: datetime) -> None:
    person = Volunteer.objects.filter(user=request.user).first()
    if not person:
        raise Refused("not_enrolled")
    if request.POST.get("do") != "withdraw":
        swaps.agree(swap.key, person.pk, now=now)
    elif swap.partner_id == person.pk:
        swaps.withdraw(swap.pk, by=request.user, now=now)
        messages.success(request, _("Taken back. Everything stays as it was."))


def answer_page(request: HttpRequest, swap: Swap, now: datetime, status: int = 200, **more: Any) -> HttpResponse:
    signup = queries.ticket_of(swap)
    own = bool(swap.partner and swap.partner.user_id == request.user.pk)
    mine_now = own and swap.status in {SwapStatus.AGREED, SwapStatus.DONE}
    context = context_of(signup, swap) | {
        "asked": swap.status == SwapStatus.PROPOSED and now < swap.expires_at,
        "own": mine_now,
        "call": signup.shift.call_up,
    }
    return render(request, "staffing/swap_answer.html", context | more, status=status)


@require_POST
@staff_only
def decide(request: HttpRequest, pk: int, doing: str) -> HttpResponse:
    """The lead says yes or no."""
    visible = swaps_visible_to(request.user) | swaps_run_by(request.user)
    swap = load(visible.select_related("offered").distinct(), swaps_run_by(request.user), pk=pk)
    if doing == "approve":
        swaps.approve(swap.pk, by=request.user, now=timezone.now())
        messages.success(request, _("Swapped, and both are told."))
    else:
        swaps.refuse(swap.pk, by=request.user, now=timezone.now())
        messages.success(request, _("Refused; both keep what they had, and are told."))
    return back_to(request, "roster", swap.offered.shift_id)
