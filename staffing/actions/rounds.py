"""Rounds: begun, repeated, measured; many shifts at once, and what their people are told before they start."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Max

from communities.errors import Invalid, Refusal, Refused
from communities.models import User
from staffing.actions import decisions, deputies, norms, plans, shifts
from staffing.actions.seats import bump
from staffing.models import ComingAgain, DemandPlan, NormProfile, Round, Shift, SignUp, WorkCount
from staffing.phrases import field_error
from staffing.queries.norms import nearest
from staffing.queries.rounds import measured, returners
from staffing.rules.deputies import Charge
from staffing.rules.recurrence import shifted
from staffing.states import ShiftStatus, SignUpStatus

MOST_SERVED = 20_000  # by one person in one block


@transaction.atomic
def create_all(plans: Sequence[shifts.ShiftPlan], *, by: User, now: datetime) -> list[Shift]:
    """Draft shifts at all these sites, or none: 17 points in one go."""
    return [shifts.create(plan, by=by, now=now) for plan in plans]


@dataclass(frozen=True, slots=True)
class Brief:
    """Who leads a shift and who stands in, what people hear before they start, and why the block may be longer than usual."""

    leader: int | None = None
    briefing: str = ""
    briefing_en: str = ""
    override_reason: str = ""
    deputy: int | None = None


@transaction.atomic
def brief(shift_id: int, words: Brief, *, by: User, now: datetime) -> Shift:
    """Change these on a shift that is not over. Nobody has to say yes again for it."""
    shift = shifts.hold(shift_id)
    if shift.status in {ShiftStatus.FINISHED, ShiftStatus.CANCELLED}:
        raise Refused("invalid_transition", status=shift.status)
    if words.override_reason != shift.override_reason:
        shift.override_by = by if words.override_reason else None
    shift.override_reason = words.override_reason
    shift.briefing, shift.briefing_en = words.briefing, words.briefing_en
    shift.save(update_fields=["briefing", "briefing_en", "override_reason", "override_by"])
    deputies.put(shift, Charge(words.leader, words.deputy), now)
    bump([shift.pk], now)
    return shift


@transaction.atomic
def begin(
    area_id: int, kind: str, *, kind_en: str = "", no: int | None = None, deadline: datetime | None = None, by: User
) -> Round:
    """A round of this kind in the area: the next number, if none is given. Begun again with its number, the first."""
    if not kind.strip():
        raise Invalid(kind=field_error("missing"))
    known = {"kind_en": kind_en, "deadline": deadline, "created_by": by, "is_demo": by.is_demo}
    if no is None:
        last = Round.objects.filter(area=area_id, kind=kind).aggregate(last=Max("no"))["last"]
        no = (last or 0) + 1
    return Round.objects.get_or_create(area_id=area_id, kind=kind, no=no, defaults=known)[0]


@transaction.atomic
def repeat(round_id: int, day: date, *, zone: ZoneInfo, by: User, now: datetime) -> DemandPlan:
    """The next round, planned as this one at the same clock time of another day. Repeated to the same day, the first."""
    old = DemandPlan.objects.select_related("round").get(round=round_id)
    start, end = shifted(old.starts_at, old.ends_at, day, zone)
    one = old.round
    again = DemandPlan.objects.filter(round__area=one.area_id, round__kind=one.kind, starts_at=start, ends_at=end)
    if found := again.first():
        return found
    following = begin(one.area_id, one.kind, kind_en=one.kind_en, by=by)
    return plans.save(following.pk, replace(plans.draft_of(old), starts_at=start, ends_at=end), by=by, now=now)


@transaction.atomic
def come_again(signup_id: int, *, now: datetime) -> ComingAgain:
    """The person wishes to be asked for the next round too. Raises Refused before they have been there."""
    signup = SignUp.objects.get(pk=signup_id)
    if signup.status not in {SignUpStatus.CHECKED_IN, SignUpStatus.COMPLETED}:
        raise Refused("too_early")
    return ComingAgain.objects.get_or_create(sign_up=signup, defaults={"said_at": now})[0]


@dataclass(frozen=True, slots=True)
class Invitations:
    """Who was invited, and who could not be, with the reasons."""

    invited: Sequence[SignUp]
    refused: Sequence[tuple[SignUp, Sequence[Refusal]]]


def invite_again(round_id: int, *, by: User, now: datetime) -> Invitations:
    """Everybody who said after the round before that they would come again is invited to their place of then.

    Each in a transaction of its own. An invitation books nothing; invited again, nobody gets a second one.
    """
    plan = DemandPlan.objects.select_related("round", "call_up").get(round=round_id)
    invited, refused = [], []
    for signup, post in returners(plan):
        try:
            if not post:
                raise Refused("no_open_post")
            invited.append(decisions.invite(post, signup.volunteer_id, by=by, now=now))
        except Refused as error:
            refused.append((signup, error.reasons))
    return Invitations(invited, refused)


@transaction.atomic
def count_work(signup_id: int, number: int, *, by: User, now: datetime) -> WorkCount:
    """How many people were served at the seat; counted again, the newest number stands.

    Raises Refused before the person has been there, Invalid for a number that nobody could serve.
    """
    if SignUp.objects.get(pk=signup_id).status not in {SignUpStatus.CHECKED_IN, SignUpStatus.COMPLETED}:
        raise Refused("too_early")
    if not 0 <= number <= MOST_SERVED:
        raise Invalid(number=field_error("out_of_bounds"))
    fields = {"number": number, "entered_by": by, "entered_at": now}
    return WorkCount.objects.update_or_create(sign_up_id=signup_id, defaults=fields)[0]


@transaction.atomic
def count_all(numbers: Mapping[int, int], *, by: User, now: datetime) -> list[WorkCount]:
    """The numbers of several seats, by sign-up; all or none."""
    return [count_work(pk, number, by=by, now=now) for pk, number in sorted(numbers.items())]


@transaction.atomic
def measure(round_id: int, *, by: User, now: datetime) -> Round:
    """Store how fast the round's lanes were. Raises Refused if nobody has served on them yet."""
    one = Round.objects.select_for_update(no_key=True).get(pk=round_id)
    found = measured(DemandPlan.objects.get(round=one))
    if not found:
        raise Refused("nothing_measured")
    one.measured_rate = Decimal(found.rate.numerator) / Decimal(found.rate.denominator)
    one.measured_seats, one.measured_at = found.seats, now
    one.save(update_fields=["measured_rate", "measured_seats", "measured_at"])
    one.refresh_from_db()
    return one


@transaction.atomic
def adopt(round_id: int, *, by: User, now: datetime) -> NormProfile:
    """Take the measured rate into the area's own norm, as a new version; what was planned before keeps its numbers."""
    one = Round.objects.select_related("area", "plan__norm").get(pk=round_id)
    if one.measured_rate is None:
        raise Refused("nothing_measured")
    norm = nearest(one.area, one.plan.norm.slug) or one.plan.norm
    return norms.revise(norm.pk, {"lane_rate": one.measured_rate}, area_id=one.area_id, by=by, now=now)
