"""The people of a shift: who is on it, who could be asked, and what a lead decides about each."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from communities.access import May, may
from communities.errors import Forbidden
from communities.models import Area, Message
from communities.numbers import number_in
from staffing.access import attendance_of, load, shifts_visible_to, signups_run_by, signups_visible_to
from staffing.actions import attendance, decisions, escalation, newcomers, proposals
from staffing.models import CallUp, Pledge, Post, Proposal, Shift, SignUp
from staffing.queries import undelivered
from staffing.queries.duty import to_place
from staffing.queries.rosters import reserves
from staffing.queries.rosters import roster as roster_of
from staffing.queries.shifts import shift_facts
from staffing.queries.swaps import to_decide
from staffing.rules.attendance import correctable, is_missing, too_early
from staffing.rules.shifts import warnings
from staffing.states import ShiftStatus, SignUpStatus
from staffing.web import words
from staffing.web.calls_desk import form_page, page_and_post
from staffing.web.desk_forms import ShortReasonForm
from staffing.web.hours import said_of, with_words
from staffing.web.pages import Rights, attempt, back_to, customs, rights, show, staff_only
from staffing.web.people_forms import AddForm
from staffing.web.refusals import why_not
from staffing.web.seat_forms import CorrectForm, DeclineForm, TargetForm
from staffing.web.shifts_desk import run_post

PER_PAGE = 50
S = SignUpStatus


@dataclass(frozen=True, slots=True)
class Line:
    """A person on the roster, with what may be done about them now."""

    signup: SignUp
    chip: words.Chip
    verbs: frozenset[str]
    why: str
    told: str = ""


VERBS: dict[str, frozenset[str]] = {
    S.INVITED: frozenset({"cancel"}),
    S.SIGNED_UP: frozenset({"confirm", "decline", "move", "cancel"}),
    S.WAITLISTED: frozenset({"move", "cancel"}),
    S.CONFIRMED: frozenset({"move", "cancel", "check-in", "no-show"}),
    S.CHECKED_IN: frozenset({"check-out"}),
    S.NO_SHOW: frozenset({"correct"}),
}
ATTENDANCE = frozenset({"check-in", "check-out", "no-show", "correct"})


def verbs(signup: SignUp, seen: Rights, now: datetime) -> frozenset[str]:
    """What a button makes sense for; the actions decide again."""
    found = VERBS.get(signup.status, frozenset())
    if not seen.run:
        found &= ATTENDANCE
    if not seen.check_in:
        found -= ATTENDANCE
    if too_early(now, signup.period.lower, signup.period.upper):
        found -= {"check-in"}
    if not is_missing(now, signup.period.lower):
        found -= {"no-show"}
    if not correctable(now, signup.period.upper):
        found -= {"correct"}
    return found


@require_safe
@staff_only
def roster(request: HttpRequest, pk: int) -> HttpResponse:
    """A shift with its posts and people. Who may not see names sees the figures of the posts."""
    shift = get_object_or_404(
        shifts_visible_to(request.user).select_related("site__area", "site__compound", "call_up", "leader", "deputy"),
        pk=pk,
    )
    area, now = shift.site.area, timezone.now()
    seen = rights(request.user, area, shift)
    posts = list(shift.posts.select_related("role", "agency").order_by("role_id", "pk"))
    chosen = request.GET.get("post", "")
    post = next((one for one in posts if str(one.pk) == chosen), None)
    context = {"shift": shift, "chip": words.of_shift(shift), "posts": posts, "post": post, "rights": seen}
    context["pledges"] = pledges_on(posts)
    context["over"] = shift.status in {ShiftStatus.FINISHED, ShiftStatus.CANCELLED}
    if seen.names:
        found = roster_of(shift, post.pk if post else None, ended="all" in request.GET)
        page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
        with_words(page.object_list, request.user, now)
        told = undelivered.last_told(page.object_list) if seen.run else {}
        context |= {"page": page, "lines": [line(signup, seen, now, told) for signup in page.object_list]}
        context["swaps"] = to_decide(shift)
    if seen.run:
        context["failed"] = undelivered.count(undelivered.about(shift.sign_ups.all(), CallUp.objects.none()), now)
        context["warnings"] = [] if context["over"] else why_not(warnings(shift_facts(shift)))
    return show(request, "desk/roster.html", area, current="desk", **context)


def pledges_on(posts: Sequence[Post]) -> Sequence[Any]:
    found = Pledge.objects.filter(post__in=[post.pk for post in posts], status="open")
    return list(found.select_related("organisation", "post__role").order_by("due_at", "pk"))


def line(signup: SignUp, seen: Rights, now: datetime, told: Mapping[int, Message]) -> Line:
    last = words.of_message(told[signup.pk]) if signup.pk in told else ""
    return Line(signup, words.of_signup(signup), verbs(signup, seen, now), words.of_reason(signup), last)


def load_signup(request: HttpRequest, pk: int, *, attendance: bool = False) -> SignUp:
    """The sign-up, if the reader may decide about it, or take its attendance."""
    allowed = attendance_of(request.user) if attendance else signups_run_by(request.user)
    visible = signups_visible_to(request.user) | allowed
    return load(visible.select_related("shift__site__area", "post__role", "volunteer__user"), allowed, pk=pk)


type Act = Callable[..., Any]
AT_ONCE: dict[str, Act] = {
    "confirm": decisions.confirm,
    "check-in": attendance.check_in,
    "check-out": proposals.check_out,
    "no-show": attendance.mark_no_show,
    "undo": attendance.undo_check_in,
    "replace": escalation.replace,
}
DECIDED = {"confirm", "replace"}  # by the lead alone


@require_POST
@staff_only
def signup_do(request: HttpRequest, pk: int, doing: str) -> HttpResponse:
    signup = load_signup(request, pk, attendance=doing not in DECIDED)
    result = AT_ONCE[doing](signup.pk, by=request.user, now=timezone.now())
    messages.success(request, said_of(result) if isinstance(result, Proposal) else done(doing, signup))
    return back_to(request, "roster", signup.shift_id)


def done(doing: str, signup: SignUp) -> str:
    sentence = {
        "confirm": _("%(who)s is confirmed and told."),
        "check-in": _("%(who)s is checked in."),
        "check-out": _("%(who)s is checked out; the minutes are on record."),
        "no-show": _("The seat of %(who)s is free again."),
        "undo": _("The check-in of %(who)s is undone."),
        "replace": _("The seat of %(who)s goes to the next in line; both are told."),
    }[doing]
    return sentence % {"who": signup.volunteer.name}


@page_and_post
@staff_only
def signup_correct(request: HttpRequest, pk: int) -> HttpResponse:
    """Marked as not there, but they were: the hours, for a second person to agree to."""
    signup, now = load_signup(request, pk, attendance=True), timezone.now()
    area = signup.shift.site.area
    form = CorrectForm(request.POST or None, shift=signup.shift, zone=customs(area).zone)
    if request.method == "POST" and form.is_valid():
        word = attempt(form, lambda: proposals.propose_correction(signup.pk, **form.times(), by=request.user, now=now))
        if word:
            messages.success(request, said_of(word))
            return back_to(request, "roster", signup.shift_id)
    return form_page(request, "desk/correct.html", area, form, signup=signup)


@require_POST
@staff_only
def signup_agree(request: HttpRequest, pk: int, proposal: int) -> HttpResponse:
    """The second person's yes to hours that one alone may not sign for."""
    signup = load_signup(request, pk, attendance=True)
    word = get_object_or_404(signup.proposals, pk=proposal)
    proposals.agree(word.pk, by=request.user, now=timezone.now())
    messages.success(request, done("check-out", signup))
    return back_to(request, "roster", signup.shift_id)


