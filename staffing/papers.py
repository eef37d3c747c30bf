"""The certificate of destruction of a close-out as a sheet of paper: A4, in Chinese or English, with its seal."""

from collections.abc import Iterable
from io import BytesIO
from typing import Any

from django.apps import apps
from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override, pgettext_lazy

from communities.models import User
from communities.queries.customs import customs_in
from staffing.models import CloseOut
from staffing.models.signups import SIGN_UP_STATUSES
from staffing.states import Kept
from volunteers.web.papers import (
    LEADING,
    LEFT,
    RIGHT,
    TOP,
    code,
    cut,
    day,
    frame,
    in_hours,
    issuer,
    width,
    wrapped,
    write,
    write_right,
)

SHOWN = 12
MIDDLE = (LEFT + RIGHT) / 2
STAYS = {
    Kept.AGREED: pgettext_lazy("stays", "asked to stay on the list"),
    Kept.ROLE: pgettext_lazy("stays", "hold a role"),
    Kept.ELSEWHERE: pgettext_lazy("stays", "serve or are known elsewhere"),
}
LANGUAGES = {"zh": "zh-hans", "en": "en"}


def figures(one: CloseOut) -> dict[str, Any]:
    return {"kept": kept(one.kept), "rows": tables(one.counts), "seats": seats(one.totals)}


def kept(counts: dict[str, int]) -> list[tuple[Any, int]]:
    return [(STAYS[Kept(reason)], count) for reason, count in sorted(counts.items())]


def tables(counts: dict[str, int]) -> list[tuple[str, int]]:
    """By what a table is called; `people` are accounts."""
    named = [(named_as(table), count) for table, count in counts.items() if table != "people"]
    return sorted(named, key=lambda row: (-row[1], row[0]))


def named_as(table: str) -> str:
    return str(apps.get_model(table)._meta.verbose_name_plural)


def seats(totals: dict[str, Any]) -> list[tuple[str, int]]:
    return [(str(SIGN_UP_STATUSES[status]), count) for status, count in sorted(totals["sign_ups"].items())]


def address(one: CloseOut) -> str:
    link: str = settings.PUBLIC_URL + reverse("destruction_check", args=[one.digest])
    return link


def name_of(one: CloseOut, language: str) -> str:
    return f"close-out-{one.pk}-{language}.pdf"


def pdf(one: CloseOut, short: str) -> bytes:
    """The paper in Chinese (zh) or English (en), with days by the area's clock. The same close-out gives the same bytes."""
    from reportlab.lib.pagesizes import A4
    from reportlab.pdfgen.canvas import Canvas

    file, language = BytesIO(), LANGUAGES[short]
    with override(language), timezone.override(customs_in([one.area])[one.area_id].zone):
        sheet = Canvas(file, pagesize=A4, invariant=1, lang=language)
        sheet.setTitle(_("Certificate of destruction"))
        sheet.setAuthor(issuer(one.area, language))
        frame(sheet, _("Certificate of destruction"))
        y = body(sheet, one, language, TOP - 75)
        columns(sheet, one, y - 8)
        foot(sheet, one)
        sheet.save()
    return file.getvalue()


def body(sheet: Any, one: CloseOut, language: str, y: float) -> float:
    words = {
        "title": one.title,
        "area": issuer(one.area, language),
        "first": local(one.starts_at),
        "last": local(one.last),
        "day": local(one.finished_at),
        "people": one.counts.get("people", 0),
        "who": signer(one.proposed_by),
        "when": local(one.proposed_at),
    }
    parts = [
        _("%(title)s: %(area)s, from %(first)s to %(last)s.") % words,
        _("On %(day)s the names of %(people)d people were destroyed, in the history too. Hours and counts stay.")
        % words,
        _("Proposed by %(who)s on %(when)s.") % words,
        _("Agreed by %(who)s on %(when)s.") % (words | {"who": signer(one.agreed_by), "when": local(one.agreed_at)}),
    ]
    for line in (line for part in parts for line in wrapped(part, 12, RIGHT - LEFT)):
        write(sheet, LEFT, y, line, 12)
        y -= LEADING
    return y


def local(at: Any) -> str:
    return day(timezone.localtime(at).date()) if at else ""


def signer(user: User | None) -> str:
    """Whose name has gone since is known by their account alone."""
    return (user.name or f"#{user.pk}") if user else ""


def columns(sheet: Any, one: CloseOut, y: float) -> None:
    """What went on the left, what stays on the right."""
    found, totals = figures(one), one.totals
    stays = [
        (_("Shifts"), totals["shifts"]),
        (_("Blocks served"), totals["records"]),
        (_("Hours served"), in_hours(totals["minutes"])),
        (_("People served, without names"), totals["people"]),
        *((f"{_('Seats')}: {name}", count) for name, count in found["seats"]),
        (_("Rides driven"), totals["rides_done"]),
        (_("Things handed out"), totals.get("equipment", {}).get("number", 0)),
        *((f"{_('Names that stay')}: {why}", count) for why, count in found["kept"]),
    ]
    column(sheet, LEFT, MIDDLE - 14, y, _("What went"), found["rows"])
    column(sheet, MIDDLE + 14, RIGHT, y, _("What stays"), stays)


def column(sheet: Any, left: float, right: float, y: float, title: str, rows: Iterable[tuple[Any, Any]]) -> None:
    write(sheet, left, y, title, 12)
    listed = list(rows)
    for name, count in listed[:SHOWN]:
        y -= 17
        write(sheet, left, y, fitting(str(name), right - left - width(str(count), 9) - 8), 9)
        write_right(sheet, y, str(count), 9, right)
    if (more := len(listed) - SHOWN) > 0:
        rest = sum(count for _name, count in listed[SHOWN:] if isinstance(count, int))
        write(sheet, left, y - 17, _("and %(n)d more kinds: %(rest)d") % {"n": more, "rest": rest}, 9)


def fitting(text: str, room: float) -> str:
    while width(text, 9) > room:
        text = cut(text, len(text) - 1)
    return text


def foot(sheet: Any, one: CloseOut) -> None:
    write(sheet, LEFT, 252, _("Number %(number)s") % {"number": one.pk}, 11)
    write(sheet, LEFT, 232, _("Seal (SHA-256)"), 11)
    hexes(sheet, 216, one.digest)
    write(sheet, LEFT, 178, _("Seal of the certificate before"), 9)
    hexes(sheet, 164, one.previous_digest or _("none: this is the first"))
    write(sheet, LEFT, 120, _("Whether it is as it was sealed: scan the code, or open"), 9)
    write(sheet, LEFT, 106, settings.PUBLIC_URL + reverse("destruction_look"), 9)
    code(sheet, address(one), bottom=150)


def hexes(sheet: Any, y: float, text: str) -> None:
    """64 digits in two lines, in fours."""
    for start in range(0, len(text), 32):
        half = text[start : start + 32]
        plain = half if len(text) != 64 else " ".join(half[at : at + 4] for at in range(0, 32, 4))
        write(sheet, LEFT, y - 12 * (start // 32), plain, 9)
