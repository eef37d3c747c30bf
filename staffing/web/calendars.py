"""Calendars: one place as a file, and all of a person's places as a private feed."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from icalendar import Calendar, Event

from staffing.models import SignUp
from staffing.queries.tickets import tickets
from staffing.queries.words import lines, said
from staffing.states import SURE, SignUpStatus
from staffing.web.tickets import mine
from volunteers.models import CalendarFeed

KEPT = timedelta(days=60)
REFRESH = timedelta(hours=1)
SURELY = dict.fromkeys(SURE, "CONFIRMED")
MAYBE = dict.fromkeys((SignUpStatus.INVITED, SignUpStatus.SIGNED_UP, SignUpStatus.WAITLISTED), "TENTATIVE")
STATUSES = SURELY | MAYBE


@require_safe
@login_required
def file(request: HttpRequest, signup_id: int) -> HttpResponse:
    """Importing it again after a change updates the entry: same UID, higher SEQUENCE."""
    response = as_calendar([mine(request, signup_id)], timezone.now())
    response.headers["Content-Disposition"] = f'attachment; filename="redvest-{signup_id}.ics"'
    return response


@require_safe
def feed(request: HttpRequest, key: str) -> HttpResponse:
    """Whoever holds the key reads it, as calendar programs do; a new key ends the old address."""
    owner = get_object_or_404(CalendarFeed.objects.select_related("volunteer__user"), key=key)
    now = timezone.now()
    mine = tickets().filter(volunteer=owner.volunteer_id, period__endswith__gt=now - KEPT).order_by("period", "pk")
    with translation.override(owner.volunteer.user.language):
        return as_calendar(mine, now)


def as_calendar(signups: Iterable[SignUp], now: datetime) -> HttpResponse:
    calendar = Calendar()
    calendar.add("prodid", "-//Redvest//Shifts//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", _("My shifts"))
    calendar.add("refresh-interval", REFRESH)
    for signup in signups:
        calendar.add_component(event(signup, now))
    return HttpResponse(calendar.to_ical(), content_type="text/calendar; charset=utf-8")


def event(signup: SignUp, now: datetime) -> Event:
    """Times in UTC, which every calendar shows in the reader's own zone."""
    shift = signup.shift
    entry = Event()
    entry.add("uid", f"sign-up-{signup.pk}@redvest")
    entry.add("sequence", sequence(signup))
    entry.add("dtstamp", signup.changed_at)
    entry.add("last-modified", signup.changed_at)
    entry.add("dtstart", shift.starts_at)
    entry.add("dtend", shift.ends_at)
    entry.add("summary", f"{activity(signup)} · {signup.post.role}")
    entry.add("location", " ".join(filter(None, [str(shift.site), said(shift.site, "gate")])))
    entry.add("description", description(signup))
    entry.add("url", f"{settings.PUBLIC_URL}{reverse('ticket', args=[signup.pk])}")
    entry.add("status", STATUSES.get(SignUpStatus(signup.status), "CANCELLED"))
    entry.add("transp", "OPAQUE" if signup.status in SURE else "TRANSPARENT")
    return entry


def sequence(signup: SignUp) -> int:
    """Rises with every version of the shift, and once more when the place ends."""
    return 2 * signup.shift.version + (SignUpStatus(signup.status) not in STATUSES)


def activity(signup: SignUp) -> str:
    call = signup.shift.call_up
    return said(call, "activity") if call else str(signup.shift.site)


def description(signup: SignUp) -> str:
    call = signup.shift.call_up
    arrive = [_("Be there %(n)d minutes before.") % {"n": call.arrive_minutes}] if call else []
    return "\n".join(arrive + (lines(call, "bring") if call else []))
