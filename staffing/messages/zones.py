"""After a change of zones: one message to each person who lost something, and the repair list to the leads."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection, transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from communities.errors import Refusal
from communities.messages.kinds import Claimed, Kind
from communities.messages.outbox import Note, post, withdraw
from communities.messages.rendering import lines
from communities.models import Grant, Message
from communities.phrases import say
from communities.signals import message_posted
from communities.states import RoleName
from staffing.messages.texts import opening, where_and_when
from staffing.models import RecheckedSeat, ZoneRecheck
from staffing.queries.notices import Seat, seats_of
from staffing.queries.rechecks import Figures, figures
from staffing.states import LOST, SignUpStatus, Verdict

ABOUT_A_SEAT = ["signed_up", "waitlisted", "offered", "confirmed", "changed", "reminder"]
KEPT = timedelta(days=2)  # how long a repair list is news


def unsay(recheck: ZoneRecheck) -> None:
    """Nothing of what was still to be said about the lost seats goes out."""
    withdraw(ABOUT_A_SEAT, recheck.found.filter(verdict__in=LOST).values_list("sign_up", flat=True))


LOST_SEATS = """
    insert into communities_message
        (kind, key, reader_id, target, facts, queue, status, due_at, expires_at, channel, attempts, created_at)
    select 'zone_change', %(recheck)s::text, v.user_id, %(recheck)s, '{}', 'messages', 'scheduled', %(now)s,
        max(upper(u.period)), '', 0, %(now)s
    from staffing_recheckedseat r
    join staffing_signup u on u.id = r.sign_up_id
    join volunteers_volunteer v on v.id = u.volunteer_id
    where r.recheck_id = %(recheck)s and r.verdict = any(%(lost)s)
    group by v.user_id
    on conflict do nothing
"""


def lost(recheck: ZoneRecheck, now: datetime) -> None:
    """Each person once, however many seats they lose."""
    with connection.cursor() as cursor:
        cursor.execute(LOST_SEATS, {"recheck": recheck.pk, "lost": sorted(LOST), "now": now})
        written = cursor.rowcount
    if written:
        transaction.on_commit(lambda: message_posted.send(sender=Message, queue="messages"), robust=True)


def repair(recheck: ZoneRecheck, now: datetime) -> None:
    """The community leads of the places where seats are lost, or where people may be shut in."""
    touched = recheck.found.filter(verdict__in=[*LOST, Verdict.ON_DUTY])
    paths = touched.values_list("sign_up__shift__site__area__path", flat=True).order_by().distinct()
    above = {int(part) for path in paths for part in path.split("/") if part}
    leads = Grant.objects.in_force(now).filter(role=RoleName.COMMUNITY_LEAD, area__in=above)
    readers = sorted(set(leads.values_list("user", flat=True)))
    post([Note("repair_list", str(recheck.pk), recheck.pk, now, reader=pk, expires_at=now + KEPT) for pk in readers])


@dataclass(frozen=True, slots=True)
class Loss:
    """What one person lost, the next first, with the reason for each."""

    seats: tuple[tuple[Seat, str], ...]

    @property
    def first(self) -> Seat:
        return self.seats[0][0]


def losses(messages: Sequence[Claimed], now: datetime) -> Mapping[int, Loss]:
    """By message. Who has withdrawn consent, or has nothing left to stay away from, is not told."""
    gone = RecheckedSeat.objects.filter(
        verdict__in=LOST,
        recheck__in={message.target for message in messages},
        sign_up__volunteer__user__in={message.reader for message in messages},
    )
    rows = list(gone.values_list("recheck", "sign_up__volunteer__user", "sign_up", "code"))
    seats = seats_of({signup for _recheck, _reader, signup, _code in rows})
    found: defaultdict[tuple[int, int], list[tuple[Seat, str]]] = defaultdict(list)
    for recheck, reader, signup, code in rows:
        if seats[signup].status == SignUpStatus.CANCELLED and not seats[signup].stopped and seats[signup].end > now:
            found[recheck, reader].append((seats[signup], code))
    return {
        message.id: Loss(tuple(sorted(mine, key=lambda one: (one[0].start, one[0].id))))
        for message in messages
        if (mine := found.get((message.target, message.reader or 0)))
    }


def loss_subject(loss: Loss) -> str:
    return opening(loss.first.duty.community, "", loss_headline(loss))


def loss_headline(loss: Loss) -> str:
    count = len(loss.seats)
    return ngettext(
        "the way in has changed. You don't need to come to this shift.",
        "the way in has changed. You don't need to come to these shifts.",
        count,
    )


def loss_text(loss: Loss) -> str:
    reasons = dict.fromkeys(say(Refusal(code)) for _seat, code in loss.seats)
    return lines(
        [
            opening(loss.first.duty.community, loss.first.name, loss_headline(loss)),
            *(where_and_when(seat.duty) for seat, _code in loss.seats),
            *reasons,
            _("Where you can still help: %(link)s") % {"link": f"{settings.PUBLIC_URL}/my/"},
        ]
    )


@dataclass(frozen=True, slots=True)
class Repair:
    """A repair list as its readers are told of it."""

    recheck: int
    place: tuple[str, str]
    figures: Figures
    moved: bool


def repairs(messages: Sequence[Claimed], now: datetime) -> Mapping[int, Repair]:
    wanted = ZoneRecheck.objects.filter(pk__in={message.target for message in messages}).select_related("area")
    found = {row.pk: Repair(row.pk, place_of(row), figures(row), row.mover_id is not None) for row in wanted}
    return {message.id: found[message.target] for message in messages if message.target in found}


def place_of(recheck: ZoneRecheck) -> tuple[str, str]:
    area = recheck.area
    return (area.name, area.name_en) if area else ("", "")


def repair_headline(repair: Repair) -> str:
    words = {"lost": repair.figures.lost, "duty": repair.figures.on_duty}
    if repair.moved:
        return _("somebody lives elsewhere now. Seats lost: %(lost)s. On duty there: %(duty)s.") % words
    return _("zones have changed. Seats lost: %(lost)s. On duty there: %(duty)s.") % words


def repair_subject(repair: Repair) -> str:
    return opening(repair.place, "", repair_headline(repair))


def repair_text(repair: Repair) -> str:
    link = f"{settings.PUBLIC_URL}/desk/zones/rechecks/{repair.recheck}/"
    return lines([repair_subject(repair), _("What to do now: %(link)s") % {"link": link}])


KINDS = (
    Kind("zone_change", losses, loss_subject, loss_text, vital=True),
    Kind("repair_list", repairs, repair_subject, repair_text),
)
