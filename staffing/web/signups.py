"""Signing up to a call: the form, its code, the people one brings, and why not."""

from dataclasses import replace
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from communities import limits
from communities.actions import accounts, codes
from communities.errors import Forbidden, Refused, TooMany
from communities.fields import keyed_hash
from communities.limits import Limit
from communities.models import User
from communities.phrases import say
from communities.web.accounts import ip_of, sign_in
from staffing.actions.parties import Destination, come
from staffing.models import SignUp
from staffing.queries import calls, kept_calls
from staffing.queries.call_pages import Now, OpenCall
from staffing.queries.people import known
from staffing.queries.words import said
from staffing.web.refusals import ways_out, why_not
from staffing.web.signup_form import ANY, MOST_COMPANIONS, Choices, SignUpForm

ORIGIN = Limit("sign-up-origin", 600, 600)
PROOF_SECONDS = 600
AGAIN_SECONDS = 45


@require_http_methods(["GET", "HEAD", "POST"])
def sign_up(request: HttpRequest, slug: str) -> HttpResponse:
    now = timezone.now()
    page = kept_calls.open_call(slug, now, counted=request.method != "POST")
    if page.now not in (Now.OPEN, Now.FULL):
        return redirect("call", slug)
    if request.method != "POST":
        return shown(request, page)
    if request.POST.get("website"):
        return redirect("call", slug)  # a field that no person sees
    if not request.user.is_authenticated:
        limits.spend((ORIGIN, ip_of(request)))
    return answered(request, page, now)


def shown(request: HttpRequest, page: OpenCall) -> HttpResponse:
    """The empty form, or the ticket of who has one already and does not ask for another."""
    if request.user.is_authenticated and "again" not in request.GET and (held := ticket_in(page, request.user)):
        return redirect("ticket", held)
    return as_page(request, page, form_of(request, page))


def ticket_in(page: OpenCall, user: User) -> int | None:
    own = SignUp.objects.alive().filter(volunteer__user=user, shift__call_up=page.call.pk)
    return own.order_by("period").values_list("pk", flat=True).first()


def form_of(request: HttpRequest, page: OpenCall, others: int = 0) -> SignUpForm:
    user = request.user if request.user.is_authenticated else None
    record = known(user, page.call.community_id) if user else None
    data = request.POST if request.method == "POST" else None
    return SignUpForm(data, choices_on(page), user, record, others=others, initial=first_guess(request, page))


@lru_cache(maxsize=64)
def choices_on(page: OpenCall) -> Choices:
    return Choices(page, calls.homes(page.call.community_id), calls.skills(page.roles))


def first_guess(request: HttpRequest, page: OpenCall) -> dict[str, Any]:
    roles = {role.slug for role in page.roles.values()}
    blocks = {block.key for block in page.blocks}
    free = next((block.key for block in page.blocks if block.figures.room), next(iter(blocks), ""))
    wanted = request.GET.get("role"), request.GET.get("block")
    return {
        "key": uuid4(),
        "others": 0,
        "role": wanted[0] if wanted[0] in roles else ANY,
        "blocks": [wanted[1] if wanted[1] in blocks else free],
    }


def answered(request: HttpRequest, page: OpenCall, now: datetime) -> HttpResponse:
    others = asked_for(request.POST.get("others", ""))
    match request.POST.get("do"):
        case "code":
            return with_code(request, page, form_of(request, page, others), now)
        case "add" | "drop" as change:
            others = min(max(others + (1 if change == "add" else -1), 0), MOST_COMPANIONS)
            form = form_of(request, page, others)
            form.quiet()
            return as_page(request, page, form)
    return submitted(request, page, form_of(request, page, others), now)


def asked_for(text: str) -> int:
    return min(int(text), MOST_COMPANIONS) if text.isascii() and text.isdigit() and len(text) < 3 else 0


