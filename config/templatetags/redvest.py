"""The words of the page language: shapes, times, phones and form parts. Built in, so no template loads it."""

import json
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta, tzinfo
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

import phonenumbers
import segno
from django import template
from django.forms import BoundField, Field, Form, NumberInput, TextInput
from django.forms.widgets import CheckboxInput, CheckboxSelectMultiple, RadioSelect
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.dateformat import format as date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _

from config.icons import ICONS

register = template.Library()


# Shapes


@register.simple_tag
def icon(name: str, classes: str = "") -> SafeString:
    extra = f" {classes}" if classes else ""
    return mark_safe(f'<svg class="icon{extra}" viewBox="0 0 24 24" aria-hidden="true">{ICONS[name]}</svg>')


@register.simple_tag
def chip(tone: str, shape: str, word: object) -> SafeString:
    """A status: colour, shape and word."""
    return format_html('<span class="chip {}">{}{}</span>', tone, icon(shape), word)


@register.simple_tag
def tape(have: int, soft: int, gap: int, scale: int | None = None) -> SafeString:
    """Named, promised and missing as one bar. Widths are attributes, so that no inline style is needed."""
    unit = 100 / (scale or have + soft + gap or 1)
    parts = [("have", 0, have), ("soft", have, soft), ("gap", have + soft, gap)]
    bars = [
        f'<rect class="{name}" x="{start * unit:.2f}%" width="{count * unit:.2f}%" height="100%" rx="2"/>'
        for name, start, count in parts
        if count
    ]
    return mark_safe(f'<svg class="tape" aria-hidden="true">{"".join(bars)}</svg>')


@register.simple_tag
def qr(text: str) -> SafeString:
    """The text as a QR code: one SVG path, dark cells joined into runs."""
    rows = segno.make(text, error="m").matrix
    path = "".join(f"M{x} {y}h{width}v1h-{width}z" for y, row in enumerate(rows) for x, width in dark_runs(row))
    size = len(rows) + 4
    label = _("QR code")
    return format_html(
        '<svg class="qr" viewBox="-2 -2 {} {}" role="img" aria-label="{}"><path d="{}"/></svg>', size, size, label, path
    )


def dark_runs(row: Collection[int]) -> list[tuple[int, int]]:
    """Start and length of each run of dark cells."""
    runs, x = [], 0
    for dark, cells in groupby(row):
        width = len(list(cells))
        if dark:
            runs.append((x, width))
        x += width
    return runs


@register.simple_tag
def poll(url: str, seconds: int, etag: str) -> SafeString:
    """Attributes of a fragment that asks for itself again; 304 leaves it untouched, typed text and focus included."""
    headers = json.dumps({"If-None-Match": f'"{etag.strip(chr(34))}"'})
    return format_html('hx-get="{}" hx-trigger="every {}s" hx-swap="outerHTML" hx-headers="{}"', url, seconds, headers)


# Times, in the area's zone


@register.simple_tag
def page_language() -> str:
    """The language of the page as HTML spells it."""
    return "zh-Hans" if (get_language() or "").startswith("zh") else "en"


def local(moment: datetime, zone: str | tzinfo | None) -> datetime:
    return timezone.localtime(moment, ZoneInfo(zone) if isinstance(zone, str) and zone else zone or None)


@register.filter
def clock(moment: datetime | None, zone: str | tzinfo | None = None) -> str:
    """05:30"""
    return f"{local(moment, zone):%H:%M}" if moment else ""


@register.filter
def day(moment: datetime | None, zone: str | tzinfo | None = None) -> str:
    """4月4日（周一）; Mon 4 April. With its year if that is not the current one."""
    if not moment:
        return ""
    here = local(moment, zone)
    if here.year == local(timezone.now(), zone).year:
        return date_format(here, pgettext("date", "D j F"))
    return date_format(here, pgettext("date", "D j F Y"))


@register.filter
def moment(value: datetime | None, zone: str | tzinfo | None = None) -> str:
    """4月4日（周一）05:30; Mon 4 April, 05:30"""
    return joined_day(day(value, zone), clock(value, zone)) if value else ""


@register.simple_tag
def span(start: datetime, end: datetime, zone: str | tzinfo | None = None) -> str:
    """4月4日（周一）22:00–次日06:00; an end at midnight is 24:00."""
    first, last = local(start, zone), local(end, zone)
    return joined_day(day(start, zone), f"{first:%H:%M}–{end_of_span(first, last)}")


@register.simple_tag
def hours(start: datetime, end: datetime, zone: str | tzinfo | None = None) -> str:
    """The span without its day: 05:30–12:00."""
    first, last = local(start, zone), local(end, zone)
    return f"{first:%H:%M}–{end_of_span(first, last)}"


def joined_day(day: str, rest: str) -> str:
    return pgettext("day and time", "%(day)s, %(time)s") % {"day": day, "time": rest}


def end_of_span(first: datetime, last: datetime) -> str:
    days = (last.date() - first.date()).days
    if days == 1 and (last.hour, last.minute) == (0, 0):
        return "24:00"
    if days == 1:
        return _("%(time)s next day") % {"time": f"{last:%H:%M}"}
    return f"{last:%H:%M}" if days == 0 else moment(last, last.tzinfo)


