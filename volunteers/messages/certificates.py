"""What a person is told of their certificates: given, refused or revoked, with the reason and the number."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial

from django.conf import settings
from django.utils.dateformat import format as date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from communities.messages.kinds import Claimed, Context, Kind, register
from communities.messages.outbox import Note, post, withdraw
from communities.messages.rendering import lines, named, one_line
from communities.queries.customs import customs_of
from communities.rules.names import first_name
from volunteers.models import Certificate
from volunteers.rules.certificates import grouped
from volunteers.states import CertificateStatus as S

KEPT = timedelta(days=14)  # so long it is news
TOLD = {"certificate_given": S.ISSUED, "certificate_refused": S.REFUSED, "certificate_revoked": S.REVOKED}


def decided(found: Certificate, now: datetime) -> None:
    """What has become of it, to whose it is; what was to be said before and has not left is not said any more."""
    withdraw(TOLD, [found.pk])
    kind = next(name for name, status in TOLD.items() if status == found.status)
    post([Note(kind, str(found.pk), found.pk, now, reader=found.volunteer.user_id, expires_at=now + KEPT)])


@dataclass(frozen=True, slots=True, kw_only=True)
class Told(Context):
    """A certificate, as its person is told of it. Names of the community are (Chinese, English)."""

    kind: str
    name: str
    community: tuple[str, str]
    number: str
    minutes: int
    first: date
    last: date
    reason: str


def read(status: S, messages: Sequence[Claimed], _now: datetime) -> Mapping[int, Told]:
    """Three queries, whatever their number."""
    rows = Certificate.objects.filter(pk__in={one.target for one in messages}, status=status)
    found = rows.select_related("community", "volunteer__user").in_bulk()
    customs = customs_of({row.community_id for row in found.values()})
    return {
        one.id: Told(
            customs=customs[row.community_id],
            kind=one.kind,
            name=first_name(row.volunteer.user.name),
            community=(row.community.name, row.community.name_en),
            number=row.number,
            minutes=row.minutes,
            first=row.first_day,
            last=row.last_day,
            reason=row.reason,
        )
        for one in messages
        if (row := found.get(one.target))
    }


def headline(one: Told) -> str:
    match one.kind:
        case "certificate_given":
            return _("your certificate of service is there: %(hours)s hours.") % {"hours": in_hours(one.minutes)}
        case "certificate_refused":
            return _("you cannot have the certificate you asked for.")
    return _("your certificate no. %(number)s does not count any more.") % {"number": grouped(one.number)}


def in_hours(minutes: int) -> str:
    """Tenths of an hour, never more than were served."""
    return f"{minutes * 10 // 60 / 10:g}"


def opening(one: Told, name: str) -> str:
    words = {"community": named(*one.community), "name": name, "sentence": headline(one)}
    if name:
        return one_line(pgettext("message", "%(community)s: %(name)s, %(sentence)s") % words)
    return one_line(pgettext("message", "%(community)s: %(sentence)s") % words)


def subject(one: Told) -> str:
    return opening(one, "")


def text(one: Told) -> str:
    given = one.kind == "certificate_given"
    path = f"v/{one.number}/" if given else "me/record/"
    return lines(
        [
            opening(one, one.name),
            _("For %(first)s to %(last)s.") % {"first": day(one.first), "last": day(one.last)},
            _("Number %(number)s: anybody can check it there.") % {"number": grouped(one.number)} if given else "",
            "" if given else _("Why: %(reason)s") % {"reason": one.reason},
            _("More: %(link)s") % {"link": f"{settings.PUBLIC_URL}/{path}"},
            "" if given else _("If you think this is wrong, ask the community's office."),
        ]
    )


def day(one: date) -> str:
    return date_format(one, "Y-m-d")


register(
    *(Kind(name, partial(read, status), subject, text, own_duty=False) for name, status in TOLD.items()),
)
