"""What those who run a shift are told when it has become short of people a little before it starts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from communities.messages.kinds import Claimed, Kind
from communities.messages.rendering import lines, named, one_line, when
from communities.queries.customs import customs_of
from communities.rules.customs import Customs
from staffing.models import Shift, Shortage


@dataclass(frozen=True, slots=True)
class Short:
    """A shift and how many people it lacks now."""

    shift: Shift
    missing: int
    customs: Customs


def short(messages: Sequence[Claimed], now: datetime) -> Mapping[int, Short]:
    """Those that are still short; what has been filled is no news."""
    rows = (
        Shortage.objects.filter(over_at=None).select_related("shift__site__area").prefetch_related("shift__posts__role")
    )
    found = rows.in_bulk({one.target for one in messages})
    customs = customs_of({row.shift.site.area_id for row in found.values()})
    return {
        message.id: Short(row.shift, missing, customs[row.shift.site.area_id])
        for message in messages
        if (row := found.get(message.target)) and (missing := lacking(row.shift)) and now < row.shift.starts_at
    }


def lacking(shift: Shift) -> int:
    return sum(post.missing for post in shift.posts.all() if post.role.counted and post.agency_id is None)


def headline(found: Short) -> str:
    shift = found.shift
    words = {
        "area": named(shift.site.area.name, shift.site.area.name_en),
        "site": named(shift.site.name, shift.site.name_en),
        "when": when(shift.starts_at, shift.ends_at, found.customs.zone),
        "n": found.missing,
    }
    return (
        ngettext(
            "%(area)s: %(n)d person is missing at %(site)s, %(when)s.",
            "%(area)s: %(n)d people are missing at %(site)s, %(when)s.",
            found.missing,
        )
        % words
    )


def subject(found: Short) -> str:
    return one_line(headline(found))


def text(found: Short) -> str:
    link = f"{settings.PUBLIC_URL}/desk/shifts/{found.shift.pk}/"
    return lines([headline(found), _("The shift: %(link)s") % {"link": link}])


KINDS = (Kind("short", short, subject, text),)