def with_code(request: HttpRequest, page: OpenCall, form: SignUpForm, now: datetime) -> HttpResponse:
    """The same page, with what was typed, and the code on its way."""
    errors, phone = form.errors.get("phone"), form.cleaned_data.get("phone", "")
    form.quiet()
    if errors or not phone:
        form.add_error("phone", errors or _("Write your mobile number."))
        return as_page(request, page, form, status=400)
    try:
        codes.send_code(phone, codes.Purpose.SIGN_UP, ip_of(request), now)
    except TooMany as error:
        form.add_error("phone", _("A code was sent a moment ago. Ask again in %s seconds.") % error.retry_after)
        return as_page(request, page, form, status=429, wait=error.retry_after)
    except Refused as error:
        form.add_error("phone", say(error.reasons[0]))
        return as_page(request, page, form, status=409)
    return as_page(request, page, form, sent_to=phone, wait=AGAIN_SECONDS)


def submitted(request: HttpRequest, page: OpenCall, form: SignUpForm, now: datetime) -> HttpResponse:
    if not form.is_valid() or not (user := person(request, form, now)):
        return as_page(request, page, form, status=400)
    to = Destination(page.call.pk, page.call.community_id)
    wish = form.wish(waitlist="waitlist" in request.POST)
    try:
        places = come(to, user, form.profile(), form.companions(), wish, key=form.idempotency_key, now=now)
    except Refused as refused:
        return refused_page(request, page, form, refused, user, now)
    kept_calls.recount(page.call.slug)
    sign_in(request, user)
    return redirect_to_ticket(places[0])


def person(request: HttpRequest, form: SignUpForm, now: datetime) -> User | None:
    """Whose form this is: the signed-in person, or the owner of the phone to which the code was sent."""
    if request.user.is_authenticated:
        return name_once(request.user, form.cleaned_data.get("name", ""))
    said = form.cleaned_data
    try:
        prove(said["key"], said["phone"], said["code"], now)
        return accounts.account_for(said["phone"], said["name"], get_language() or settings.LANGUAGE_CODE, now)
    except (Refused, Forbidden) as refused:
        form.add_error("code", say(refused.reasons[0]))
        return None


def name_once(user: User, name: str) -> User:
    return accounts.give_name(user, name)


def prove(key: UUID, phone: str, code: str, now: datetime) -> None:
    """Use the code up. The same form sent again (a double tap, a changed answer) need not have a new one."""
    proof = f"proof:{keyed_hash(f'{key} {phone} {code}')}"
    if cache.get(proof):
        return
    codes.check_code(phone, code, codes.Purpose.SIGN_UP, now)
    cache.set(proof, 1, PROOF_SECONDS)


def refused_page(
    request: HttpRequest, page: OpenCall, form: SignUpForm, refused: Refused, user: User, now: datetime
) -> HttpResponse:
    """The same page with every reason, and what is possible instead. Full: the waitlist is what the button says now."""
    kept_calls.forget(page.call.slug)
    if refused.code == "full":
        form.choices = replace(form.choices, page=kept_calls.open_call(page.call.slug, now))
        return as_page(request, form.choices.page, form, status=409, full=True)
    reasons = why_not(refused.reasons)
    return as_page(request, page, form, status=409, reasons=reasons, ways_out=ways_out(page, user, now))


def redirect_to_ticket(signup: SignUp) -> HttpResponse:
    response = redirect("ticket", signup.pk)
    response.status_code = 303
    return response


def left(room: int) -> str:
    return _("%(n)d left") % {"n": room} if room else _("full")


def as_page(request: HttpRequest, page: OpenCall, form: SignUpForm, status: int = 200, **more: Any) -> HttpResponse:
    full = page.now is Now.FULL or more.pop("full", False)
    context = {
        "page": page,
        "call": page.call,
        "activity": said(page.call, "activity"),
        "form": form,
        "left": {line.role.slug: left(line.figures.room) for line in page.role_lines},
        "full": full,
        "line": form.line,
        "most": MOST_COMPANIONS,
    }
    return render(request, "staffing/sign_up.html", context | more, status=status)
