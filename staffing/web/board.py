"""The point leader's board on the day: who is missing, on the way, here; one tap each, and a code that turns."""

import hashlib
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core import signing
from django.core.paginator import Paginator
from django.db.models import Count, Max, Q, Sum
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import condition, require_http_methods, require_POST, require_safe

from communities.errors import Forbidden, Refused
from communities.web.forms import status_of
from staffing.access import attendance_of, boards_of, load, shifts_visible_to, signups_visible_to
from staffing.actions import attendance, decisions, newcomers, proposals, shifts
from staffing.models import Post, Proposal, Shift, SignUp
from staffing.queries.rosters import presence, relief, reserves
from staffing.rules.attendance import UNDO, correctable, is_missing, to_change, too_early
from staffing.rules.passes import STEP, shift_of, token
from staffing.states import SignUpStatus
from staffing.web import words
from staffing.web.handed import with_things
from staffing.web.hours import said_of, with_words
from staffing.web.pages import attempt, customs, rights, show
from staffing.web.people_forms import WalkInForm
from staffing.web.roster import community_of
from staffing.web.seat_forms import CorrectForm

EVERY = 5
SEEN = 300  # seconds between scanning a good code and saying "I am here"
STAMP = signing.TimestampSigner(salt="check-in")
page_and_post = require_http_methods(["GET", "HEAD", "POST"])


def board_of(request: HttpRequest, pk: int) -> Shift:
    """The shift, if the reader may take its attendance."""
    mine = boards_of(request.user)
    visible = (shifts_visible_to(request.user) | mine).select_related(
        "site__area", "call_up__community", "leader", "deputy"
    )
    return load(visible, mine, pk=pk)


@require_safe
@login_required
def boards(request: HttpRequest) -> HttpResponse:
    """The shifts of today and the days around whose check-in is mine; to the board at once if there is just one."""
    now = timezone.now()
    near = boards_of(request.user).filter(
        starts_at__lt=now + timedelta(hours=36), ends_at__gt=now - timedelta(hours=12)
    )
    found = (
        near.exclude(status__in=["draft", "cancelled"])
        .select_related("site__area")
        .order_by("starts_at", "site__no", "pk")
    )
    if not found and not boards_of(request.user).exists() and not is_known(request):
        raise Http404
    page = Paginator(found.annotate(taken=Sum("posts__taken"), seats=Sum("posts__seats")), 50).get_page(
        request.GET.get("page")
    )
    if page.paginator.count == 1:
        return redirect("board", page.object_list[0].pk)
    area = page.object_list[0].site.area if page.object_list else None
    return show(request, "board/boards.html", area, page=page, current="boards")


def is_known(request: HttpRequest) -> bool:
    return Shift.objects.filter(Q(leader=request.user) | Q(deputy=request.user)).exists()


def tag(shift: Shift) -> str:
    """Changes with the people, the posts, the shift, the language, and once a minute with the clock.

    People are counted by what they are, since of two changes at once the one written first may be seen last.
    """
    people = shift.sign_ups.aggregate(
        n=Count("pk", distinct=True),
        coming=Count("pk", filter=Q(on_my_way_at__isnull=False), distinct=True),
        here=Count("pk", filter=Q(status=SignUpStatus.CHECKED_IN), distinct=True),
        gone=Count("pk", filter=Q(status=SignUpStatus.COMPLETED), distinct=True),
        last=Max("changed_at"),
        word=Max("proposals__proposed_at"),
        things=Max("equipment__changed_at"),
    )
    posts = shift.posts.aggregate(seats=Sum("seats"), taken=Sum("taken"))
    minute = int(timezone.now().timestamp()) // 60
    look = (
        shift.pk,
        shift.version,
        shift.deputy_id,
        shift.status,
        *people.values(),
        *posts.values(),
        get_language(),
        minute,
    )
    return f'"{hashlib.sha256(repr(look).encode()).hexdigest()[:16]}"'


def pulse_of(request: HttpRequest, pk: int) -> str:
    return tag(board_of(request, pk))


@require_safe
@login_required
def board(request: HttpRequest, pk: int) -> HttpResponse:
    shift = board_of(request, pk)
    return show(request, "board/board.html", shift.site.area, **context_of(request, shift))


@require_safe
@login_required
@condition(etag_func=pulse_of)
def board_live(request: HttpRequest, pk: int) -> HttpResponse:
    return people(request, board_of(request, pk))


def people(request: HttpRequest, shift: Shift, **more: Any) -> HttpResponse:
    """The part of the board that changes by itself."""
    with timezone.override(customs(shift.site.area).zone):
        return render(request, "staffing/board/people.html", context_of(request, shift) | more)


