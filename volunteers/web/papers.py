"""A certificate as a sheet of paper: A4, in Chinese or English, with its number and a code that leads to its check."""

import re
from collections.abc import Iterator
from datetime import date
from functools import cache
from io import BytesIO
from itertools import groupby
from typing import Any

import segno
from django.conf import settings
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from communities.models import Area
from volunteers.models import Certificate
from volunteers.rules.certificates import grouped

FONT = "STSong-Light"  # every reader of PDF knows it, so no paper has to carry a Chinese font
LATIN = "Helvetica"
# A line begins with no closing mark and ends with no opening one.
BREAKS = re.compile(r"[（《“]?(?:[\u2e80-\uffef]|[^\s\u2e80-\uffef]+)[，。、；：）》”]*\s*|\s+")
LEFT, RIGHT, TOP = 70, 525, 770  # points; A4 is 595 by 842
LEADING, SHOWN = 20, 14
CODE = 92


@cache
def font() -> str:
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont

    pdfmetrics.registerFont(UnicodeCIDFont(FONT))
    return FONT


def address(certificate: Certificate) -> str:
    return settings.PUBLIC_URL + reverse("certificate_check", args=[certificate.number])


def pdf(certificate: Certificate, language: str) -> bytes:
    """The paper in that language, as it was issued."""
    from reportlab.lib.pagesizes import A4
    from reportlab.pdfgen.canvas import Canvas

    file = BytesIO()
    with override(language):
        sheet = Canvas(file, pagesize=A4, invariant=1, lang=language)
        sheet.setTitle(_("Certificate of volunteer service"))
        sheet.setAuthor(issuer(certificate.community, language))
        draw(sheet, certificate, language)
        sheet.save()
    return file.getvalue()


def draw(sheet: Any, certificate: Certificate, language: str) -> None:
    frame(sheet, _("Certificate of volunteer service"))
    y = body(sheet, certificate, language, TOP - 90)
    table(sheet, certificate, y - LEADING)
    foot(sheet, certificate, language)


def frame(sheet: Any, title: str) -> None:
    """A red border, and the title in the middle of its top."""
    sheet.setStrokeColorRGB(0.78, 0.11, 0.11)
    sheet.setLineWidth(2)
    sheet.rect(40, 40, 515, 762)
    write(sheet, (595 - width(title, 24)) / 2, TOP - 20, title, 24)


def runs(text: str) -> list[tuple[str, str]]:
    """The text in pieces, each with its font: Western letters in Helvetica, all others in the Chinese one."""
    return [(name, "".join(letters)) for name, letters in groupby(text, face)]


def face(letter: str) -> str:
    try:
        letter.encode("cp1252")
    except UnicodeEncodeError:
        return font()
    return LATIN


def width(text: str, size: float) -> float:
    from reportlab.pdfbase.pdfmetrics import stringWidth

    font()
    return sum(stringWidth(piece, name, size) for name, piece in runs(text))


def write(sheet: Any, x: float, y: float, text: str, size: float) -> None:
    for name, piece in runs(text):
        sheet.setFont(name, size)
        sheet.drawString(x, y, piece)
        x += width(piece, size)


def write_right(sheet: Any, y: float, text: str, size: float, edge: float = RIGHT) -> None:
    write(sheet, edge - width(text, size), y, text, size)


def wrapped(text: str, size: float, room: float) -> Iterator[str]:
    """Lines that fit: broken at spaces, and anywhere between Chinese characters."""
    line = ""
    for piece in BREAKS.findall(text):
        if line and width(line + piece.rstrip(), size) > room:
            yield line.rstrip()
            line = ""
        line += piece
    yield line


def body(sheet: Any, certificate: Certificate, language: str, y: float) -> float:
    for line in wrapped(sentence(certificate, language), 13, RIGHT - LEFT):
        write(sheet, LEFT, y, line, 13)
        y -= LEADING + 4
    return y


def sentence(certificate: Certificate, language: str) -> str:
    words = {
        "name": certificate.name,
        "number": certificate.volunteer.number,
        "first": day(certificate.first_day),
        "last": day(certificate.last_day),
        "issuer": issuer(certificate.community, language),
        "hours": in_hours(certificate.minutes),
        "times": ngettext("%(n)d time", "%(n)d times", certificate.times) % {"n": certificate.times},
    }
    return (
        _(
            "%(name)s, volunteer number %(number)s, served as a volunteer from %(first)s to %(last)s for %(issuer)s, "
            "%(times)s, %(hours)s hours in all."
        )
        % words
    )


def table(sheet: Any, certificate: Certificate, y: float) -> None:
    for one in certificate.lines[:SHOWN]:
        write(sheet, LEFT, y, cut(f"{one['what']} · {one['where']}", 32), 11)
        write_right(sheet, y, span(one["first"], one["last"]), 11, RIGHT - 80)
        write_right(sheet, y, _("%(hours)s h") % {"hours": in_hours(one["minutes"])}, 11)
        y -= LEADING
    if (more := len(certificate.lines) - SHOWN) > 0:
        write(sheet, LEFT, y, ngettext("and %(n)d more", "and %(n)d more", more) % {"n": more}, 11)


def foot(sheet: Any, certificate: Certificate, language: str) -> None:
    write(sheet, LEFT, 200, issuer(certificate.community, language), 12)
    write(sheet, LEFT, 180, day(certificate.decided_at.date()) if certificate.decided_at else "", 12)
    write(sheet, LEFT, 130, _("Number %(number)s") % {"number": grouped(certificate.number)}, 11)
    write(sheet, LEFT, 112, _("Whether it counts: scan the code, or open"), 9)
    write(sheet, LEFT, 98, address(certificate), 9)
    code(sheet, address(certificate))


def code(sheet: Any, text: str, bottom: float = 90) -> None:
    rows = list(segno.make(text, error="m").matrix)
    size = CODE / len(rows)
    for y, row in enumerate(rows):
        for x, dark in enumerate(row):
            if dark:
                sheet.rect(RIGHT - CODE + x * size, bottom + CODE - (y + 1) * size, size, size, stroke=0, fill=1)


def issuer(area: Area, language: str) -> str:
    return area.name_en if language == "en" and area.name_en else area.name


def day(value: date) -> str:
    return date_format(value, "DATE_FORMAT")


def span(first: str, last: str) -> str:
    return first if first == last else f"{first} – {last}"


def in_hours(minutes: int) -> str:
    """One figure behind the point at most, rounded down: nobody is certified a minute too many."""
    tenths = minutes // 6
    return f"{tenths // 10}" if tenths % 10 == 0 else f"{tenths / 10:.1f}"


def cut(text: str, length: int) -> str:
    return text if len(text) <= length else f"{text[: length - 1]}…"
