"""Lending people to a community: proposed, approved by the unit, accepted with a role, agreed by the person, on duty.

Nobody decides about their own secondment, and nobody for both ends. What is asked again changes nothing.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import batched

from django.db import IntegrityError, transaction
from psycopg.types.range import TimestamptzRange

from communities.actions.accounts import give_name
from communities.errors import Forbidden, Invalid, Refusal, Refused
from communities.models import Area, Organisation, User
from communities.states import Level
from staffing.locks import hold_volunteers, lock_volunteer, patience
from staffing.messages import secondments as told
from staffing.models import Role, Secondment
from staffing.phrases import field_error
from staffing.queries import secondments as queries
from staffing.rules import secondments as rules
from staffing.rules.fatigue import Interval
from staffing.rules.periods import unfit
from staffing.rules.transitions import step
from staffing.states import SECONDMENT_BINDS, SECONDMENT_OPEN, SecondmentStatus
from volunteers.actions.people import affiliate, on_duty
from volunteers.models import Affiliation, Enrolment, Volunteer
from volunteers.states import Channel, PersonKind

BATCH = 1000


@dataclass(frozen=True, slots=True)
class Loan:
    """Who is lent by whom to where, over [start, end)."""

    volunteer: int
    organisation: int
    area: int
    start: datetime
    end: datetime
    role: int | None = None
    request: int | None = None

    @property
    def period(self) -> TimestamptzRange:
        return TimestamptzRange(self.start, self.end, "[)")


@dataclass(slots=True)
class Outcome:
    """Of many, which are done and which stay as they were, with the reasons."""

    done: list[Secondment] = field(default_factory=list)
    stayed: dict[int, Sequence[Refusal]] = field(default_factory=dict)


def each(ids: Iterable[int], act: Callable[[int], Secondment]) -> Outcome:
    """One after the other, each whole or not at all; one that is refused does not keep the others."""
    outcome = Outcome()
    for pk in ids:
        try:
            outcome.done.append(act(pk))
        except Refused as refused:
            outcome.stayed[pk] = refused.reasons
    return outcome


def check_period(start: datetime, end: datetime, now: datetime) -> None:
    if code := unfit(start, end, now, longest=rules.LONGEST, too_long="lent_too_long"):
        raise Invalid(end=field_error(code))


@transaction.atomic
def propose(loan: Loan, *, by: User, now: datetime) -> Secondment:
    """The unit offers one of its people. Proposed again, returns the first. Raises Invalid(end=…), or Refused if the
    person is not theirs or already lent then.
    """
    check_period(loan.start, loan.end, now)
    lock_volunteer(loan.volunteer)
    if not belongs(loan.volunteer, loan.organisation):
        raise Refused("not_of_the_unit")
    return make(loan, by=by, now=now)


def belongs(volunteer_id: int, organisation_id: int) -> bool:
    path = Organisation.objects.values_list("path", flat=True).get(pk=organisation_id)
    theirs = Affiliation.objects.filter(volunteer=volunteer_id, to_day=None, organisation__path__startswith=path)
    return theirs.exists()


def make(loan: Loan, *, by: User, now: datetime, **more: object) -> Secondment:
    """Under the person's lock."""
    others = Secondment.objects.open().filter(volunteer=loan.volunteer, period__overlap=(loan.start, loan.end))
    for other in others:
        if (other.organisation_id, other.area_id, other.period) == (loan.organisation, loan.area, loan.period):
            return other
        raise Refused("already_lent")
    return Secondment.objects.create(**columns(loan), proposed_by=by, proposed_at=now, is_demo=by.is_demo, **more)


def columns(loan: Loan) -> dict[str, object]:
    return {
        "volunteer_id": loan.volunteer,
        "organisation_id": loan.organisation,
        "area_id": loan.area,
        "period": loan.period,
        "role_id": loan.role,
        "request_id": loan.request,
    }


