"""Lines of a chain list as the desk reads them: who, where and what was read, and what can be answered."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from communities.errors import Refusal
from communities.models import Compound
from communities.phrases import say
from staffing.models import ChainRow, Role
from staffing.queries.chains import RESIDENTS, Plan, Preview
from staffing.rules.chain import Entry
from staffing.rules.chain.documents import entry_of
from staffing.rules.chain.matching import Known
from staffing.states import ChainState
from staffing.web import words
from volunteers.models import Volunteer

TIMES = {
    "early": gettext_lazy("early"),
    "morning": gettext_lazy("morning"),
    "afternoon": gettext_lazy("afternoon"),
    "evening": gettext_lazy("evening"),
    "night": gettext_lazy("night"),
    "all_day": gettext_lazy("all day"),
}
HOW = {
    "phone": gettext_lazy("phone matches"),
    "name": gettext_lazy("name matches"),
    "alias": gettext_lazy("known by this name"),
    "answer": gettext_lazy("you said who it is"),
}
FIELDS = {
    "name": gettext_lazy("Name"),
    "head_count": gettext_lazy("people"),
    "phone": gettext_lazy("phone"),
    "building": gettext_lazy("address"),
    "entrance": gettext_lazy("address"),
    "flat": gettext_lazy("address"),
    "role": gettext_lazy("role"),
    "time": gettext_lazy("time"),
}
NAMES_WANTED = frozenset({"no_name", "proxy_unnamed", "bad_name"})
GIVES_BACK = frozenset({"taken_back", "fewer_people"})


@dataclass(frozen=True, slots=True)
class Look:
    """One line on the page. `row` with `answers` if it is stored and waits."""

    no: int
    name: str
    note: str
    chip: str = ""
    row: ChainRow | None = None
    answers: Sequence[tuple[str, str]] = ()
    names_wanted: bool = False


@dataclass(frozen=True, slots=True)
class Piles:
    ask: Sequence[Look] = ()
    matched: Sequence[Look] = ()
    new: Sequence[Look] = ()
    back: Sequence[Look] = ()


def role_names() -> dict[str, str]:
    return {role.slug: words.local(role, "name") for role in Role.objects.all()}


def of_preview(found: Preview) -> Piles:
    roles, namesakes = role_names(), names_of(found.plans)
    waiting = [of_row(plan.row, roles, {}) for plan in found.of("same") if is_waiting(plan.row)]
    return Piles(
        ask=[*(of_plan(plan, roles, namesakes) for plan in found.of("ask")), *waiting],
        matched=[of_plan(plan, roles, namesakes) for plan in found.of("matched", "new") if not is_new(plan)],
        new=[of_plan(plan, roles, namesakes) for plan in found.of("new") if is_new(plan)],
        back=[of_row(row, roles, {}) for row in found.freed],
    )


def is_new(plan: Plan) -> bool:
    """Nobody so far: neither known to the community nor entered by an earlier paste."""
    return plan.kind == "new" and not (plan.row and plan.row.stands)


def of_rows(rows: Iterable[ChainRow], choices: Mapping[int, Sequence[Known]], homes: Sequence[Compound] = ()) -> Piles:
    roles = role_names()
    piles: dict[str, list[Look]] = {"ask": [], "matched": [], "new": [], "back": []}
    for row in rows:
        piles[pile_of(row)].append(of_row(row, roles, choices, homes))
    return Piles(**piles)


def pile_of(row: ChainRow) -> str:
    if row.state == ChainState.ENTERED:
        return "new" if row.how == "new" else "matched"
    return "ask" if row.state == ChainState.ASKING else "back"


def is_waiting(row: ChainRow | None) -> bool:
    return row is not None and row.state == ChainState.ASKING


def of_plan(plan: Plan, roles: Mapping[str, str], namesakes: Mapping[int, str]) -> Look:
    told = [reason(plan.reason, plan.refusal), recognised(plan, namesakes)]
    notes = [phoneless(plan.entry)] if is_new(plan) else told
    note = " · ".join(part for part in (*notes, read_as(plan.entry), plan.entry.comment) if part)
    return Look(plan.entry.position or plan.line, title_of(plan.entry), note, wish_of(plan.entry, roles))


def of_row(
    row: ChainRow,
    roles: Mapping[str, str],
    choices: Mapping[int, Sequence[Known]],
    homes: Sequence[Compound] = (),
) -> Look:
    entry = entry_of(row.document)
    asks = row.state == ChainState.ASKING
    notes = [
        reason(row.reason, Refusal(row.reason, row.facts)) if asks else place_of(row),
        read_as(entry),
        entry.comment,
    ]
    return Look(
        entry.position or row.line,
        title_of(entry),
        " · ".join(part for part in notes if part),
        wish_of(entry, roles),
        row if asks else None,
        list(answers(row, choices.get(row.pk, ()), homes)) if asks else (),
        asks and row.reason in NAMES_WANTED,
    )


def answers(row: ChainRow, choices: Iterable[Known], homes: Iterable[Compound]) -> Iterable[tuple[str, str]]:
    """What can be answered in one tap."""
    yield from ((f"person-{known.volunteer}", known.name) for known in choices)
    if row.reason == RESIDENTS:
        yield from ((f"home-{home.pk}", _("Lives in %(place)s") % {"place": home}) for home in homes)
    if row.reason in {"several_people", "other_phone", "family_name"}:
        yield "new", _("Somebody new")
    if row.reason in GIVES_BACK | {"own_sign_up"}:
        yield "back", _("Give the seat back")
    if row.reason in GIVES_BACK | {"wish_changed", "own_sign_up"}:
        yield "keep", _("Keep the seat")
        return
    if row.reason not in NAMES_WANTED | {"several_people", "other_phone", "family_name", "only_question"}:
        yield "again", _("Try again")
    yield "leave", _("Leave it")


def title_of(entry: Entry) -> str:
    name = entry.name or _("no name")
    return f"{name} +{entry.head_count - 1}" if entry.head_count > 1 else name


def read_as(entry: Entry) -> str:
    """Address, phone and time as they were read."""
    address = entry.address
    parts = [
        _("bldg %(n)s") % {"n": address.building} if address.building else "",
        _("unit %(n)s") % {"n": address.entrance} if address.entrance else "",
        address.flat or "",
    ]
    phone = _("ends in %(digits)s") % {"digits": entry.phone[-4:]} if entry.phone else ""
    time = str(TIMES.get(entry.time, entry.time)) if entry.time else ""
    joint = "" if (get_language() or "").startswith("zh") else " "
    where = joint.join(part for part in parts if part)
    return " · ".join(part for part in (where, phone, time) if part)


def wish_of(entry: Entry, roles: Mapping[str, str]) -> str:
    return roles.get(entry.role or "", "") or _("where needed")


def reason(code: str, refusal: Refusal | None) -> str:
    return say(refusal or Refusal(code)) if code else ""


def recognised(plan: Plan, namesakes: Mapping[int, str]) -> str:
    if plan.row and plan.row.stands:
        return _("changed: %(what)s") % {"what": _(", ").join(changed_words(plan.changed))}
    if plan.same_as:
        return _("the same person as in line %(n)s") % {"n": plan.same_as}
    known = namesakes.get(plan.match.volunteer or 0, "") if plan.match.how == "alias" else ""
    how = f"{HOW.get(plan.match.how, '')} {known}".strip()
    held = _("has a place already") if plan.held else ""
    return _(", ").join(part for part in (how, held) if part)


def changed_words(fields: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(str(FIELDS[field]) for field in fields if field in FIELDS))


def phoneless(entry: Entry) -> str:
    return "" if entry.phone else _("no phone, to be added at check-in")


def place_of(row: ChainRow) -> str:
    """Where somebody stands now."""
    signup = row.sign_up
    if not signup:
        return ""
    return f"{words.of_signup(signup)[2]} · {signup.shift.site} · {words.local(signup.post.role, 'name')}"


def names_of(plans: Iterable[Plan]) -> dict[int, str]:
    """By id, what those are called who were recognised by another name."""
    wanted = [plan.match.volunteer for plan in plans if plan.match.how == "alias"]
    return dict(Volunteer.objects.filter(pk__in=wanted).values_list("pk", "user__name"))


def done(outcome: Any) -> str:
    """What taking in the list has come to."""
    parts = [
        ngettext("%(n)d person entered", "%(n)d people entered", outcome.entered) % {"n": outcome.entered},
        ngettext("%(n)d of them waits in line", "%(n)d of them wait in line", outcome.waiting) % {"n": outcome.waiting}
        if outcome.waiting
        else "",
        ngettext("%(n)d line waits for you", "%(n)d lines wait for you", outcome.asking) % {"n": outcome.asking}
        if outcome.asking
        else "",
        ngettext("%(n)d line taken back", "%(n)d lines taken back", outcome.back) % {"n": outcome.back}
        if outcome.back
        else "",
    ]
    return _("; ").join(part for part in parts if part)
