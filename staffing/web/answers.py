"""The page behind a one-tap link: it opens without signing in, and only a POST answers."""

from datetime import datetime, timedelta
from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from communities.errors import Gone, Invalid, Refused
from communities.messages import links
from communities.models import User
from communities.queries.customs import customs_of
from communities.rules.names import first_name
from staffing.actions import answers, escalation, replies, rounds
from staffing.actions.attendance import set_out
from staffing.models import CallUp, ComingAgain, Post, Reply, SignUp
from staffing.queries.fillings import behind
from staffing.queries.links import call_by_link, seat_by_link
from staffing.queries.notices import still_missing
from staffing.queries.people import known
from staffing.queries.tickets import current, open_to, tickets, waits_for_word, zone_of
from staffing.queries.words import lines, listed, said
from staffing.rules.attendance import may_set_out
from staffing.states import ALIVE, CallReply, SignUpStatus
from staffing.web.filling_words import why_asked
from staffing.web.refusals import why_not

ALTERNATIVES = 2
ENDED_BY_SELF = {SignUpStatus.DECLINED, SignUpStatus.EXPIRED}


def soon(signup: SignUp, now: datetime) -> bool:
    """Late enough to be on the way, and not over yet."""
    return may_set_out(now, signup.period.lower) and now < signup.period.upper


def offered_until(signup: SignUp, now: datetime) -> datetime | None:
    open_offer = signup.status == SignUpStatus.INVITED and signup.respond_by and signup.respond_by > now
    return signup.respond_by if open_offer else None


def gave_up(signup: SignUp) -> bool:
    """It ended by the person's own answer or silence, so they may change their mind."""
    return signup.status in ENDED_BY_SELF or (signup.status == SignUpStatus.CANCELLED and signup.reason == "withdrawn")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, token: str) -> HttpResponse:
    now = timezone.now()
    if asked := call_by_link(token, now):
        return asked_for(request, *asked, now)
    try:
        _purpose, found = seat_by_link(token, now)
    except Gone as gone:
        return page_of(request, current(tickets().get(pk=gone.reasons[0].facts["id"])), now, status=410)
    signup = current(tickets().get(pk=found.pk))
    if request.method != "POST":
        return page_of(request, signup, now)
    return answered(request, signup, now)


def asked_for(request: HttpRequest, user: User, call: CallUp, now: datetime) -> HttpResponse:
    """Yes, no, or in reserve, said to a message that asks for people. Who has a place finds the page of that."""
    if place := SignUp.objects.alive().filter(volunteer__user=user, shift__call_up=call).order_by("pk").first():
        return HttpResponseRedirect(f"/a/{seat_link(place)}", status=303)
    if request.method != "POST":
        return question(request, user, call, now)
    try:
        match request.POST.get("answer"):
            case "come" | "reserve" as said:
                place = replies.come(call.pk, by=user, now=now, reserve=said == "reserve")
                return HttpResponseRedirect(f"/a/{seat_link(place)}", status=303)
    except Refused as refused:
        full = refused.code == "filled_meanwhile"
        return question(request, user, call, now, status=409, reasons=[] if full else why_not(refused.reasons))
    replies.not_this_time(call.pk, by=user, now=now)
    return HttpResponseRedirect(request.path, status=303)


def seat_link(place: SignUp) -> str:
    return links.make(links.Purpose.SEAT, place.pk, place.period.upper)


def question(
    request: HttpRequest, user: User, call: CallUp, now: datetime, status: int = 200, **more: Any
) -> HttpResponse:
    """Who is new here, or has not agreed to today's terms, gives the answer on the form of the call."""
    said_no = Reply.objects.filter(call_up=call, user=user, said=CallReply.NOT_THIS_TIME).exists()
    on_record = known(user, call.community_id)
    context = {
        "call": call,
        "title": said(call, "title"),
        "first_name": first_name(user.name),
        "no": said_no,
        "settled": bool(on_record and on_record.settled),
        "open": call.pk in (missing := still_missing([call.pk], now)),
        "full": missing.get(call.pk, 0) <= 0,
        "risks": listed(lines(call, "risks")),
        "protection": listed(lines(call, "protection")),
        "zone": customs_of([call.community_id])[call.community_id].zone,
    }
    return render(request, "staffing/no_thanks.html", context | more, status=status)


def answered(request: HttpRequest, signup: SignUp, now: datetime) -> HttpResponse:
    if request.POST.get("seen") != f"{signup.pk}.{signup.shift.version}":
        return page_of(request, signup, now, status=409, changed=True)
    try:
        act(request, signup, now)
    except Refused as refused:
        newest = current(tickets().get(pk=signup.pk))
        return page_of(request, newest, now, status=refused.status, reasons=why_not(refused.reasons))
    response = redirect(request.path)
    response.status_code = 303
    return response