@transaction.atomic
def propose_homes(
    organisation_id: int, start: datetime, end: datetime, *, by: User, now: datetime, people: Iterable[int] = ()
) -> int:
    """Offer everybody on the unit's list (or these people) to the community where they live; how many.

    Left out: who is lent then already, and whose home is not known.
    """
    check_period(start, end, now)
    path = Organisation.objects.values_list("path", flat=True).get(pk=organisation_id)
    staff = Affiliation.objects.filter(to_day=None, organisation__path__startswith=path)
    staff = staff.filter(volunteer__residence__isnull=False)
    if people:
        staff = staff.filter(volunteer__in=list(people))
    homes = dict(staff.order_by("pk").values_list("volunteer", "volunteer__residence__community"))
    hold_volunteers(homes)
    lent = Secondment.objects.open().filter(volunteer__in=list(homes), period__overlap=(start, end))
    for volunteer in lent.values_list("volunteer", flat=True):
        homes.pop(volunteer, None)
    loans = [Loan(person, organisation_id, area, start, end) for person, area in homes.items()]
    rows = [Secondment(**columns(loan), proposed_by=by, proposed_at=now, is_demo=by.is_demo) for loan in loans]
    Secondment.objects.bulk_create(rows, batch_size=BATCH)
    return len(rows)


@transaction.atomic
def report_in(
    organisation_id: int, area_id: int, end: datetime, *, by: User, name: str = "", now: datetime
) -> Secondment:
    """The account's owner reports in on the spot (报到), for duty from now on: agreed by themselves, for the unit to
    confirm in time. Raises Invalid(end=…), or Refused if they are lent already.
    """
    check_period(now, end, now)
    person = on_duty(give_name(by, name))
    lock_volunteer(person.pk)
    if (
        waiting := Secondment.objects.open()
        .filter(volunteer=person, organisation=organisation_id, area=area_id)
        .first()
    ):
        return waiting
    enrol_with(person.pk, Area.objects.get(pk=area_id), Channel.WEB, by)
    how = {"on_the_spot": True, "acknowledged_at": now, "confirm_by": now + rules.CONFIRM_WITHIN}
    made = make(Loan(person.pk, organisation_id, area_id, now, end), by=by, now=now, **how)
    told.reported(made, now)
    return made


def enrol_with(volunteer_id: int, area: Area, channel: str, by: User) -> None:
    """From here on the community may see them."""
    if area.level != Level.COMMUNITY:
        return
    Enrolment.objects.get_or_create(
        volunteer_id=volunteer_id, community_id=area.pk, ended_at=None, defaults={"channel": channel, "entered_by": by}
    )


def hold(secondment_id: int) -> Secondment:
    """The person first, as everywhere, then the secondment as it is now."""
    lock_volunteer(Secondment.objects.values_list("volunteer_id", flat=True).get(pk=secondment_id))
    with patience():
        rows = Secondment.objects.select_related("volunteer__user", "area", "organisation", "role")
        return rows.select_for_update(of=("self",), no_key=True).get(pk=secondment_id)


def not_oneself(found: Secondment, by: User) -> None:
    if found.volunteer.user_id == by.pk:
        raise Forbidden("own_secondment")


def may_step(found: Secondment, there: SecondmentStatus) -> None:
    if refusal := step(SecondmentStatus(found.status), there):
        raise Refused(refusal)


def write(found: Secondment, **fields: object) -> Secondment:
    for name, value in fields.items():
        setattr(found, name, value)
    found.save(update_fields=list(fields))
    return found


@transaction.atomic
def approve(secondment_id: int, *, by: User, now: datetime) -> Secondment:
    """The unit lends the person. Of somebody who reported in first, it confirms that they are one of its people.

    Approved again, returns it as it is.
    """
    found = hold(secondment_id)
    not_oneself(found, by)
    if found.approved_at:
        return found
    if found.accepted_by_id == by.pk:
        raise Forbidden("both_ends")
    if found.status == SecondmentStatus.PROPOSED:
        write(found, status=SecondmentStatus.APPROVED)
    elif not (found.on_the_spot and found.status in SECONDMENT_BINDS):
        raise Refused("invalid_transition", status=found.status)
    if found.on_the_spot and not belongs(found.volunteer_id, found.organisation_id):
        affiliate(found.volunteer, found.organisation_id)
    return write(found, approved_by=by, approved_at=now)


