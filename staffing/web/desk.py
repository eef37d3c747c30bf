"""The desk: the calls of one's areas, and one call with its gap, map, feed and next steps, live."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import condition, require_safe

from communities.access import May, areas, may, organisation_paths
from communities.models import Area
from communities.rules.customs import Customs
from staffing.access import calls_visible_to, shifts_visible_to
from staffing.messages.texts import open_of
from staffing.models import Asking, CallUp, OnCall, Takeover, WaveRun
from staffing.queries import desk as queries
from staffing.queries import risks
from staffing.queries.audience import Audience
from staffing.queries.desk import Sight
from staffing.queries.gaps import Block, Figures, Gap, figures, shifts_of
from staffing.queries.on_call import on_call_now
from staffing.queries.on_call import phones as phones_of_crews
from staffing.queries.readiness import Standing
from staffing.rules.callups import MOST, PAUSE, too_often
from staffing.rules.escalation import LAST
from staffing.states import Aim, CallStatus, Light, RunStatus
from staffing.web import words
from staffing.web.links import public_link
from staffing.web.pages import chosen_area, customs, rights, show, staff_only

PER_PAGE = 20
EVERY = 5  # seconds between two looks
NEAR = timedelta(hours=20)  # a clock time says enough


@require_safe
@staff_only
def desk(request: HttpRequest) -> HttpResponse:
    area = chosen_area(request)
    if not area and organisation_paths(request.user, May.PLEDGE):
        return redirect("pledges")
    calls = calls_visible_to(request.user)
    if area:
        calls = calls.filter(community__path__startswith=area.path)
    found = calls.select_related("community").order_by("-starts_at", "-pk")
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    counted = figures(page.object_list)
    rows = [(call, words.of_call(call), counted.get(call.pk, Figures())) for call in page.object_list]
    context = {"rows": rows, "page": page, "places": list(areas(request.user, May.SEE).order_by("path")[:200])}
    if area:
        context["rights"] = rights(request.user, area)
        taken = Takeover.objects.in_force(timezone.now()).filter(area__in=area.ancestor_ids)
        context["on_call"] = on_call_there(request, area)
        context["takeover"] = taken.select_related("user").first()
    return show(request, "desk/calls.html", area, current="desk", **context)


def on_call_there(request: HttpRequest, area: Area) -> list[tuple[OnCall, str]]:
    """Outside crews that can be called at this moment, with the number for those who may ring."""
    duties = list(on_call_now(area, timezone.now())[:20])
    phones = phones_of_crews({one.crew_id for one in duties}, request.user)
    return [(one, phones.get(one.crew_id, "")) for one in duties]


@require_safe
@staff_only
def call(request: HttpRequest, pk: int) -> HttpResponse:
    found = load(request, pk)
    context = context_of(request, found)
    context["at_risk"] = risks.count(found, timezone.now()) if context["rights"].run and begins_soon(found) else 0
    return show(request, "desk/call.html", found.community, current="desk", **context)


def begins_soon(call: CallUp) -> bool:
    """A last reminder may be out."""
    return call.starts_at - LAST <= timezone.now() < call.ends_at


def load(request: HttpRequest, pk: int) -> CallUp:
    """With whether it is told in waves at the moment, as `in_waves`."""
    going = WaveRun.objects.filter(call_up=OuterRef("pk"), status=RunStatus.RUNNING)
    found = calls_visible_to(request.user).select_related("community", "contact").annotate(in_waves=Exists(going))
    return get_object_or_404(found, pk=pk)


def pulse_of(request: HttpRequest, pk: int) -> str:
    return tag(request, queries.pulse(load(request, pk)))


def tag(request: HttpRequest, pulse: str) -> str:
    """The fragment's own. The minute is part of it, so that no clock on the page stands still."""
    look = (pulse, request.GET.get("block", ""), get_language(), int(timezone.now().timestamp()) // 60)
    return f'"{hashlib.sha256(repr(look).encode()).hexdigest()[:16]}"'


@require_safe
@staff_only
@condition(etag_func=pulse_of)
def live(request: HttpRequest, pk: int) -> HttpResponse:
    """The part of the page that changes by itself."""
    found = load(request, pk)
    zone = customs(found.community).zone
    with timezone.override(zone):
        context = {"now": timezone.now(), **context_of(request, found)}
        return render(request, "staffing/desk/live.html", context)


def context_of(request: HttpRequest, call: CallUp) -> dict[str, Any]:
    now, pulse = timezone.now(), queries.pulse(call)
    may_see, seen = rights(request.user, call.community), queries.sight(call, request.GET.get("block", ""), pulse, now)
    context = {
        "call": call,
        "title": words.local(call, "title"),
        "activity": words.local(call, "activity"),
        "chip": words.of_call(call),
        "rights": may_see,
        "blocks": seen.blocks,
        "period": seen.block,
        "tag": tag(request, pulse),
        "every": EVERY,
        "link": public_link(call),
        "drafts": seen.drafts,
        "failed": seen.failed if may_see.run else 0,
    }
    if seen.block:
        context |= parts(call, seen, names=may_see.names)
        listed = steps(call, seen, context["gap"], customs(call.community), now, run=may_see.run)
        context["reserves"] = seen.reserves
        context["forecast"] = seen.readiness.forecast
        context["steps"] = [(step, step.at is None or abs(step.at - now) < NEAR) for step in listed]
    return context


def parts(call: CallUp, seen: Sight, *, names: bool) -> dict[str, Any]:
    board = queries.board(call, seen)
    return {
        "gap": board.gap,
        "points": board.points,
        "common": board.common,
        "feed": [(signup, words.of_signup(signup)) for signup in board.feed],
        "attention": [(*words.concern(found, names=names), found) for found in board.attention],
    }


@dataclass(frozen=True, slots=True)
class Step:
    """One line of what happened and what comes next. `verb` and `href` make it a button."""

    tone: str
    shape: str
    text: str
    at: datetime | None = None
    note: str = ""
    href: str = ""
    verb: str = ""
    post: str = ""


def steps(call: CallUp, seen: Sight, gap: Gap, habits: Customs, now: datetime, *, run: bool) -> Iterable[Step]:
    """In the order of the clock: done, now, then what is still to come."""
    facts, standings = seen.steps, seen.readiness.standings
    yield from done(call, facts)
    yield from (milestone(one) for one in standings if now < call.ends_at and one.light is Light.RED)
    who = seen.audience if run and gap.bare else Audience()
    yield from urgent(call, gap, who, facts.askings, now, run=run)
    yield from to_stand_by(call, seen, gap, now)
    ahead = [milestone(one) for one in standings if one.light is not Light.RED]
    coming = [
        *deadlines(facts),
        *resend(who, facts.askings),
        *reminders(call, seen.block, habits),
        *(ahead or arrival(call, seen.block)),
    ]
    yield from sorted((step for step in coming if step.at and step.at > now), key=lambda step: step.at)


LIGHTS = {
    Light.MET: ("ok", "check"),
    Light.AHEAD: ("", "ring"),
    Light.AMBER: ("warn", "half"),
    Light.RED: ("bad", "alert"),
}


def milestone(found: Standing) -> Step:
    tone, shape = LIGHTS[found.light]
    note = "" if found.light is Light.MET else open_of(Aim(found.milestone.aim), found.count.open)
    return Step(tone, shape, capfirst(str(found.milestone)), found.milestone.due, note=note)


def done(call: CallUp, facts: queries.Steps) -> Iterable[Step]:
    if call.published_at:
        yield Step("ok", "check", _("Call published"), call.published_at)
    yield from (Step("ok", "check", sent(asking), asking.asked_at) for asking in facts.askings)
    if facts.people:
        text = ngettext("%(n)d person on the list", "%(n)d people on the list", facts.people) % {"n": facts.people}
        yield Step("ok", "check", text, facts.first_at)


def sent(asking: Asking) -> str:
    text = ngettext("Sent to %(n)d person", "Sent to %(n)d people", asking.people)
    if asking.again:
        text = ngettext("Sent again to %(n)d person", "Sent again to %(n)d people", asking.people)
    groups = ngettext("%(n)d group", "%(n)d groups", asking.groups) % {"n": asking.groups} if asking.groups else ""
    return _(", ").join(part for part in (text % {"n": asking.people}, groups) if part)


def urgent(
    call: CallUp, gap: Gap, who: Audience, askings: Sequence[Asking], now: datetime, *, run: bool
) -> Iterable[Step]:
    """What the one red button is for."""
    if call.status == CallStatus.DRAFT:
        yield Step("bad", "half", _("Nobody can see this call yet"), verb=_("Publish") if run else "", post="publish")
    elif gap.bare and call.status == CallStatus.OPEN and now < call.ends_at:
        yield going_in_waves(gap) if call.in_waves else asking_more(gap, who, askings, now)


def to_stand_by(call: CallUp, seen: Sight, gap: Gap, now: datetime) -> Iterable[Step]:
    """Once every seat has somebody's word."""
    wanted = call.standby - seen.reserves
    if wanted > 0 and not gap.bare and call.status == CallStatus.OPEN and now < call.starts_at:
        text = ngettext("%(n)d more to stand by", "%(n)d more to stand by", wanted) % {"n": wanted}
        note = _("Who signs up now is in reserve: at home, and asked first when a seat falls free.")
        yield Step("", "half", text, note=note, href="call_share", verb=_("Text for the chat"))


def going_in_waves(gap: Gap) -> Step:
    text = ngettext("%(n)d seat is not covered", "%(n)d seats are not covered", gap.bare) % {"n": gap.bare}
    return Step(
        "bad", "half", text, note=_("People are being asked in waves."), href="call_waves", verb=_("See the waves")
    )


def asking_more(gap: Gap, who: Audience, askings: Sequence[Asking], now: datetime) -> Step:
    """First everybody who may be asked; then, after a pause, those who have not answered; then the chat group."""
    text = ngettext("%(n)d seat is not covered", "%(n)d seats are not covered", gap.bare) % {"n": gap.bare}
    if who.unasked:
        verb = ngettext("Ask %(n)d person", "Ask %(n)d people", who.unasked) % {"n": who.unasked}
        note = _("Neighbours who are free to be asked and have not been yet, each by one message.")
        return Step("bad", "half", text, note=note, verb=verb, post="ask")
    if who.silent and not too_often(*history(askings), now):
        text = ngettext("%(n)d person has not answered", "%(n)d people have not answered", who.silent)
        verb = ngettext("Send again, %(n)d message", "Send again, %(n)d messages", who.silent) % {"n": who.silent}
        return Step("bad", "half", text % {"n": who.silent}, note=odds(who), verb=verb, post="ask-again")
    note = _("Send the link to the group once more, or ask people one by one.")
    return Step("bad", "half", text, note=note, href="call_share", verb=_("Text for the chat"))


def history(askings: Sequence[Asking]) -> tuple[list[datetime], int]:
    return [asking.asked_at for asking in askings], sum(asking.again for asking in askings)


def odds(who: Audience) -> str:
    """What asking again may bring, by what it has brought so far."""
    if not who.one_in:
        return _("Who said no is not asked again.")
    words = {"n": who.one_in, "seats": who.silent // who.one_in}
    return _("So far one in %(n)d comes: enough for %(seats)d more. Who said no is not asked again.") % words


def resend(who: Audience, askings: Sequence[Asking]) -> Iterable[Step]:
    at, again = history(askings)
    if who.silent and at and again < MOST:
        yield Step("", "ring", _("It can be sent again"), max(at) + PAUSE)


def deadlines(facts: queries.Steps) -> Iterable[Step]:
    if facts.pending:
        text = ngettext("%(n)d offer waits for an answer", "%(n)d offers wait for an answer", facts.pending)
        yield Step("", "ring", text % {"n": facts.pending}, facts.next_answer)
    for pledge in facts.pledges:
        owed = pledge.seats - pledge.named
        text = ngettext("%(who)s owes %(n)d name", "%(who)s owes %(n)d names", owed)
        yield Step("", "ring", text % {"who": pledge.organisation, "n": owed}, pledge.due_at)


def reminders(call: CallUp, block: Block, habits: Customs) -> Iterable[Step]:
    for minutes in habits.leads:
        yield Step("", "ring", _("Everybody is reminded"), block.start - timedelta(minutes=minutes))
    quiet = habits.next_loud(block.start) != block.start
    if quiet or block.start.astimezone(habits.zone).hour < 8:
        evening = datetime.combine(
            block.start.astimezone(habits.zone).date() - timedelta(days=1), habits.evening, tzinfo=habits.zone
        )
        yield Step("", "ring", _("Evening reminder"), evening)


def arrival(call: CallUp, block: Block) -> Iterable[Step]:
    local = timezone.localtime(block.start)
    text = _("Everybody in place, start at %(clock)s") % {"clock": f"{local:%H:%M}"}
    yield Step("", "ring", text, block.start - timedelta(minutes=call.arrive_minutes))


@require_safe
@staff_only
def shift_of_call(request: HttpRequest, pk: int) -> HttpResponse:
    """All shifts of a call as a list: the way by keyboard and on a phone."""
    found = load(request, pk)
    shifts = shifts_of(found) & shifts_visible_to(request.user)
    listed = (
        shifts.select_related("site", "leader").prefetch_related("posts__role").order_by("starts_at", "site__no", "pk")
    )
    page = Paginator(listed, 50).get_page(request.GET.get("page"))
    for shift in page.object_list:
        shift.chip = words.of_shift(shift)
        own = [post for post in shift.posts.all() if post.role.counted and post.agency_id is None]
        shift.seats, shift.taken = sum(post.seats for post in own), sum(post.taken for post in own)
    context = {"call": found, "page": page, "rights": rights(request.user, found.community)}
    return show(request, "desk/shifts.html", found.community, current="desk", **context)


def may_run(request: HttpRequest, call: CallUp) -> bool:
    return may(request.user, May.RUN, call.community)
