"""Communities lend each other people: proposed by somebody above both, good once both have agreed.

Then lent staff may be put on seats there, within the rules of every seat; volunteers are asked, as everywhere. What is
asked again changes nothing.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import IntegrityError, transaction
from psycopg.types.range import TimestamptzRange

from communities.errors import Forbidden, Invalid, Refusal, Refused
from communities.models import Area, User
from communities.states import Level
from staffing import messages
from staffing.actions.signups import end as end_seat
from staffing.locks import hold_volunteers, lock_reserves, lock_signup, patience
from staffing.messages import lendings as told
from staffing.models import Lending, LentPerson, SignUp
from staffing.phrases import field_error
from staffing.queries import lendings as queries
from staffing.queries.lendings import Span
from staffing.rules import lendings as rules
from staffing.rules.periods import unfit
from staffing.rules.transitions import step
from staffing.states import LendingEnd, LendingStatus, SignUpStatus
from volunteers.models import Enrolment
from volunteers.states import Channel

MOST = 200


@dataclass(frozen=True, slots=True)
class Plan:
    """Whom one community is to lend another over [start, end), and why."""

    giver: int
    taker: int
    people: Sequence[int]
    start: datetime
    end: datetime
    reason: str

    @property
    def period(self) -> TimestamptzRange:
        return TimestamptzRange(self.start, self.end, "[)")

    def span(self) -> Span:
        areas = Area.objects.in_bulk([self.giver, self.taker])
        return Span(areas[self.giver], areas[self.taker], self.start, self.end)


@dataclass(slots=True)
class Proposed:
    """The proposal, and who is not in it, with the reasons."""

    lending: Lending
    stayed: dict[int, Sequence[Refusal]] = field(default_factory=dict)
    new: bool = True


@transaction.atomic
def propose(plan: Plan, *, by: User, now: datetime) -> Proposed:
    """Ask both communities. Who cannot help there is left out, and told with why; proposed again, returns the first.

    Raises Invalid per field, Refused with every reason if nobody can.
    """
    check(plan, now)
    people = sorted(set(plan.people))
    hold_volunteers(people)
    if waiting := same(plan, people):
        return Proposed(waiting, new=False)
    span = plan.span()
    found = queries.reasons(people, span, now)
    if not (fit := [pk for pk in people if not found[pk]]):
        raise Refused(together(found.values()))
    lending = Lending.objects.create(
        giver=span.giver,
        taker=span.taker,
        period=plan.period,
        reason=plan.reason.strip()[:200],
        proposed_by=by,
        proposed_at=now,
        is_demo=by.is_demo,
    )
    LentPerson.objects.bulk_create([LentPerson(lending=lending, volunteer_id=pk, period=plan.period) for pk in fit])
    told.asked(lending, now)
    return Proposed(lending, {pk: why for pk, why in found.items() if why})


def check(plan: Plan, now: datetime) -> None:
    if code := unfit(plan.start, plan.end, now, longest=rules.LONGEST, too_long="lending_too_long"):
        raise Invalid(end=field_error(code))
    if plan.giver == plan.taker:
        raise Invalid(taker=field_error("same_community"))
    if not 1 <= len(set(plan.people)) <= MOST:
        raise Invalid(people=field_error("nobody_chosen"))
    if not plan.reason.strip():
        raise Invalid(reason=field_error("reason_missing"))


def same(plan: Plan, people: Sequence[int]) -> Lending | None:
    """The open lending of these very people between the two in that time."""
    rows = Lending.objects.open().filter(giver=plan.giver, taker=plan.taker, period=plan.period)
    return next((row for row in rows if set(people) >= set(ids_of(row)) > set()), None)


def ids_of(lending: Lending) -> list[int]:
    return list(lending.people.order_by("volunteer").values_list("volunteer", flat=True))


def together(found: Iterable[Sequence[Refusal]]) -> list[Refusal]:
    """Each reason once."""
    return list({(one.code, *map(str, one.facts.items())): one for why in found for one in why}.values())


def hold(lending_id: int) -> Lending:
    """The people first, as everywhere, then the lending as it is now."""
    hold_volunteers(LentPerson.objects.filter(lending=lending_id).values_list("volunteer", flat=True))
    with patience():
        rows = Lending.objects.select_related("giver", "taker", "proposed_by")
        return rows.select_for_update(of=("self",), no_key=True).get(pk=lending_id)


def write(found: Lending, **fields: object) -> Lending:
    for name, value in fields.items():
        setattr(found, name, value)
    found.save(update_fields=list(fields))
    return found


def may_step(found: Lending, there: LendingStatus) -> None:
    if refusal := step(LendingStatus(found.status), there):
        raise Refused(refusal)


@transaction.atomic
def agree(lending_id: int, end: LendingEnd, *, by: User, now: datetime) -> Lending:
    """One of the two communities says yes; with the second yes the people are lent. Said again, returns it as it is.

    Nobody says it for both, nor about themselves. Who can help no longer is left out; Refused if that is everybody.
    """
    found = hold(lending_id)
    if said(found, end) and found.status in {LendingStatus.PROPOSED, LendingStatus.AGREED}:
        return found
    may_step(found, LendingStatus.AGREED)
    if found.period.upper <= now:
        raise Refused("lending_is_over")
    not_both(found, end, by)
    write(
        found, **({"given_by": by, "given_at": now} if end is LendingEnd.GIVER else {"taken_by": by, "taken_at": now})
    )
    return lend(found, by, now) if found.given_at and found.taken_at else found


def said(found: Lending, end: LendingEnd) -> datetime | None:
    return found.given_at if end is LendingEnd.GIVER else found.taken_at


def not_both(found: Lending, end: LendingEnd, by: User) -> None:
    other = found.taken_by_id if end is LendingEnd.GIVER else found.given_by_id
    if other == by.pk:
        raise Forbidden("both_ends")
    if found.people.filter(volunteer__user=by).exists():
        raise Forbidden("own_lending")


def lend(found: Lending, by: User, now: datetime) -> Lending:
    """Both have agreed: from here on the receiving community knows the people."""
    span = Span(found.giver, found.taker, max(found.period.lower, now), found.period.upper)
    people = list(found.people.order_by("volunteer"))
    why = queries.reasons([one.volunteer_id for one in people], span, now, without=found.pk)
    if all(why.values()):
        raise Refused(together(why.values()))
    for one in people:
        if reasons := why[one.volunteer_id]:
            one.dropped = reasons[0].code[:30]
        else:
            one.binds, one.enrolment = True, known_there(one.volunteer_id, found.taker, by)
    try:
        with transaction.atomic():
            for one in people:
                one.save(update_fields=["binds", "enrolment", "dropped"])
    except IntegrityError as error:
        raise Refused("already_lent") from error
    write(found, status=LendingStatus.AGREED)
    told.agreed(found, by, now)
    return found


def known_there(volunteer_id: int, area: Area, by: User) -> Enrolment | None:
    """The enrolment that goes with the lending; None if there was one before, or the area has none."""
    if area.level != Level.COMMUNITY:
        return None
    found, new = Enrolment.objects.get_or_create(
        volunteer_id=volunteer_id,
        community=area,
        ended_at=None,
        defaults={"channel": Channel.DESK, "entered_by": by},
    )
    return found if new else None


@transaction.atomic
def refuse(lending_id: int, answer: str, *, by: User, now: datetime) -> Lending:
    """One of the two communities says no, and why."""
    if not answer.strip():
        raise Invalid(answer=field_error("reason_missing"))
    found = hold(lending_id)
    if found.status == LendingStatus.REFUSED:
        return found
    may_step(found, LendingStatus.REFUSED)
    write(found, status=LendingStatus.REFUSED, answer=answer.strip()[:200], closed_by=by, closed_at=now)
    told.settled(found, by, now)
    return found


@transaction.atomic
def withdraw(lending_id: int, *, by: User, now: datetime) -> Lending:
    """It is not needed any more, before both have agreed."""
    found = hold(lending_id)
    if found.status == LendingStatus.WITHDRAWN:
        return found
    may_step(found, LendingStatus.WITHDRAWN)
    write(found, status=LendingStatus.WITHDRAWN, closed_by=by, closed_at=now)
    told.settled(found, by, now)
    return found


@transaction.atomic
def end(lending_id: int, *, by: User | None, now: datetime) -> Lending:
    """Before its time: the seats that lent staff were given there and that begin later open again, and are passed on;
    what volunteers have said yes to stays theirs. Or, by nobody, because its time is over.
    """
    found = hold(lending_id)
    if found.status not in {LendingStatus.PROPOSED, LendingStatus.AGREED}:
        return found
    if by is None and found.period.upper > now:
        return found
    may_step(found, LendingStatus.ENDED)
    people = list(found.people.filter(binds=True).select_related("volunteer"))
    reopen(queries.duty_seats([one.volunteer_id for one in people], found.taker, now, found.period.upper), now)
    let_go(found, people, now)
    write(found, status=LendingStatus.ENDED, closed_by=by, closed_at=now)
    if by:
        told.ended(found, people, by, now)
    return found


def let_go(found: Lending, people: Sequence[LentPerson], now: datetime) -> None:
    """The people are their community's own again."""
    until = TimestamptzRange(found.period.lower, now, "[)")
    begun = found.period.lower < now < found.period.upper
    LentPerson.objects.filter(pk__in=[one.pk for one in people]).update(binds=False)
    if begun:
        write(found, period=until)
    Enrolment.objects.filter(pk__in=[one.enrolment_id for one in people], ended_at=None).update(ended_at=now)


def reopen(seats: Sequence[SignUp], now: datetime) -> None:
    """Those in line, then the reserves, are asked; each whose seat it was is told."""
    for call in sorted({seat.shift.call_up_id or 0 for seat in seats}):
        lock_reserves(call or None)
    opened = [lock_signup(seat.pk) for seat in seats]
    for signup in opened:
        end_seat(signup, SignUpStatus.CANCELLED, now, reason="lending_ended")
    messages.cancelled(opened, now)