def context_of(request: HttpRequest, shift: Shift) -> dict[str, Any]:
    now, before = timezone.now(), tag(shift)  # read first: what changes meanwhile is looked at again
    seen = presence(shift)
    with_words([*seen.here, *seen.gone], request.user, now)
    with_things(shift, [*seen.here, *seen.gone])
    context = {
        "shift": shift,
        "chip": words.of_shift(shift),
        "presence": seen,
        "rights": rights(request.user, shift.site.area, shift),
        "now": now,
        "tag": before,
        "every": EVERY,
        "chips": {signup.pk: words.of_signup(signup) for signup in [*seen.missing, *seen.gone]},
        "no_shows": is_missing(now, shift.starts_at),
        "undo_since": now - UNDO,
        "may_check_in": too_early(now, shift.starts_at, shift.ends_at) is None,
        "may_correct": correctable(now, shift.ends_at),
        "may_start": shifts.may_start(shift, now),
        "all_here": not seen.absent and not seen.coming and bool(seen.here),
    }
    if seen.here and to_change(now, shift.ends_at):
        context |= {"to_change": True, "relief": relief(shift)}
    if seen.free and now < shift.ends_at:
        post = seen.free[0]
        post.shift = shift
        context["reserve"] = next(iter(reserves(post, community_of(shift), now, most=1)), None)
        context["reserve_post"] = post
    return context


type Act = Callable[..., Any]
AT_ONCE: dict[str, Act] = {
    "in": attendance.check_in,
    "undo": attendance.undo_check_in,
    "out": proposals.check_out,
    "absent": attendance.mark_no_show,
    "confirm": decisions.confirm,
}


@require_POST
@login_required
def board_tap(request: HttpRequest, pk: int, signup: int, doing: str) -> HttpResponse:
    """One tap about one person. Answers with the changed board, or sends back to it."""
    shift = board_of(request, pk)
    mine = attendance_of(request.user).filter(shift=shift)
    found = load(mine.select_related("volunteer__user"), mine, pk=signup)
    if doing == "confirm" and not rights(request.user, shift.site.area).run:
        raise Forbidden
    done = AT_ONCE[doing](found.pk, by=request.user, now=timezone.now())
    sentence = said_of(done) if isinstance(done, Proposal) else said(doing, found)
    return answer(request, shift, sentence, undo=found.pk if doing == "in" else None)


def said(doing: str, signup: SignUp) -> str:
    sentence = {
        "in": _("%(who)s is checked in."),
        "undo": _("The check-in of %(who)s is undone."),
        "out": _("%(who)s is checked out; the minutes are on record."),
        "absent": _("The seat of %(who)s is free again."),
        "confirm": _("%(who)s is confirmed and told."),
    }[doing]
    return sentence % {"who": signup.volunteer.name}


def answer(request: HttpRequest, shift: Shift, sentence: str, undo: int | None = None) -> HttpResponse:
    if request.headers.get("HX-Request") == "true":
        where = reverse("board_tap", args=[shift.pk, "undo", undo]) if undo else ""
        return people(request, shift, sentence=sentence, undo=where)
    messages.success(request, sentence)
    return redirect_to_board(shift)


def redirect_to_board(shift: Shift) -> HttpResponse:
    response = redirect("board", shift.pk)
    response.status_code = 303
    return response


@require_POST
@login_required
def board_call(request: HttpRequest, pk: int, post: int) -> HttpResponse:
    """Ask the reserve whom the board shows: the seat is kept until they answer."""
    shift = board_of(request, pk)
    place = get_object_or_404(Post.objects.filter(shift=shift).select_related("shift__site", "role"), pk=post)
    wanted = request.POST.get("volunteer", "")
    found = next(
        (one for one in reserves(place, community_of(shift), timezone.now(), most=100) if str(one.pk) == wanted), None
    )
    if not found:
        raise Forbidden("not_found")
    decisions.invite(place.pk, found.pk, by=request.user, now=timezone.now())
    return answer(request, shift, _("%(who)s is asked.") % {"who": found.name})


@require_POST
@login_required
def board_agree(request: HttpRequest, pk: int, proposal: int) -> HttpResponse:
    """The second person's yes to hours that one alone may not sign for."""
    shift = board_of(request, pk)
    word = get_object_or_404(Proposal, pk=proposal, sign_up__in=attendance_of(request.user).filter(shift=shift))
    done = proposals.agree(word.pk, by=request.user, now=timezone.now())
    return answer(request, shift, said("out", done))