@page_and_post
@staff_only
def signup_decline(request: HttpRequest, pk: int) -> HttpResponse:
    signup = load_signup(request, pk)
    form = DeclineForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        decisions.turn_down(signup.pk, by=request.user, now=timezone.now(), reason=form.cleaned_data["reason"])
        messages.success(request, _("Declined; the person is told, and the seat goes to the next."))
        return back_to(request, "roster", signup.shift_id)
    context = {"question": _("Decline this sign-up?"), "verb": _("Decline and tell them"), "signup": signup}
    return form_page(request, "desk/reason.html", signup.shift.site.area, form, **context)


@page_and_post
@staff_only
def signup_cancel(request: HttpRequest, pk: int) -> HttpResponse:
    signup = load_signup(request, pk)
    form = ShortReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        decisions.cancel(signup.pk, by=request.user, now=timezone.now(), reason=form.cleaned_data["reason"])
        messages.success(request, _("Cancelled; the person is told, and the seat goes to the next."))
        return back_to(request, "roster", signup.shift_id)
    context = {"question": _("Take this seat away?"), "verb": _("Take it away and tell them"), "signup": signup}
    return form_page(request, "desk/reason.html", signup.shift.site.area, form, **context)


@page_and_post
@staff_only
def signup_move(request: HttpRequest, pk: int) -> HttpResponse:
    """To another post. Volunteers are asked and keep their seat until they say yes; staff go at once."""
    signup = load_signup(request, pk)
    form = TargetForm(request.POST or None, posts=targets(signup))
    if request.method == "POST" and form.is_valid():
        target = run_post(request, form.cleaned_data["post"])
        moved = decisions.move(signup.pk, target.pk, by=request.user, now=timezone.now())
        asked = moved.status == S.INVITED
        messages.success(request, _("Asked. The old seat is kept until they say yes.") if asked else _("Moved."))
        return back_to(request, "roster", signup.shift_id)
    at_once = signup.volunteer.kind in decisions.ASSIGNABLE
    context = {"signup": signup, "at_once": at_once, "none": not form.fields["post"].choices}
    return form_page(request, "desk/signup_move.html", signup.shift.site.area, form, **context)


