"""A swap of seats, as those are told of it whom it concerns."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.utils.translation import gettext as _

from communities.messages.kinds import Claimed, Kind
from communities.messages.outbox import Note, post
from communities.messages.rendering import lines
from communities.models import User
from communities.rules.names import first_name
from staffing import messages
from staffing.messages.texts import opening, where_and_when
from staffing.models import Swap
from staffing.queries.notices import Duty, seats_of
from staffing.queries.swaps import leads_of
from staffing.states import SwapStatus

TRUE_WHILE = {
    "swap_agreed": {SwapStatus.AGREED},
    "swap_asked": {SwapStatus.AGREED},
    "swap_ended": {SwapStatus.REFUSED, SwapStatus.WITHDRAWN, SwapStatus.EXPIRED},
    "handed_on": {SwapStatus.DONE},
}


def note(kind: str, swap: Swap, reader: int, now: datetime) -> Note:
    """Its target is the seat that is offered, so that it counts as a message about that seat."""
    return Note(
        kind=kind,
        key=f"swap:{swap.pk}",
        target=swap.offered_id,
        reader=reader,
        due_at=now,
        expires_at=swap.offered.period.lower,
        facts={"swap": swap.pk},
    )


def agreed(swap: Swap, now: datetime) -> None:
    """The proposer hears that it waits for the lead, and the leads that somebody waits for them."""
    areas = [seat.shift.site.area for seat in (swap.offered, swap.given) if seat]
    asked = [note("swap_asked", swap, pk, now) for pk in leads_of(areas, now)]
    post([note("swap_agreed", swap, swap.offered.volunteer.user_id, now), *asked])


def done(swap: Swap, now: datetime) -> None:
    """Whoever has a new seat is told of it like of any other; whoever has none now need not come."""
    for seat in filter(None, (swap.passed_on, swap.received)):
        messages.confirmed(seat, now)
    if not swap.received:
        post([note("handed_on", swap, swap.offered.volunteer.user_id, now)])


def ended(swap: Swap, now: datetime) -> None:
    partner = [swap.partner.user_id] if swap.partner else []
    post([note("swap_ended", swap, reader, now) for reader in (swap.offered.volunteer.user_id, *partner)])


@dataclass(frozen=True, slots=True)
class Told:
    """A swap to one of its readers. `other` is the first name of whom they swap with."""

    kind: str
    swap: int
    shift: int
    status: str
    name: str
    other: str
    owner: str
    duty: Duty
    given: Duty | None


def read(messages_: Sequence[Claimed], now: datetime) -> Mapping[int, Told]:
    """By message; what is not so any more, and what is for somebody who withdrew consent, is left out."""
    ids = {message.facts["swap"] for message in messages_}
    rows = Swap.objects.filter(pk__in=ids).select_related("offered__volunteer__user", "partner__user")
    swaps = {swap.pk: swap for swap in rows}
    seats = seats_of({pk for swap in swaps.values() for pk in (swap.offered_id, swap.given_id) if pk})
    names = dict(User.objects.filter(pk__in={message.reader for message in messages_}).values_list("pk", "name"))
    found = {}
    for message in messages_:
        swap = swaps.get(message.facts["swap"])
        if swap and swap.status in TRUE_WHILE[message.kind] and not seats[swap.offered_id].stopped:
            given = seats[swap.given_id].duty if swap.given_id else None
            owner, partner = swap.offered.volunteer.user, swap.partner.user if swap.partner else None
            other = owner if partner and message.reader == partner.pk else partner
            found[message.id] = Told(
                kind=message.kind,
                swap=swap.pk,
                shift=swap.offered.shift_id,
                status=swap.status,
                name=first_name(names.get(message.reader or 0, "")),
                other=first_name(other.name) if other else "",
                owner=first_name(owner.name),
                duty=seats[swap.offered_id].duty,
                given=given,
            )
    return found


def headline(told: Told) -> str:
    words = {"other": told.other, "owner": told.owner}
    match told.kind:
        case "swap_agreed":
            return (
                _("%(other)s agrees to the swap. The community still has to say yes; until then your seat is yours.")
                % words
            )
        case "swap_asked":
            return _("%(owner)s and %(other)s want to swap a seat. They wait for your yes.") % words
        case "handed_on":
            return _("%(other)s takes your seat over. You don't need to come.") % words
    if told.status == SwapStatus.REFUSED:
        return _("the community did not agree to the swap. All seats stay as they were.")
    return _("the swap has not come about. All seats stay as they were.")


def subject(told: Told) -> str:
    return opening(told.duty.community, "", headline(told))


def text(told: Told) -> str:
    name = "" if told.kind == "swap_asked" else told.name
    return lines([opening(told.duty.community, name, headline(told)), *places(told), *door(told)])


def places(told: Told) -> Iterable[str]:
    yield where_and_when(told.duty)
    if told.given:
        yield _("For: %(what)s") % {"what": where_and_when(told.given)}


def door(told: Told) -> Iterable[str]:
    if told.kind == "swap_asked":
        yield _("Say yes or no: %(link)s") % {"link": f"{settings.PUBLIC_URL}/desk/shifts/{told.shift}/#swaps"}


KINDS = (
    Kind("swap_agreed", read, subject, text),
    Kind("swap_asked", read, subject, text),
    Kind("swap_ended", read, subject, text),
    Kind("handed_on", read, subject, text, vital=True),
)
