"""A person's own place: the pass, the place in line, the offer, and "I cannot come"."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from communities.errors import Refused
from communities.models import Site
from communities.queries.customs import customs_of
from communities.rules.names import first_name
from staffing.actions.answers import give_up
from staffing.models import SignUp
from staffing.queries import beats
from staffing.queries.tickets import before_the_change, may_call_leader, own, party_of, tickets, zone_of
from staffing.queries.words import lines, listed, said
from staffing.rules.reminders import instants
from staffing.states import ALIVE, SURE, SignUpStatus
from staffing.web.answers import act, may_say_again, offered_until, soon, unanswered
from staffing.web.refusals import why_not

type Chip = tuple[str, str, str]

WORDS = {
    SignUpStatus.INVITED: ("warn", "alert", gettext_lazy("Can you come?")),
    SignUpStatus.SIGNED_UP: ("warn", "half", gettext_lazy("Waits for the community's yes")),
    SignUpStatus.CONFIRMED: ("ok", "check", gettext_lazy("Confirmed")),
    SignUpStatus.CHECKED_IN: ("ok", "there", gettext_lazy("You are there")),
    SignUpStatus.COMPLETED: ("ok", "there", gettext_lazy("Served")),
    SignUpStatus.DECLINED: ("off", "dash", gettext_lazy("Not this time")),
    SignUpStatus.CANCELLED: ("off", "ban", gettext_lazy("Cancelled")),
    SignUpStatus.NO_SHOW: ("off", "ring", gettext_lazy("Not there")),
    SignUpStatus.EXPIRED: ("off", "clock", gettext_lazy("Not answered in time")),
}
HAS_VEST = frozenset({SignUpStatus.CONFIRMED, SignUpStatus.CHECKED_IN, SignUpStatus.COMPLETED})


@dataclass(frozen=True, slots=True)
class Card:
    """One place as a page shows it."""

    signup: SignUp
    zone: ZoneInfo
    activity: str
    gate: str
    arrive: datetime
    chip: Chip
    respond_by: datetime | None
    leader_phone: str | None


def card(signup: SignUp, now: datetime) -> Card:
    call = signup.shift.call_up
    arrive = timedelta(minutes=call.arrive_minutes if call else 0)
    leader = signup.shift.leader
    return Card(
        signup=signup,
        zone=zone_of(signup),
        activity=said(call, "activity") if call else str(signup.shift.site),
        gate=said(signup.shift.site, "gate"),
        arrive=signup.shift.starts_at - arrive,
        chip=chip_of(signup),
        respond_by=offered_until(signup, now),
        leader_phone=leader.phone if leader and may_call_leader(signup, now) else None,
    )


def chip_of(signup: SignUp) -> Chip:
    if signup.status == SignUpStatus.WAITLISTED:
        place = signup.ahead + 1  # type: ignore[attr-defined]
        return "info", "half", _("No. %(n)d on the waitlist") % {"n": place}
    if signup.status == SignUpStatus.CONFIRMED and signup.on_my_way_at:
        return "info", "half", _("On the way")
    tone, shape, word = WORDS[SignUpStatus(signup.status)]
    return tone, shape, str(word)


def mine(request: HttpRequest, signup_id: int) -> SignUp:
    """The person's own sign-up, or one they made for somebody they brought. Raises Http404 for all others."""
    found = tickets().filter(own(request.user), pk=signup_id).first()
    if not found:
        raise Http404
    return found


@require_safe
@login_required
def ticket(request: HttpRequest, signup_id: int) -> HttpResponse:
    return page_of(request, mine(request, signup_id), timezone.now())


def page_of(request: HttpRequest, signup: SignUp, now: datetime, status: int = 200, **more: Any) -> HttpResponse:
    shown, call = card(signup, now), signup.shift.call_up
    old = before_the_change(signup) if signup.status in ALIVE else {}
    context = {
        "card": shown,
        "signup": signup,
        "shift": signup.shift,
        "call": call,
        "seen": seen(signup),
        "vest": signup.status in HAS_VEST,
        "alive": signup.status in ALIVE,
        "can_leave": signup.status in ALIVE and now < signup.period.lower,
        "on_my_way": signup.status == SignUpStatus.CONFIRMED and not signup.on_my_way_at and soon(signup, now),
        "sure": unanswered(signup, now),
        "again": may_say_again(signup),
        "bring": listed(lines(call, "bring")) if call else "",
        "briefing": said(signup.shift, "briefing"),
        "protection": listed(lines(call, "protection")) if call else "",
        "reminders": reminders(signup, now),
        "party": [card(other, now) for other in party_of(signup, request.user)],
        "old": moved_from(old),
        "first_name": first_name(signup.volunteer.name),
        "supplies": signup.shift.site.kind == "supply_station" and signup.status in SURE,
        "doors": signup.volunteer.user_id == request.user.pk and beats.sees_doors(signup, now),
        "now": now,
    }
    return render(request, "staffing/ticket.html", context | more, status=status)


def seen(signup: SignUp) -> str:
    """What the page showed; an answer to something else changes nothing."""
    return f"{signup.pk}.{signup.shift.version}"


def reminders(signup: SignUp, now: datetime) -> Sequence[datetime]:
    """When the person will still be reminded."""
    if signup.status != SignUpStatus.CONFIRMED:
        return []
    area = signup.shift.site.area_id
    customs = customs_of([area])[area]
    return [at for at in instants(signup.shift.starts_at, customs.zone, customs.leads, customs.evening) if at > now]


def moved_from(old: dict[str, Any]) -> dict[str, Any]:
    """The time and place that no longer hold, of a message about a change."""
    if not old:
        return {}
    site = Site.objects.filter(pk=old.get("old_site")).first()
    return {
        "start": datetime.fromisoformat(old["old_start"]),
        "end": datetime.fromisoformat(old["old_end"]),
        "site": site,
    }


@require_POST
@login_required
def answer(request: HttpRequest, signup_id: int) -> HttpResponse:
    """Yes, no, on my way: from the ticket or the list of one's shifts."""
    signup, now = mine(request, signup_id), timezone.now()
    try:
        became = act(request, signup, now)
    except Refused as refused:
        newest = mine(request, signup_id)
        return page_of(request, newest, now, status=refused.status, reasons=why_not(refused.reasons))
    to = "my_shifts" if request.POST.get("back") == "my" else reverse("ticket", args=[became.pk])
    return redirect(to)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def cannot(request: HttpRequest, signup_id: int) -> HttpResponse:
    """I cannot come: what it does in one sentence, and one button. It is about this one place only."""
    signup, now = mine(request, signup_id), timezone.now()
    if signup.status not in ALIVE:
        return redirect("ticket", signup.pk)
    if request.method == "POST":
        give_up(signup.pk, now=now)
        messages.success(request, gone(signup))
        return redirect("my_shifts")
    context = {
        "card": card(signup, now),
        "signup": signup,
        "shift": signup.shift,
        "started": now >= signup.period.lower,
    }
    return render(request, "staffing/cannot.html", context)


def gone(signup: SignUp) -> str:
    if signup.status == SignUpStatus.WAITLISTED:
        return _("You are no longer in line.")
    return _("Thank you for telling us. The next in line is asked now.")