@page_and_post
@login_required
def board_correct(request: HttpRequest, pk: int, signup: int) -> HttpResponse:
    """Marked as not there, but they were: the hours, for a second person to agree to."""
    shift, now = board_of(request, pk), timezone.now()
    mine = attendance_of(request.user).filter(shift=shift).select_related("volunteer__user", "post__role")
    found = load(mine, mine, pk=signup)
    form = CorrectForm(request.POST or None, shift=shift, zone=customs(shift.site.area).zone)
    if request.method == "POST" and form.is_valid():
        word = attempt(form, lambda: proposals.propose_correction(found.pk, **form.times(), by=request.user, now=now))
        if word:
            messages.success(request, said_of(word))
            return redirect_to_board(shift)
    return show(
        request, "board/correct.html", shift.site.area, status=status_of(form), form=form, shift=shift, signup=found
    )


@require_POST
@login_required
def board_do(request: HttpRequest, pk: int, doing: str) -> HttpResponse:
    """Start the shift, up to 30 minutes early, or finish it."""
    shift = board_of(request, pk)
    act = {"start": shifts.start, "finish": shifts.finish}[doing]
    act(shift.pk, by=request.user, now=timezone.now())
    messages.success(request, _("The shift runs.") if doing == "start" else _("The shift is finished. Thank you."))
    return redirect_to_board(shift)


@page_and_post
@login_required
def walk_in(request: HttpRequest, pk: int) -> HttpResponse:
    """Somebody stands there and wants to help: name, phone, one tap."""
    shift = board_of(request, pk)
    posts = list(shift.posts.with_room().filter(agency=None).select_related("role").order_by("role_id", "pk"))
    if request.method == "POST" and not posts:
        raise Refused("full")
    form = WalkInForm(request.POST or None, posts=posts, initial={"post": posts[0].pk if posts else None})
    if request.method == "POST" and form.is_valid():
        made = attempt(
            form,
            lambda: newcomers.walk_in(form.cleaned_data["post"], form.newcomer(), by=request.user, now=timezone.now()),
        )
        if made:
            messages.success(request, _("%(who)s is checked in.") % {"who": form.cleaned_data["name"]})
            return redirect_to_board(shift)
    return show(
        request, "board/walk_in.html", shift.site.area, status=status_of(form), form=form, shift=shift, posts=posts
    )


@never_cache
@require_safe
@login_required
def qr(request: HttpRequest, pk: int) -> HttpResponse:
    """The screen that people scan; the code on it is replaced every half minute."""
    shift = board_of(request, pk)
    context = {"shift": shift, "every": STEP, **code_of(shift)}
    if request.headers.get("HX-Request") == "true":
        return render(request, "staffing/board/code.html", context)
    return show(request, "board/qr.html", shift.site.area, **context)


def code_of(shift: Shift) -> dict[str, Any]:
    code = token(shift.pk, timezone.now(), settings.SECRET_KEY)
    return {"address": settings.PUBLIC_URL + reverse("scan", args=[code]), "code": code}


@never_cache
@page_and_post
@login_required
def scan(request: HttpRequest, code: str) -> HttpResponse:
    """Where a volunteer lands after scanning: one tap checks them in. The code counts for 60 s, the page for 5 min."""
    now = timezone.now()
    shift_id = shift_of(code, now, settings.SECRET_KEY) or seen_before(request, code)
    if not shift_id:
        raise Forbidden("qr_invalid")
    signup = own_signup(request, shift_id)
    if request.method == "POST":
        checked = attendance.check_in(signup.pk, by=request.user, now=now, fit="fit" in request.POST)
        return show(
            request, "board/scanned.html", signup.shift.site.area, signup=checked, shift=signup.shift, here=True
        )
    context = {"signup": signup, "shift": signup.shift, "stamp": STAMP.sign(f"{code}:{request.user.pk}")}
    here = signup.status == SignUpStatus.CHECKED_IN
    return show(request, "board/scanned.html", signup.shift.site.area, here=here, **context)


def seen_before(request: HttpRequest, code: str) -> int | None:
    """The shift of a code that this person scanned in time and has been looking at since."""
    try:
        seen = STAMP.unsign(request.POST.get("stamp", ""), max_age=SEEN)
    except signing.BadSignature:
        return None
    return int(code.partition("-")[0]) if seen == f"{code}:{request.user.pk}" else None


def own_signup(request: HttpRequest, shift_id: int) -> SignUp:
    """The reader's own place on the shift; without one there is nothing to check in."""
    mine = signups_visible_to(request.user).filter(Q(volunteer__user=request.user), shift_id=shift_id)
    live = mine.filter(status__in=[SignUpStatus.CONFIRMED, SignUpStatus.CHECKED_IN, SignUpStatus.SIGNED_UP])
    return get_object_or_404(live.select_related("shift__site__area", "post__role"))