def approve_all(ids: Sequence[int], *, by: User, now: datetime) -> Outcome:
    """Like `approve` for each; offers that wait for nothing but the unit's word by the thousand, in few statements."""
    plain = [found for some in batched(ids, BATCH, strict=False) for found in approve_plain(some, by, now)]
    known = {found.pk for found in plain}
    others = each([pk for pk in ids if pk not in known], lambda pk: approve(pk, by=by, now=now))
    return Outcome(plain + others.done, others.stayed)


@transaction.atomic
def approve_plain(ids: Sequence[int], by: User, now: datetime) -> list[Secondment]:
    """Of these, the offers of other people whom nobody has received yet, approved."""
    plain = Secondment.objects.filter(pk__in=ids, status=SecondmentStatus.PROPOSED, on_the_spot=False)
    plain = plain.exclude(volunteer__user=by)
    hold_volunteers(plain.values_list("volunteer", flat=True))
    with patience():
        held = list(plain.select_for_update(of=("self",), no_key=True).order_by("pk"))
    approved = {"status": SecondmentStatus.APPROVED, "approved_by": by, "approved_at": now}
    Secondment.objects.filter(pk__in=[found.pk for found in held]).update(**approved)
    return held


@transaction.atomic
def accept(secondment_id: int, role_id: int, *, by: User, now: datetime) -> Secondment:
    """The community receives the person for a role. Raises Refused with every reason against it.

    Before the unit has approved, only somebody who has reported in on the spot. Accepted again, returns it as it is.
    """
    found = hold(secondment_id)
    not_oneself(found, by)
    if found.accepted_at and found.status in SECONDMENT_BINDS:
        return found
    may_accept(found, by)
    if reasons := against(found, role_id, now):
        raise Refused(reasons)
    enrol_with(found.volunteer_id, found.area, Channel.DESK, by)
    there = SecondmentStatus.ACKNOWLEDGED if found.acknowledged_at else SecondmentStatus.ACCEPTED
    try:
        with transaction.atomic():
            write(found, status=there, accepted_by=by, accepted_at=now, role_id=role_id)
    except IntegrityError as error:
        raise Refused("already_lent") from error
    told.accepted(found, now)
    return begin(found) if is_due(found, now) else found


def may_accept(found: Secondment, by: User) -> None:
    may_step(found, SecondmentStatus.ACCEPTED)
    if found.status == SecondmentStatus.PROPOSED and not found.on_the_spot:
        raise Refused("not_approved_yet")
    if found.approved_by_id == by.pk:
        raise Forbidden("both_ends")


def against(found: Secondment, role_id: int, now: datetime) -> list[Refusal]:
    start = max(found.period.lower, now)
    if start >= found.period.upper:
        return [Refusal("lent_time_is_over")]
    when = Interval(start, min(start + timedelta(hours=1), found.period.upper))
    person = queries.lent([found.volunteer_id], when)[found.volunteer_id]
    requires = Role.objects.get(pk=role_id).requires.values_list("slug", flat=True)
    return rules.against(person, list(requires), queries.places_of(found.area, when), when, start.date())


@transaction.atomic
def acknowledge(secondment_id: int, *, now: datetime) -> Secondment:
    """The person agrees. Once the community has accepted and the time has come, they are on duty."""
    found = hold(secondment_id)
    if found.acknowledged_at and found.status in SECONDMENT_OPEN:
        return found
    if found.status not in SECONDMENT_OPEN:
        raise Refused("invalid_transition", status=found.status)
    write(found, acknowledged_at=now)
    if found.status == SecondmentStatus.ACCEPTED:
        write(found, status=SecondmentStatus.ACKNOWLEDGED)
    told.answered(found)
    return begin(found) if is_due(found, now) else found


