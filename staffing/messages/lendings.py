"""What both communities, whoever proposed it and the people are told of a lending."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Count
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from communities.messages.kinds import Claimed, Contexts, Kind
from communities.messages.outbox import Note, post, withdraw
from communities.messages.rendering import lines, named, when
from communities.models import User
from communities.queries.customs import customs_of
from communities.rules.customs import Customs
from communities.rules.names import first_name
from staffing.messages.texts import opening
from staffing.models import Lending, LentPerson
from staffing.queries.swaps import leads_of
from staffing.states import LendingStatus as L

KEPT = timedelta(days=1)


def asked(found: Lending, now: datetime) -> None:
    """The leads of both communities: a yes or no is wanted."""
    officers("lending_asked", found, set(leads_of([found.giver, found.taker], now)), now, found.period.upper)


def agreed(found: Lending, by: User, now: datetime) -> None:
    settled(found, by, now)
    post([person("lent", one, now, found.period.upper) for one in bound(found)])


def settled(found: Lending, by: User, now: datetime) -> None:
    """Whoever waits for the answer: both ends, and who has proposed it."""
    withdraw(["lending_asked"], [found.pk])
    readers = {*leads_of([found.giver, found.taker], now), found.proposed_by_id} - {by.pk}
    officers("lending_settled", found, readers, now, now + KEPT)


def ended(found: Lending, people: Iterable[LentPerson], by: User, now: datetime) -> None:
    """Before its time: both ends, and the people."""
    settled(found, by, now)
    post([person("lent_over", one, now, now + KEPT) for one in people])


def officers(kind: str, found: Lending, readers: set[int], now: datetime, expires: datetime) -> None:
    key = f"{found.pk}:{found.status}"
    post([Note(kind, key, found.pk, now, reader=pk, expires_at=expires) for pk in sorted(readers)])


def bound(found: Lending) -> Iterable[LentPerson]:
    return found.people.filter(binds=True).select_related("volunteer")


def person(kind: str, one: LentPerson, now: datetime, expires: datetime) -> Note:
    return Note(kind, str(one.pk), one.pk, now, reader=one.volunteer.user_id, expires_at=expires)


@dataclass(frozen=True, slots=True)
class Told:
    """A lending to one reader. Names are (Chinese, English); `name` is the person's own, "" for officers."""

    kind: str
    status: str
    name: str
    giver: tuple[str, str]
    taker: tuple[str, str]
    people: int
    reason: str
    answer: str
    start: datetime
    end: datetime
    customs: Customs


def to_officers(*states: L) -> Contexts:
    def read(messages: Sequence[Claimed], now: datetime) -> Mapping[int, Told]:
        rows = Lending.objects.filter(pk__in={one.target for one in messages}, status__in=states)
        found = rows.select_related("giver", "taker").annotate(number=Count("people")).in_bulk()
        customs = customs_of({row.taker_id for row in found.values()})
        return {
            one.id: about(one.kind, row, customs[row.taker_id], row.number)
            for one in messages
            if (row := found.get(one.target))
        }

    return read


def to_people(messages: Sequence[Claimed], now: datetime) -> Mapping[int, Told]:
    rows = LentPerson.objects.filter(pk__in={one.target for one in messages})
    found = rows.select_related("lending__giver", "lending__taker", "volunteer__user").in_bulk()
    customs = customs_of({row.lending.taker_id for row in found.values()})
    return {
        one.id: about(one.kind, row.lending, customs[row.lending.taker_id], 1, first_name(row.volunteer.user.name))
        for one in messages
        if (row := found.get(one.target)) and row.binds == (one.kind == "lent")
    }


def about(kind: str, row: Lending, customs: Customs, people: int, name: str = "") -> Told:
    return Told(
        kind=kind,
        status=row.status,
        name=name,
        giver=(row.giver.name, row.giver.name_en),
        taker=(row.taker.name, row.taker.name_en),
        people=people,
        reason=row.reason,
        answer=row.answer,
        start=row.period.lower,
        end=row.period.upper,
        customs=customs,
    )


SETTLED = {
    L.AGREED: lambda: pgettext("lending", "Agreed by both: %(giver)s lends %(taker)s %(people)s."),
    L.REFUSED: lambda: pgettext("lending", "Refused: %(giver)s lends %(taker)s nobody."),
    L.WITHDRAWN: lambda: pgettext("lending", "Withdrawn: %(giver)s lends %(taker)s nobody."),
    L.ENDED: lambda: pgettext("lending", "Over: the people %(giver)s has lent %(taker)s are back."),
}


def headline(one: Told) -> str:
    people = ngettext("%(n)d person", "%(n)d people", one.people) % {"n": one.people}
    words = {"giver": named(*one.giver), "taker": named(*one.taker), "people": people}
    match one.kind:
        case "lending_asked":
            return _("%(taker)s needs help: may %(giver)s lend %(people)s?") % words
        case "lending_settled":
            return SETTLED[L(one.status)]() % words
        case "lent":
            return _("you are lent to %(taker)s. They will ask you, or tell you your post.") % words
    return _("%(taker)s needs you no longer.") % words


def subject(one: Told) -> str:
    return opening(one.giver if one.name else one.taker, one.name, headline(one))


def text(one: Told) -> str:
    why = "" if one.name else _("Why: %(reason)s") % {"reason": one.answer or one.reason}
    page = "my" if one.name else "desk/lendings"
    link = _("More: %(link)s") % {"link": f"{settings.PUBLIC_URL}/{page}/"}
    return lines([subject(one), when(one.start, one.end, one.customs.zone), why, link])


KINDS = (
    Kind("lending_asked", to_officers(L.PROPOSED), subject, text),
    Kind("lending_settled", to_officers(L.AGREED, L.REFUSED, L.WITHDRAWN, L.ENDED), subject, text),
    Kind("lent", to_people, subject, text),
    Kind("lent_over", to_people, subject, text, vital=True),
)