def targets(signup: SignUp) -> list[Post]:
    """Posts with a free seat in the same call, those at the same hours first."""
    shift = signup.shift
    same = {"shift__call_up": shift.call_up_id} if shift.call_up_id else {"shift": shift}
    found = Post.objects.with_room().filter(**same, shift__ends_at__gt=timezone.now(), agency=None)
    found = found.exclude(shift__status__in=[ShiftStatus.CANCELLED, ShiftStatus.FINISHED, ShiftStatus.DRAFT])
    rows = found.exclude(pk=signup.post_id).select_related("role", "shift__site").order_by("shift__site__no", "pk")
    return sorted(rows[:60], key=lambda post: post.shift.starts_at != shift.starts_at)


def post_of(request: HttpRequest, pk: int, capability: May) -> Post:
    """The post, if the reader holds the capability there (or leads the shift)."""
    visible = Post.objects.filter(shift__in=shifts_visible_to(request.user))
    post = get_object_or_404(visible.select_related("role", "shift__site__area", "shift__call_up"), pk=pk)
    if not may(request.user, capability, post.shift.site.area) and request.user.pk not in (
        post.shift.leader_id,
        post.shift.deputy_id,
    ):
        raise Forbidden
    return post


def community_of(shift: Shift) -> Area:
    return shift.call_up.community if shift.call_up else shift.site.area


@require_safe
@staff_only
def post_find(request: HttpRequest, pk: int) -> HttpResponse:
    """Who could stand here: people on duty; those in line elsewhere, then enrolled people who are free, the nearest first."""
    post, now = post_of(request, pk, May.NAMES), timezone.now()
    area, community = post.shift.site.area, community_of(post.shift)
    seen = rights(request.user, area, post.shift)
    duty = to_place(post, community, now) if seen.run and post.room else []
    people = [person for person in reserves(post, community, now) if person not in duty]
    context = {"post": post, "shift": post.shift, "duty": duty, "people": people, "rights": seen}
    return show(request, "desk/find.html", area, current="desk", **context)


@require_POST
@staff_only
def post_invite(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask one of them: the seat is kept until they answer."""
    post = post_of(request, pk, May.CHECK_IN)
    volunteer = number_in(request.POST.get("volunteer"))
    known = {person.pk for person in reserves(post, community_of(post.shift), timezone.now(), most=500)}
    if volunteer not in known:
        raise Forbidden("not_found")
    asked = decisions.invite(post.pk, volunteer, by=request.user, now=timezone.now())
    messages.success(request, _("%(who)s is asked.") % {"who": asked.volunteer.name})
    return back_to(request, "roster", post.shift_id)


@page_and_post
@staff_only
def post_add(request: HttpRequest, pk: int) -> HttpResponse:
    """Somebody called or came by: entered on their behalf."""
    post = post_of(request, pk, May.ADMIT)
    area, now = post.shift.site.area, timezone.now()
    form = AddForm(request.POST or None, community=community_of(post.shift))
    seen = rights(request.user, area, post.shift)
    if not seen.run:
        del form.fields["override_reason"]
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data.get("override_reason", "")
        entered = attempt(
            form,
            lambda: newcomers.sign_up(post.pk, form.newcomer(), by=request.user, now=now, override_reason=reason),
        )
        if entered:
            word = words.of_signup(entered)[2]
            messages.success(request, _("%(who)s: %(state)s") % {"who": form.cleaned_data["name"], "state": word})
            return back_to(request, "roster", post.shift_id)
    return form_page(request, "desk/add.html", area, form, post=post, shift=post.shift)
