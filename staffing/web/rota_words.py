"""A rota in words: its shifts, why seats stay empty, and its table for a spreadsheet."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from communities.errors import Refusal
from communities.rules.cells import harmless
from staffing.models import Rota
from staffing.queries.rotas import Sheet
from staffing.rules.rotas import Gap
from staffing.web.refusals import why_not

REASONS = {
    "too_few_people": pgettext_lazy("empty seat", "too few people in this shift"),
    "absent": pgettext_lazy("empty seat", "away"),
    "day_off": pgettext_lazy("empty seat", "have the day off"),
    "overlap": pgettext_lazy("empty seat", "are on duty elsewhere"),
    "too_little_rest": pgettext_lazy("empty seat", "need their rest"),
    "duty_too_long": pgettext_lazy("empty seat", "have worked enough that day"),
    "rotation": pgettext_lazy("empty seat", "have worked enough in one go"),
    "too_many_days": pgettext_lazy("empty seat", "need a day off"),
    "too_many_nights": pgettext_lazy("empty seat", "have had three nights"),
    "not_lent_here": pgettext_lazy("empty seat", "are not seconded here then"),
}


def reason(code: str) -> str:
    return str(REASONS[code]) if code in REASONS else "".join(why_not([Refusal(code)]))


def why(gap: Gap) -> str:
    """away 2, need their rest 1"""
    if not gap.reasons:
        return _("Came free after the day was published.")
    return _(", ").join(f"{reason(code)} {number}" for code, number in gap.reasons)


def shift_name(changes: Sequence[time], slot: int) -> str:
    """06–12, or 06:30–12 where the hours are not full."""
    return f"{hour(changes[slot])}–{hour(changes[(slot + 1) % len(changes)], end=True)}"


def hour(clock: time, *, end: bool = False) -> str:
    if end and clock == time(0):
        return "24"
    return f"{clock:%H}" if not clock.minute else f"{clock:%H:%M}"


HEAD = (
    gettext_lazy("Day"),
    pgettext_lazy("rota", "Shift"),
    gettext_lazy("Site"),
    gettext_lazy("Person"),
    gettext_lazy("Status"),
)


def lines(rota: Rota, sheet: Sheet, names: dict[int, str], guests: dict[int, str]) -> Iterator[list[str]]:
    """One a seat, in the order of the clock; empty seats with the reason."""
    sites = {row.site_id: str(row.site) for row in rota.sites.select_related("site")}
    rows = [(turn.day, turn.slot, turn.site, 0, names.get(turn.hand, ""), "") for turn in sheet.turns]
    rows += [(turn.day, turn.slot, turn.site, 1, guests.get(turn.hand, ""), "") for turn in sheet.guests]
    rows += [(gap.day, gap.slot, gap.site, 2, "", why(gap)) for gap in sheet.gaps for _seat in range(gap.seats)]
    for day, slot, site, empty, name, reasons in sorted(rows):
        state = (
            pgettext_lazy("rota", "published") if day in sheet.published else pgettext_lazy("rota", "to be published")
        )
        said = _("empty: %(why)s") % {"why": reasons} if empty == 2 else str(state)
        cells = [day.isoformat(), shift_name(rota.changes, slot), sites.get(site, ""), name, said]
        yield [str(harmless(cell)) for cell in cells]


def at_noon(day: date) -> datetime:
    """An instant of the day, for the filters of templates."""
    return datetime.combine(day, time(12), tzinfo=timezone.get_current_timezone())


def told(stood_in: int) -> str:
    found = ngettext("Mended: %(n)d person stands in.", "Mended: %(n)d people stand in.", stood_in)
    return found % {"n": stood_in}
