"""My shifts: the next one first, what waits for an answer, what one could take, and what one has served."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from communities.states import MessageStatus
from staffing.queries import mine
from staffing.queries.equipment import in_hands_of
from staffing.queries.teams import teams_of
from staffing.queries.tickets import zone_of
from staffing.states import SignUpStatus
from staffing.web import words
from staffing.web.tickets import card


@require_safe
@login_required
def my_shifts(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    person = mine.volunteer_of(request.user, now)
    cards = [card(signup, now) for signup in mine.coming(request.user, now)]
    asked = [each for each in cards if each.signup.status == SignUpStatus.INVITED]
    rest = [each for each in cards if each.signup.status != SignUpStatus.INVITED]
    records = list(mine.records(person)) if person else []
    context = {
        "asked": asked,
        "cards": rest,
        "near": [(post, zone_of(post)) for post in mine.near(person, now)] if person else [],
        "teams": list(teams_of(person)) if person else [],
        "things": in_hands_of(request.user) if person and person.holds else [],
        "records": records,
        "hours": round(records[0].all_minutes / 60, 1) if records else 0,
        "times": records[0].all_times if records else 0,
        "now": now,
        "drives": bool(person and person.drives),
        "knocks": bool(person and person.knocks),
        "dead": person.dead if person else [],
    }
    return render(request, "staffing/mine.html", context)


@require_safe
@login_required
def my_messages(request: HttpRequest) -> HttpResponse:
    """What one was told, over which way, and whether it arrived."""
    rows = [(message, words.of_message(message), CHIPS[message.status]) for message in mine.told(request.user)]
    return render(request, "staffing/my_messages.html", {"rows": rows})


CHIPS = {
    MessageStatus.SCHEDULED: ("off", "clock"),
    MessageStatus.SENDING: ("off", "clock"),
    MessageStatus.GATHERED: ("off", "clock"),
    MessageStatus.SENT: ("info", "half"),
    MessageStatus.DELIVERED: ("ok", "check"),
    MessageStatus.ACKNOWLEDGED: ("ok", "check"),
    MessageStatus.FAILED: ("bad", "alert"),
    MessageStatus.CANCELLED: ("off", "dash"),
    MessageStatus.EXPIRED: ("off", "dash"),
}
