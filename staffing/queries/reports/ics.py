"""The ICS forms as they are laid out: the rows of a report among numbered boxes (FEMA 502-2, ICS Forms Booklet).

What stands in a box is what the system knows; what it does not is left for the pen. Of a phone the last four digits
are told, as on every sheet of paper.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from communities.models import User
from communities.rules.words import masked
from staffing.models import CallUp, Post, Shift
from staffing.queries.reports.logs import LOG
from staffing.queries.reports.shape import Row, Scope, named
from staffing.queries.reports.sheets import (
    ASSIGNMENTS,
    CAME,
    CHECK_INS,
    EXPECTED,
    assigned,
    assigned_by_shift,
    checked_by_shift,
    roles_of,
    shifts_with,
)

type Lines = Sequence[tuple[str, str]]
PEN = "　" * 8  # room for a name by hand
MOST_NAMED = 60  # people of a log told by name; more are told as numbers


@dataclass(frozen=True, slots=True)
class Box:
    """A numbered box: lines of a word and what stands behind it. `wide` ones have the row for themselves."""

    no: int
    name: str
    lines: Lines
    wide: bool = False


@dataclass(frozen=True, slots=True)
class Form:
    """One sheet: boxes, the rows in a box of their own, and boxes below. `left_out` names boxes that nothing is known of."""

    place: str
    above: Sequence[Box]
    table: tuple[int, str]
    columns: Sequence[str]
    rows: Sequence[Row]
    below: Sequence[Box]
    left_out: str = ""


@dataclass(frozen=True, slots=True)
class Hand:
    """Who has the sheet made, and when."""

    by: User
    now: datetime


@dataclass(frozen=True, slots=True)
class Pile:
    """Some of the sheets, and how many there are."""

    forms: Sequence[Form]
    total: int


def forms(slug: str, scope: Scope, hand: Hand, *, start: int = 0, most: int) -> Pile:
    """At most so many sheets from the start on: one for each shift (ICS 204), for each point (ICS 211), or for all (ICS 214)."""
    return MAKERS[slug](scope, hand, slice(start, start + most))


def assignments(scope: Scope, hand: Hand, part: slice) -> Pile:
    every = [shift for shift, _site in shifts_with(scope, EXPECTED, "d.starts_at, ")]
    chosen = every[part]
    people: defaultdict[int, list[Row]] = defaultdict(list)
    for shift, row in assigned_by_shift(scope, chosen):
        people[shift].append(row)
    found, posts = shifts_of(chosen), posts_of(chosen)
    return Pile([assignment(found[pk], posts[pk], people[pk], hand, scope) for pk in chosen], len(every))


def assignment(shift: Shift, posts: Sequence[Post], people: Sequence[Row], hand: Hand, scope: Scope) -> Form:
    call, leader = shift.call_up, shift.leader
    staff = [
        (_("Operations section chief"), reached(call.contact if call else None)),
        (_("Branch director"), PEN),
        (_("Division or group supervisor"), reached(leader)),
        (_("Stands in"), reached(shift.deputy)),
    ]
    words = [(local(post.role, "name"), local(post.role, "note")) for post in posts]
    care = [("", local(shift, "briefing"))] + ([("", local(call, "protection"))] if call else [])
    return Form(
        place=local(shift.site, "name"),
        above=[
            incident([call]),
            period(shift.starts_at, shift.ends_at, scope),
            branch(shift),
            Box(4, _("Operations personnel"), staff, wide=True),
        ],
        table=(5, _("Resources assigned")),
        columns=[_("Resource identifier"), _("Leader"), _("Number of persons"), _("Names"), _("Reporting location, remarks")],
        rows=[resource(role, rows, shift) for role, rows in by_role(people).items()] + missing(posts, shift),
        below=[
            Box(6, _("Work assignments"), [line for line in words if line[1]], wide=True),
            Box(7, _("Special instructions"), [line for line in care if line[1]], wide=True),
            Box(8, _("Communications"), [(_("Point leader"), reached(leader)), (_("Contact of the call"), reached(call.contact if call else None))], wide=True),
            prepared(9, hand, scope),
        ],
    )  # fmt: skip


def by_role(people: Iterable[Row]) -> dict[str, list[Row]]:
    """Rows of the assignment list by their sixth column, the role."""
    found: defaultdict[str, list[Row]] = defaultdict(list)
    for row in people:
        found[row[5]].append(row)
    return found


def resource(role: str, people: Sequence[Row], shift: Shift) -> Row:
    names = _("; ").join(" ".join(str(part) for part in (row[6], row[7]) if part) for row in people)
    return role, shift.leader.name if shift.leader else "", len(people), names, local(shift.site, "gate")


def missing(posts: Iterable[Post], shift: Shift) -> list[Row]:
    """Seats that nobody has yet, for the pen."""
    leader = shift.leader.name if shift.leader else ""
    return [
        (local(post.role, "name"), leader, post.missing, PEN, _("not covered"))
        for post in posts
        if post.missing and post.agency_id is None
    ]


def check_ins(scope: Scope, hand: Hand, part: slice) -> Pile:
    sites = dict(shifts_with(scope, CAME, ""))
    every = list(dict.fromkeys(sites.values()))
    chosen = every[part]
    shifts = [shift for shift, site in sites.items() if site in chosen]
    people: defaultdict[int, list[Row]] = defaultdict(list)
    for shift, row in checked_by_shift(scope, shifts):
        people[sites[shift]].append(row)
    there: defaultdict[int, list[Shift]] = defaultdict(list)
    for one in shifts_of(shifts).values():
        there[one.site_id].append(one)
    return Pile([check_in(there[site], people[site], hand, scope) for site in chosen], len(every))


def check_in(shifts: Sequence[Shift], people: Sequence[Row], hand: Hand, scope: Scope) -> Form:
    site, calls = shifts[0].site, {one.call_up.pk: one.call_up for one in shifts if one.call_up}
    numbers = " ".join(f"#{pk}" for pk in sorted(calls))
    first = min(one.starts_at for one in shifts)
    return Form(
        place=local(site, "name"),
        above=[
            incident(calls.values()),
            Box(2, _("Incident number"), [("", numbers or PEN)]),
            Box(3, _("Check-in location"), [("", local(site, "name")), ("", local(site, "gate"))]),
            Box(4, _("Start date and time"), [("", moment(first, scope))]),
        ],
        table=(5, _("Check-in information")),
        columns=[f"5 {_('Name')}", f"7 {_('Checked in')}", f"8 {_('Leader')}", f"9 {_('Persons')}", f"11 {_('Home unit')}", f"14 {_('Assignment')}", _("Checked out")],
        rows=[(name, moment(came, scope), leader, 1, unit, role, moment(went, scope) if went else "") for _site, name, _kind, unit, role, leader, came, went, _served in people],
        below=[prepared(17, hand, scope)],
        left_out="6, 10, 12, 13, 15, 16",
    )  # fmt: skip


def activity(scope: Scope, hand: Hand, part: slice) -> Pile:
    """One log of all that was done there; who is assigned is told by name to who may see names."""
    calls = CallUp.objects.filter(shifts__site__area__path__startswith=scope.area.path)
    here = calls.filter(shifts__starts_at__gte=scope.since, shifts__starts_at__lt=scope.until)
    if scope.site:
        here = here.filter(shifts__site=scope.site)
    form = Form(
        place=local(scope.area, "name"),
        above=[
            incident(here.distinct().order_by("starts_at", "pk")),
            period(scope.since, scope.until, scope),
            Box(3, _("Name"), [("", PEN)]),
            Box(4, _("ICS position"), [("", PEN)]),
            Box(5, _("Home agency"), [("", local(scope.area, "name"))]),
            Box(6, _("Resources assigned"), resources(scope), wide=True),
        ],
        table=(7, _("Activity log")),
        columns=[_("Date and time"), _("Notable activities"), _("Point")],
        rows=[
            (moment(at, scope), told(who, what, number, note), point)
            for at, who, point, what, number, note in LOG.read(scope)
        ],
        below=[prepared(8, hand, scope)],
    )
    return Pile([form][part], 1)


def told(who: str, what: str, number: int, note: str) -> str:
    times = f" × {number}" if number > 1 else ""
    return f"{who}{_(': ')}{what}{times}" + (f"{_('; ')}{note}" if note else "")


def resources(scope: Scope) -> Lines:
    """Each person once, with what they do and whom they come from; of many, or to who may not see names, how many do what."""
    numbers = roles_of(scope)
    if scope.names and sum(number for _role, number in numbers) <= MOST_NAMED:
        rows = assigned(scope)
        return list(dict.fromkeys((row[7], " · ".join(str(part) for part in (row[5], row[9]) if part)) for row in rows))
    return [(role, str(number)) for role, number in numbers]


def incident(calls: Iterable[CallUp | None]) -> Box:
    said = dict.fromkeys(local(call, "activity") for call in calls if call)
    return Box(1, _("Incident name"), [("", name) for name in said] or [("", PEN)])


def period(since: datetime, until: datetime, scope: Scope) -> Box:
    both = [(_("From"), moment(since, scope)), (_("Until"), moment(until, scope))]
    return Box(2, _("Operational period"), both)


def branch(shift: Shift) -> Box:
    area, compound = shift.site.area, shift.site.compound
    levels = [
        (pgettext("ICS", "Branch"), local(area.parent, "name") if area.parent else ""),
        (pgettext("ICS", "Division"), local(area, "name")),
        (pgettext("ICS", "Group"), local(compound, "name") if compound else ""),
        (pgettext("ICS", "Staging area"), local(shift.site, "name")),
    ]
    return Box(3, _("Branch, division, group"), [line for line in levels if line[1]])


def prepared(no: int, hand: Hand, scope: Scope) -> Box:
    lines = [(_("Name"), hand.by.name), (_("Position"), PEN), (_("Signature"), PEN), (_("Date and time"), moment(hand.now, scope))]  # fmt: skip
    return Box(no, _("Prepared by"), lines, wide=True)


def reached(user: User | None) -> str:
    """A name with the last four digits of the phone; nobody: room for the pen."""
    if not user:
        return PEN
    return f"{user.name} …{masked(user.phone)}" if user.phone else user.name


def moment(at: datetime, scope: Scope) -> str:
    return f"{at.astimezone(scope.zone):%Y-%m-%d %H:%M}"


def local(thing: Any, name: str) -> str:
    return named(getattr(thing, name), getattr(thing, f"{name}_en", ""))


def shifts_of(ids: Iterable[int]) -> dict[int, Shift]:
    about = ("site__area__parent", "site__compound", "call_up__contact", "leader", "deputy")
    return Shift.objects.select_related(*about).in_bulk(list(ids))


def posts_of(ids: Iterable[int]) -> dict[int, list[Post]]:
    found: defaultdict[int, list[Post]] = defaultdict(list)
    for post in Post.objects.filter(shift__in=list(ids)).select_related("role").order_by("role_id", "pk"):
        found[post.shift_id].append(post)
    return found


MAKERS: dict[str, Callable[[Scope, Hand, slice], Pile]] = {
    ASSIGNMENTS.slug: assignments,
    CHECK_INS.slug: check_ins,
    LOG.slug: activity,
}
