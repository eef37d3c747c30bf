"""People who come together: one asks, the other says yes, either ends it.

Asking never looks the number up, so its answer and the time it takes say nothing about whether somebody has it; the
clock does (`look_up`). A no is not told.
"""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from communities.errors import Gone, Invalid, Refused
from communities.limits import Limit, spend
from communities.messages.outbox import acknowledge, withdraw
from volunteers.messages import companions as messages
from volunteers.models import Companionship, Volunteer
from volunteers.models.companions import ASKED_FOR
from volunteers.rules import companions as rules

DAILY = Limit("companions asked", 5, 24 * 3600)


@transaction.atomic
def ask(volunteer_id: int, number: str, *, now: datetime) -> Companionship:
    """Ask whoever has this volunteer number to come together. Asked again while it waits, the first.

    Raises Invalid(number=…), Refused for who comes with enough people, TooMany after five questions a day.
    """
    (me,) = hold(volunteer_id)
    if not rules.readable(number):
        raise Invalid(number=_("A volunteer number has ten digits."))
    if number == me.number:
        raise Invalid(number=_("This is your own number."))
    if found := known(me, number, now):
        return found
    if reasons := rules.refusals(count(me.pk)):
        raise Refused(reasons)
    spend((DAILY, str(me.pk)))
    return Companionship.objects.create(asker=me, number=number, asked_at=now, over_at=now + ASKED_FOR)


def hold(*volunteer_ids: int) -> list[Volunteer]:
    """The people, in one order, as everywhere."""
    rows = Volunteer.objects.filter(pk__in=volunteer_ids).order_by("pk")
    return list(rows.select_for_update(no_key=True))


def known(me: Volunteer, number: str, now: datetime) -> Companionship | None:
    """The question that waits, or the one they come with already: both are on the person's page anyhow."""
    mine = Companionship.objects.of(me.pk)
    with_them = Q(asker=me, asked__number=number) | Q(asked=me, asker__number=number)
    waits = Companionship.objects.waiting(now).filter(asker=me, number=number)
    return mine.together().filter(with_them).first() or waits.order_by("pk").first()


def count(volunteer_id: int) -> int:
    return Companionship.objects.of(volunteer_id).together().count()


def look_up(now: datetime) -> int:
    """Find out who is asked, and ask them; returns how many were found. Each question in a transaction of its own."""
    new = Companionship.objects.waiting(now).filter(looked_up_at=None)
    return sum(pass_on(pk, now) for pk in list(new.order_by("pk").values_list("pk", flat=True)))


@transaction.atomic
def pass_on(pk: int, now: datetime) -> bool:
    """False if nobody is asked: there is no such number, or its person has said no to this one, or comes with them."""
    row = Companionship.objects.get(pk=pk)
    them = Volunteer.objects.filter(number=row.number).first()
    people = hold(row.asker_id, them.pk if them else row.asker_id)
    row = Companionship.objects.select_for_update(of=("self",), no_key=True).get(pk=pk)
    if row.looked_up_at or row.over_at is None or row.over_at <= now:
        return False
    row.looked_up_at = now
    row.asked = next((one for one in people if one.number == row.number and may_be_asked(one, row)), None)
    row.save(update_fields=["looked_up_at", "asked"])
    if row.asked:
        messages.asked(row, now)
    return row.asked is not None


def may_be_asked(them: Volunteer, row: Companionship) -> bool:
    """An account that is open, of somebody else, who has not said no to this person lately and is not with them yet."""
    between = Companionship.objects.filter(Q(asker=row.asker_id, asked=them) | Q(asker=them, asked=row.asker_id))
    said_no = between.filter(asked=them, declined_at__isnull=False)
    settled = said_no.exists() or between.together().exists()
    return them.pk != row.asker_id and them.user.is_active and not settled


@transaction.atomic
def agree(pk: int, *, by: int, now: datetime) -> Companionship:
    """Yes, said by who was asked. Said again, it stays so. Raises Gone when it is over, Refused with the reasons."""
    row = held(pk, by)
    if row.together:
        return row
    if by != row.asked_id or row.over_at is None or row.over_at <= now:
        raise Gone("expired")
    if reasons := rules.refusals(count(row.asker_id), count(row.asked_id)):
        raise Refused(reasons)
    others = Companionship.objects.waiting(now).filter(asker=row.asked_id, asked=row.asker_id)
    others.update(over_at=now)
    row.confirmed_at, row.over_at, row.declined_at = now, None, None
    row.save(update_fields=["confirmed_at", "over_at", "declined_at"])
    acknowledge(messages.ASKING, [pk])
    messages.agreed(row, now)
    return row


@transaction.atomic
def end(pk: int, *, by: int, now: datetime) -> Companionship:
    """No more of it: a question taken back, a no, or the end of coming together. Again, it stays so."""
    row = held(pk, by)
    if row.confirmed_at is None and by == row.asked_id:
        row.declined_at = row.declined_at or now
    elif row.over_at is None or row.over_at > now:
        row.over_at = now
    row.save(update_fields=["declined_at", "over_at"])
    withdraw(messages.KINDS, [pk])
    return row


def held(pk: int, by: int) -> Companionship:
    """The people first, sorted; then the row, if it is theirs."""
    found = Companionship.objects.of(by).get(pk=pk)
    hold(found.asker_id, found.asked_id or found.asker_id)
    rows = Companionship.objects.select_related("asker__user", "asked__user")
    return rows.select_for_update(of=("self",), no_key=True).get(pk=pk)


def end_all(volunteer_ids: Collection[int], now: datetime) -> None:
    """These people come with nobody any more, ask nobody, and have said no to who asked them."""
    theirs = Q(asker__in=volunteer_ids) | Q(asked__in=volunteer_ids)
    Companionship.objects.together().filter(theirs).update(over_at=now)
    waiting = Companionship.objects.waiting(now)
    waiting.filter(asker__in=volunteer_ids).update(over_at=now)
    waiting.filter(asked__in=volunteer_ids, declined_at=None).update(declined_at=now)