def act(request: HttpRequest, signup: SignUp, now: datetime) -> SignUp:
    """Do what the pressed button says, and say what it did. Raises Refused, Gone, or Invalid for no known answer."""
    match request.POST.get("answer"):
        case "come":
            done = answers.come_after_all(signup.pk, now=now)
        case "cannot":
            done = answers.give_up(signup.pk, now=now)
        case "on_my_way":
            done = set_out(signup.pk, now=now)
        case "sure":
            done = escalation.will_come(signup.pk, now=now)
        case "reserve":
            done = answers.stay_in_line(signup.pk, now=now)
        case "change":
            done = answers.change_to(signup.pk, chosen(request, signup, now), now=now)
        case "again":
            done = rounds.come_again(signup.pk, now=now).sign_up
        case _:
            raise Invalid(answer=_("Choose one of the answers."))
    messages.success(request, outcome(done, request.POST["answer"]))
    return done


def chosen(request: HttpRequest, signup: SignUp, now: datetime) -> int:
    """The post to change to, if it is one of those that the person may take now."""
    asked = request.POST.get("post", "")
    offered = {str(post.pk) for post in alternatives(signup, now)}
    if asked not in offered:
        raise Refused("seat_taken")
    return int(asked)


def outcome(signup: SignUp, said: str) -> str:
    match SignUpStatus(signup.status):
        case SignUpStatus.CONFIRMED if said == "sure":
            return _("Good to know. See you there.")
        case SignUpStatus.CONFIRMED if said == "on_my_way":
            return _("Good. The point leader sees that you are on the way.")
        case SignUpStatus.CONFIRMED:
            return _("The seat is yours. Thank you.")
        case SignUpStatus.SIGNED_UP:
            return _("You are signed up. The community confirms it soon.")
        case SignUpStatus.WAITLISTED:
            return _("You are on the waitlist. We ask you as soon as a seat is free.")
    if said == "again":
        return _("Good to hear. You are asked for the next round; nothing is booked.")
    if said == "reserve":
        return _("Nobody else waits, so the seat is open to everybody now. There is no line to stand in.")
    return _("Thank you for telling us. The next in line is asked now.")


def unanswered(signup: SignUp, now: datetime) -> bool:
    """A reminder of the last hours waits for a word."""
    waits = signup.status == SignUpStatus.CONFIRMED and not signup.on_my_way_at and soon(signup, now)
    return waits and now < signup.period.lower and waits_for_word(signup)


def may_say_again(signup: SignUp) -> bool:
    """They were there, and have not said yet that they would come again."""
    there = signup.status in {SignUpStatus.CHECKED_IN, SignUpStatus.COMPLETED}
    return there and not ComingAgain.objects.filter(sign_up=signup).exists()


def alternatives(signup: SignUp, now: datetime) -> list[Post]:
    """Other times and roles of the same call that the person may take, as if they had not this place."""
    if not signup.shift.call_up_id:
        return []
    here = Q(shift__call_up=signup.shift.call_up_id) & ~Q(pk=signup.post_id)
    held = signup if signup.status in ALIVE else None
    return open_to(signup.volunteer, now, within=here, without=held)[:ALTERNATIVES]


def page_of(request: HttpRequest, signup: SignUp, now: datetime, status: int = 200, **more: Any) -> HttpResponse:
    """The question with the person's name, or what has become of it. A link that is over shows no buttons."""
    shift, call, over = signup.shift, signup.shift.call_up, status == 410
    offer, upcoming = offered_until(signup, now), now < signup.period.lower
    back = gave_up(signup) and upcoming
    context = {
        "signup": signup,
        "shift": shift,
        "call": call,
        "zone": zone_of(signup),
        "community": (call.community if call else None) or shift.site.area,
        "gate": said(shift.site, "gate"),
        "arrive": shift.starts_at - timedelta(minutes=call.arrive_minutes if call else 0),
        "activity": said(call, "activity") if call else "",
        "first_name": first_name(signup.volunteer.name),
        "seen": f"{signup.pk}.{shift.version}",
        "offer": offer,
        "why_asked": why_asked(behind(signup.pk)) if offer else "",
        "minutes": minutes(offer - now) if offer else 0,
        "whole": minutes(offer - signup.changed_at) if offer else 0,
        "alive": signup.status in ALIVE,
        "can_leave": signup.status in ALIVE and upcoming and not offer,
        "on_my_way": signup.status == SignUpStatus.CONFIRMED and not signup.on_my_way_at and soon(signup, now),
        "sure": unanswered(signup, now),
        "back": back,
        "again": may_say_again(signup),
        "over": over,
        "others": alternatives(signup, now) if (offer or back) and not over else [],
    }
    return render(request, "staffing/answer.html", context | more, status=status)


def minutes(length: timedelta) -> int:
    return max(1, int(length.total_seconds() // 60))