@register.filter
def countdown(until: datetime | timedelta | None, now: datetime | None = None) -> str:
    """8小时12分; 8 h 12 min. What is over counts as less than a minute."""
    if until is None:
        return ""
    left = until if isinstance(until, timedelta) else until - (now or timezone.now())
    minutes = int(left.total_seconds() // 60)
    if minutes < 1:
        return _("less than a minute")
    return length_of(minutes)


@register.filter
def length_of(minutes: int) -> str:
    """A number of minutes in words: 3天4小时, 8小时12分, 45分钟."""
    days, hours, rest = minutes // 1440, minutes % 1440 // 60, minutes % 60
    if days:
        whole = ngettext("%(n)d day", "%(n)d days", days) % {"n": days}
        return f"{whole}{_(' %(n)d h') % {'n': hours}}" if hours else whole
    if hours and rest:
        return _("%(hours)d h %(minutes)d min") % {"hours": hours, "minutes": rest}
    return _("%(n)d h") % {"n": hours} if hours else _("%(n)d min") % {"n": rest}


# Phones


@register.filter
def masked(phone: str | None) -> str:
    """尾号0062; ends in 0062."""
    return _("ends in %(digits)s") % {"digits": str(phone)[-4:]} if phone else ""


@register.filter
def spaced(phone: str | None) -> str:
    """The person's own number, readable: 120 0000 0062; foreign ones with their country code."""
    number = str(phone or "")
    if number.startswith("+86") and len(number) == 14:
        return f"{number[3:6]} {number[6:10]} {number[10:]}"
    try:
        parsed = phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        return number
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.INTERNATIONAL)


BROWSERS = {"MicroMessenger": "WeChat", "Edg": "Edge", "Firefox": "Firefox", "Chrome": "Chrome", "Safari": "Safari"}
SYSTEMS = {
    "Android": "Android",
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Windows": "Windows",
    "Mac OS": "Mac",
    "Linux": "Linux",
}


@register.filter
def device(agent: str) -> str:
    """What a browser says of itself, in two words: Chrome, Android."""
    found = [next((name for mark, name in names.items() if mark in agent), "") for names in (BROWSERS, SYSTEMS)]
    return ", ".join(filter(None, found)) or agent[:40]


# Forms


@register.simple_tag
def field(
    bound: BoundField,
    classes: str = "",
    *,
    label: str = "",
    columns: str = "",
    notes: Mapping[Any, object] | None = None,
    closed: Collection[Any] = (),
) -> SafeString:
    """Label, hint, error and control. Choices become cards, with notes beside them and the closed ones shut."""
    match bound.field.widget:
        case RadioSelect() | CheckboxSelectMultiple():
            parts = {
                "label": label,
                "options": cards(bound, notes or {}, closed),
                "columns": columns,
                "about": described(bound),
            }
            return render_part("pick", bound, **parts)
        case CheckboxInput():
            return render_part("tick", bound, label=label)
        case widget if widget.is_hidden:
            return bound.as_widget()
    return render_part("field", bound, label=label, control=control(bound, classes))


@register.simple_block_tag
def beside(content: str, bound: BoundField, classes: str = "") -> SafeString:
    """A field with a button beside its control."""
    return render_part("field", bound, control=control(bound, classes), button=content)


def render_part(name: str, bound: BoundField, *, label: str = "", **parts: object) -> SafeString:
    return render_to_string(f"components/{name}.html", {"field": bound, "label": label or bound.label, **parts})


def control(bound: BoundField, classes: str) -> SafeString:
    """The bare input: no placeholder, no spinning number box."""
    widget = bound.field.widget
    if isinstance(widget, NumberInput):
        widget = TextInput({"inputmode": "numeric", "class": widget.attrs.get("class", "short")})
    names = ["input", widget.attrs.get("class", ""), classes]
    return bound.as_widget(widget, {"class": " ".join(filter(None, names)), "placeholder": False})


def cards(bound: BoundField, notes: Mapping[Any, object], closed: Collection[Any]) -> list[dict[str, object]]:
    shut = {str(value) for value in closed}
    words = {str(value): note for value, note in notes.items()}
    options = list(bound.subwidgets)
    for option in options:
        if str(option.data["value"]) in shut:
            option.data["attrs"]["disabled"] = True
    return [{"widget": option, "note": words.get(str(option.data["value"]), "")} for option in options]


def described(bound: BoundField) -> str:
    """The ids that describe a group of choices; BoundField leaves them to the fieldset."""
    return bound.aria_describedby or ""


@register.simple_tag
def summary(*forms: Form) -> SafeString:
    """What to change, on top of the page: each error as a link to its control. Nothing if there is nothing."""
    problems = [
        {"text": named(bound, text), "anchor": anchor(bound)}
        for form in forms
        if form.is_bound
        for bound in form
        for text in bound.errors
    ]
    problems += [{"text": text, "anchor": ""} for form in forms if form.is_bound for text in form.non_field_errors()]
    return render_to_string("components/summary.html", {"problems": problems}) if problems else mark_safe("")


def named(bound: BoundField, text: str) -> str:
    """An error that speaks of "this field" needs the field's name to stand alone; a form's own sentence does not."""
    if text != str(Field.default_error_messages["required"]):
        return text
    return pgettext("field and problem", "%(field)s: %(problem)s") % {"field": bound.label, "problem": text}


def anchor(bound: BoundField) -> str:
    """The id of the control, or of the first of its choices."""
    choices = bound.subwidgets if bound.field.widget.use_fieldset else []
    return bound.id_for_label or (choices[0].id_for_label if choices else "")


@register.simple_block_tag
def notice(content: str, tone: str, shape: str, role: str = "") -> SafeString:
    """One sentence of fact, one of what to do."""
    attribute = format_html(' role="{}"', role) if role else ""
    return format_html('<div class="notice {}"{}>{}<div>{}</div></div>', tone, attribute, icon(shape), content)
