"""The chain list of a call: paste, look, take in; answer what waits; and the roster as a chain list again."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from communities.access import May
from communities.errors import Invalid, Refused
from communities.numbers import number_in
from communities.phrases import say
from staffing.access import calls_visible_to
from staffing.actions import chains
from staffing.actions.chains import ANSWERS, Answer
from staffing.models import CallUp, ChainRow
from staffing.queries.chains import choices_of, homes_of, posted, stored_rows
from staffing.queries.gaps import missing_of
from staffing.web import chain_words, words
from staffing.web.calls_desk import page_and_post, run
from staffing.web.pages import back_to, customs, need, show, staff_only


@page_and_post
@staff_only
def call_chain(request: HttpRequest, pk: int) -> HttpResponse:
    """Without a text, what has been taken in so far; with one, what it would do."""
    call = run(request, pk)
    if request.method == "POST" and request.POST.get("do") == "commit":
        return take_in(request, call)
    context = previewed(request, call) if request.method == "POST" else stored(call)
    if request.headers.get("HX-Request"):
        return render(request, "staffing/desk/chain_piles.html", context)
    status = 400 if context.get("error") else 200
    return show(request, "desk/chain.html", call.community, current="desk", status=status, **context)


def take_in(request: HttpRequest, call: CallUp) -> HttpResponse:
    text, free = request.POST.get("text", ""), request.POST.get("free") == "yes"
    try:
        outcome = chains.commit(call.pk, text, free=free, by=request.user, now=timezone.now())
    except Invalid as invalid:
        return show(
            request, "desk/chain.html", call.community, current="desk", status=400, **wrong(call, text, invalid)
        )
    messages.success(request, chain_words.done(outcome))
    return back_to(request, "call_chain", call.pk)


def previewed(request: HttpRequest, call: CallUp) -> dict[str, object]:
    text = request.POST.get("text", "")
    if not text.strip():
        return stored(call)
    try:
        found = chains.preview(call.pk, text, now=timezone.now())
    except Invalid as invalid:
        return wrong(call, text, invalid)
    missing = missing_of(call)
    after = max(0, missing - found.seated)
    piles = chain_words.of_preview(found)
    return {"call": call, "text": text, "found": found, "piles": piles, "missing": missing, "after": after}


def wrong(call: CallUp, text: str, invalid: Invalid) -> dict[str, object]:
    return {"call": call, "text": text, "error": " ".join(invalid.fields["text"]), "piles": chain_words.Piles()}


def stored(call: CallUp) -> dict[str, object]:
    rows = stored_rows(call)
    return {
        "call": call,
        "text": "",
        "rows": rows,
        "piles": chain_words.of_rows(rows, choices_of(call, rows), homes_of(call, rows)),
    }


@require_POST
@staff_only
def chain_row(request: HttpRequest, pk: int) -> HttpResponse:
    """An answer for a line that waits: the button's value, and for a new person a name and a phone."""
    visible = ChainRow.objects.filter(chain__call_up__in=calls_visible_to(request.user))
    row = get_object_or_404(visible.select_related("chain"), pk=pk)
    call = run(request, row.chain.call_up_id)
    kind, _dash, number = request.POST.get("answer", "").partition("-")
    if kind not in ANSWERS:
        return redirect("call_chain", call.pk)
    name, phone = (request.POST.get(f"{field}_{row.pk}", "").strip() for field in ("name", "phone"))
    chosen = number_in(number)
    said = Answer(kind, chosen if kind == "person" else None, name, phone or None, chosen if kind == "home" else None)
    try:
        row = chains.answer(row.pk, said, by=request.user, now=timezone.now())
    except Invalid as invalid:
        messages.error(request, " ".join(text for texts in invalid.fields.values() for text in texts))
    except Refused as refused:
        messages.error(request, say(refused.reasons[0]))
    else:
        tell(request, row)
    return back_to(request, "call_chain", call.pk)


def tell(request: HttpRequest, row: ChainRow) -> None:
    if row.reason:
        messages.warning(request, chain_words.of_row(row, {}, {}).note)
    else:
        messages.success(request, _("Done."))


@require_safe
@staff_only
def chain_roster(request: HttpRequest, pk: int) -> HttpResponse:
    """Who stands where, for the group: one list a point, with the last digits of phones only."""
    call = readable(request, pk)
    return show(request, "desk/chain_roster.html", call.community, current="desk", call=call, lists=lists_of(call))


@require_safe
@staff_only
def chain_text(request: HttpRequest, pk: int) -> HttpResponse:
    call = readable(request, pk)
    body = "\n\n\n".join(text for _shift, text in lists_of(call)) + "\n"
    answer = HttpResponse(body, content_type="text/plain; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="chain-{call.slug}.txt"'
    return answer


def readable(request: HttpRequest, pk: int) -> CallUp:
    call = get_object_or_404(calls_visible_to(request.user).select_related("community"), pk=pk)
    need(request.user, May.NAMES, call.community)
    return call


def lists_of(call: CallUp) -> list[tuple[object, str]]:
    """For each point its shift and the text to paste."""
    with timezone.override(customs(call.community).zone):
        return [(shift, text_of(call, shift, signups)) for shift, signups in posted(call)]


def text_of(call: CallUp, shift: object, signups: object) -> str:
    context = {"activity": words.local(call, "activity"), "shift": shift, "signups": signups}
    return render_to_string("staffing/desk/chain.txt", context).strip()
