"""Why somebody is proposed for a seat, and why one stays empty, in words."""

from collections.abc import Callable, Iterable, Mapping

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from communities.phrases import say_code
from staffing.models import Filling, Gap, Move
from staffing.queries.fillings import qualifications_in
from staffing.rules.filling_reasons import help_for
from staffing.states import FillingStatus, Mark, MoveStatus
from staffing.web import words
from staffing.web.words import Chip

WHY = {
    "can_do": gettext_lazy("knows this work: %(qualification)s"),
    "shows_others": gettext_lazy("has served %(times)s times; the others at this point are new"),
    "in_company": gettext_lazy("comes together with somebody proposed there too"),
    "lent_here": gettext_lazy("seconded here"),
    "in_line": gettext_lazy("in line for this call"),
    "lives_there": gettext_lazy("lives in this very compound"),
    "lives_near": gettext_lazy("lives in this community"),
    "nobody_else": gettext_lazy("nobody else could be asked"),
    "not_served_lately": gettext_lazy("has not served in the last month"),
    "free_then": gettext_lazy("free at that time"),
}
STATUS: Mapping[FillingStatus, tuple[str, str, object]] = {
    FillingStatus.SOLVING: ("info", "sync", gettext_lazy("being worked out")),
    FillingStatus.READY: ("warn", "half", gettext_lazy("waits for your yes")),
    FillingStatus.ADOPTED: ("ok", "check", gettext_lazy("adopted")),
    FillingStatus.STOPPED: ("off", "dash", gettext_lazy("put aside")),
    FillingStatus.FAILED: ("bad", "alert", gettext_lazy("failed")),
    FillingStatus.UNDONE: ("off", "undo", gettext_lazy("undone")),
}


def status(filling: Filling) -> Chip:
    tone, shape, word = STATUS[FillingStatus(filling.status)]
    return tone, shape, str(word)


def reasons(move: Move, names: Mapping[str, str]) -> list[str]:
    """The strongest first, as the lead and the person read them alike."""
    return [
        str(WHY[reason["code"]])
        % {"qualification": names.get(reason.get("qualification", ""), ""), "times": reason.get("times", "")}
        for reason in move.reasons
        if reason["code"] in WHY
    ]


def why_asked(move: Move | None) -> str:
    """One sentence for the person on the page where they answer; "" if the invitation came from no proposal."""
    if not move:
        return ""
    found = reasons(move, qualifications_in([move]))
    return _("; ").join(found)


def chip(move: Move) -> Chip:
    """What has become of a proposed seat."""
    if move.status == MoveStatus.GONE:
        return "off", "ban", _("did not hold any more")
    if move.status == MoveStatus.UNDONE:
        return "off", "undo", _("taken back")
    if move.sign_up and move.status in (MoveStatus.INVITED, MoveStatus.PLACED):
        return words.of_signup(move.sign_up)
    if move.mark == Mark.BANNED:
        return "off", "ban", _("not wanted")
    return ("info", "half", _("is asked first")) if move.asked else ("ok", "check", _("placed directly"))


def kept_away(rule: str) -> Callable[[int], str]:
    """How many people one rule alone keeps away."""
    return {
        "within_reach": lambda n: ngettext("%(n)s person cannot get in", "%(n)s people cannot get in", n),
        "qualified": lambda n: ngettext(
            "%(n)s person only lacks the qualification", "%(n)s people only lack the qualification", n
        ),
        "free": lambda n: ngettext("%(n)s person has something else then", "%(n)s people have something else then", n),
        "rested": lambda n: ngettext("%(n)s person needs the rest", "%(n)s people need the rest", n),
        "kind": lambda n: ngettext(
            "the seat is for others than %(n)s person", "the seats are for others than %(n)s people", n
        ),
        "not_asked_before": lambda n: ngettext(
            "%(n)s person is on this shift already, or was asked",
            "%(n)s people are on this shift already, or were asked",
            n,
        ),
        "asked_or_placed": lambda n: ngettext("%(n)s person cannot be asked", "%(n)s people cannot be asked", n),
        "adult": lambda n: ngettext("%(n)s person is under 18", "%(n)s people are under 18", n),
        "protected": lambda n: ngettext(
            "insurance or briefing is missing for %(n)s person", "insurance or briefing is missing for %(n)s people", n
        ),
        "nearby": lambda n: ngettext("%(n)s person is too far away", "%(n)s people are too far away", n),
        "banned": lambda n: ngettext("you did not want %(n)s person", "you did not want %(n)s people", n),
    }.get(rule, lambda n: ngettext("%(n)s person may not", "%(n)s people may not", n))


def binding(gap: Gap) -> str:
    """The rule that binds at a seat left empty."""
    n = gap.eligible
    match gap.binding:
        case "all_placed":
            text = ngettext(
                "The %(n)s person who may stand here has a seat at that time.",
                "All %(n)s people who may stand here have a seat at that time.",
                n,
            )
        case "hours":
            text = _("Whoever may stand here has served enough, or needs the rest.")
        case "costly":
            text = _("Somebody could come, but would leave another seat empty for it.")
        case "several_rules":
            text = _("Nobody here may stand there: more than one rule is against everybody.")
        case rule:
            text = kept_away(rule)(gap.near.get(rule, 0))
            return text % {"n": gap.near.get(rule, 0)}
    return text % {"n": n} if "%(n)s" in text else text


def others(gap: Gap) -> list[str]:
    """Whom else one rule alone keeps away, the most first, at most two."""
    rest = sorted(((count, rule) for rule, count in gap.near.items() if rule != gap.binding), reverse=True)[:2]
    return [kept_away(rule)(count) % {"n": count} for count, rule in rest]


def empty(gap: Gap) -> str:
    """Why seats stay empty, and whom else a rule keeps away, in one line."""
    if gap.binding in gap.near:
        return joined([binding(gap), *others(gap)])
    return f"{binding(gap)} {joined(others(gap))}".strip()


def helps(gap: Gap) -> str:
    return help_for(gap.binding)


def gone(code: str) -> str:
    """Why a proposed seat did not hold when it was adopted; "" if it did."""
    said = say_code(code) if code else ""
    return _("The rules are against it now.") if "%(" in said else said


def facts_of(seconds: float) -> str:
    return f"{seconds:.1f}" if seconds < 10 else f"{seconds:.0f}"


def joined(texts: Iterable[str]) -> str:
    return _("; ").join(texts)