@transaction.atomic
def decline(secondment_id: int, *, now: datetime) -> Secondment:
    """The person says no before it begins. No reason is asked, and the unit is not told whose no it was."""
    found = hold(secondment_id)
    if found.status == SecondmentStatus.REJECTED:
        return found
    may_step(found, SecondmentStatus.REJECTED)
    told.answered(found)
    return write(found, status=SecondmentStatus.REJECTED, reason="not_free", ended_at=now)


@transaction.atomic
def turn_down(secondment_id: int, *, by: User, now: datetime, reason: str) -> Secondment:
    """The unit or the community says no, with one of RETURN_REASONS; before it begins."""
    if reason not in rules.RETURN_REASONS:
        raise Refused("reason_not_allowed")
    found = hold(secondment_id)
    not_oneself(found, by)
    if found.status == SecondmentStatus.REJECTED:
        return found
    may_step(found, SecondmentStatus.REJECTED)
    write(found, status=SecondmentStatus.REJECTED, reason=reason, ended_at=now)
    told.over([found], now)
    return found


@transaction.atomic
def withdraw(secondment_id: int, *, by: User, now: datetime) -> Secondment:
    """Whoever proposed it takes it back before the community has accepted."""
    found = hold(secondment_id)
    if found.status == SecondmentStatus.WITHDRAWN:
        return found
    may_step(found, SecondmentStatus.WITHDRAWN)
    told.answered(found)
    return write(found, status=SecondmentStatus.WITHDRAWN, ended_at=now)


@transaction.atomic
def renew(secondment_id: int, until: datetime, *, by: User, now: datetime) -> Secondment:
    """Propose that it goes on after its end; both ends and the person are asked anew."""
    old = hold(secondment_id)
    if old.status not in SECONDMENT_BINDS or old.recalled_at:
        raise Refused("invalid_transition", status=old.status)
    check_period(old.period.upper, until, now)
    loan = Loan(old.volunteer_id, old.organisation_id, old.area_id, old.period.upper, until, role=old.role_id)
    return make(loan, by=by, now=now, renews=old)


def is_due(found: Secondment, now: datetime) -> bool:
    return found.status == SecondmentStatus.ACKNOWLEDGED and found.period.lower <= now < found.period.upper


def begin(found: Secondment) -> Secondment:
    """On duty: seats of the community may be given to the person directly. What they do elsewhere ends first."""
    if Secondment.objects.active().filter(volunteer=found.volunteer_id).exists():
        return found
    person = found.volunteer
    if person.kind != PersonKind.SECONDED:
        found.kind_before = person.kind
    write(found, status=SecondmentStatus.ACTIVE, kind_before=found.kind_before)
    Volunteer.objects.filter(pk=person.pk).update(kind=PersonKind.SECONDED)
    return found


@transaction.atomic
def start(secondment_id: int, now: datetime) -> Secondment:
    found = hold(secondment_id)
    return begin(found) if is_due(found, now) else found


def close(found: Secondment, status: SecondmentStatus, now: datetime, **fields: object) -> Secondment:
    """Not on duty any more: the person is again who they were."""
    if found.status == SecondmentStatus.ACTIVE:
        Volunteer.objects.filter(pk=found.volunteer_id).update(kind=found.kind_before)
    return write(found, status=status, ended_at=now, **fields)


@transaction.atomic
def finish(secondment_id: int, now: datetime) -> Secondment:
    """Its time is over: what was agreed has ended or been recalled, what was not has come to nothing."""
    found = hold(secondment_id)
    if found.status not in SECONDMENT_OPEN or found.period.upper > now:
        return found
    if found.status not in SECONDMENT_BINDS:
        return close(found, SecondmentStatus.WITHDRAWN, now, reason="time_over")
    return close(found, SecondmentStatus.RECALLED if found.recalled_at else SecondmentStatus.ENDED, now)
