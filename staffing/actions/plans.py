"""A demand plan: saved, compared with what stands, and applied as sites, shifts, posts and a call in one go."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import transaction
from django.db.models import Prefetch

from communities.errors import Invalid, Refusal, Refused
from communities.models import User
from staffing.actions import calls, readiness
from staffing.actions.plan_calls import Words, write_call
from staffing.actions.plan_shifts import Builder
from staffing.locks import lock_reserves, lock_volunteers, patience
from staffing.models import CallUp, DemandPlan, PlanOverride, PlanPlace, Post, SignUp
from staffing.phrases import field_error
from staffing.queries import plans as found
from staffing.rules.demand import Demand, Place, Window, compute
from staffing.rules.layout import Difference
from staffing.rules.norms import Norm, errors, written
from staffing.rules.shifts import interval_errors
from staffing.rules.steps import Override
from staffing.states import CallStatus, Crewing

MOST = 20_000  # the largest number that may be put in a formula's place


@dataclass(frozen=True, slots=True)
class Draft:
    """What a plan is made from: a norm's version, and its numbers as they are to count here."""

    profile: int
    norm: Norm
    places: Sequence[Place]
    starts_at: datetime
    ends_at: datetime
    available: int = 0
    overrides: Sequence[Override] = ()
    crewing: str = Crewing.STAGGERED
    reason: str = ""


def dry_run(draft: Draft, *, now: datetime) -> Demand:
    """The demand of the draft; nothing is stored. Raises Invalid per field."""
    check(draft, now)
    return compute(draft.norm, draft.places, Window(draft.starts_at, draft.ends_at), draft.available, draft.overrides)


def check(draft: Draft, now: datetime) -> None:
    wrong = errors(draft.norm) | interval_errors(draft.starts_at, draft.ends_at, now)
    keys = [place.key for place in draft.places]
    if not keys or len(set(keys)) < len(keys):
        wrong["places"] = "missing" if not keys else "place_twice"
    if any(not said.reason.strip() for said in draft.overrides):
        wrong["overrides"] = "reason_missing"
    if any(not least(said.key) <= said.value <= MOST for said in draft.overrides):
        wrong["overrides"] = "out_of_bounds"
    if wrong:
        raise Invalid(**{name: field_error(code) for name, code in wrong.items()})


def least(key: str) -> int:
    return 1 if key == "blocks" else 0


@transaction.atomic
def save(round_id: int, draft: Draft, *, by: User, now: datetime) -> DemandPlan:
    """The round's plan as the draft says; it keeps the numbers it is made with. What stands is not touched."""
    check(draft, now)
    with patience():
        plan = DemandPlan.objects.select_for_update(no_key=True).filter(round=round_id).first()
    plan = plan or DemandPlan(round_id=round_id, created_by=by, version=0, is_demo=by.is_demo)
    plan.norm_id, plan.numbers = draft.profile, written(draft.norm)
    plan.starts_at, plan.ends_at, plan.available = draft.starts_at, draft.ends_at, draft.available
    plan.crewing, plan.reason, plan.version = draft.crewing, draft.reason.strip()[:200], plan.version + 1
    plan.save()
    write_places(plan, draft.places)
    write_overrides(plan, draft.overrides, by, now)
    return plan


def write_places(plan: DemandPlan, places: Sequence[Place]) -> None:
    there = {at.compound_id: at for at in plan.places.all()}
    PlanPlace.objects.filter(plan=plan).exclude(compound__in=[place.key for place in places]).delete()
    for place in places:
        at = there.get(place.key) or PlanPlace(plan=plan, compound_id=place.key)
        counts = (place.residents, place.households, place.entrances)
        if at.pk is None or counts != (at.residents, at.households, at.entrances):
            at.residents, at.households, at.entrances = counts
            at.save()


def write_overrides(plan: DemandPlan, overrides: Sequence[Override], by: User, now: datetime) -> None:
    """Who said a number and when stays as long as number and reason do."""
    there = {each.key: each for each in plan.overrides.all()}
    PlanOverride.objects.filter(plan=plan).exclude(key__in=[said.key for said in overrides]).delete()
    for said in overrides:
        each = there.get(said.key) or PlanOverride(plan=plan, key=said.key)
        if each.pk is None or (each.value, each.reason) != (said.value, said.reason):
            each.value, each.reason, each.by, each.at = said.value, said.reason[:200], by, now
            each.save()


def draft_of(plan: DemandPlan) -> Draft:
    """What would make the plan as it is, with the numbers it has, whatever has become of its norm."""
    return Draft(
        profile=plan.norm_id,
        norm=found.norm_in(plan),
        places=found.places_of(plan),
        starts_at=plan.starts_at,
        ends_at=plan.ends_at,
        available=plan.available,
        overrides=found.overrides_of(plan),
        crewing=plan.crewing,
        reason=plan.reason,
    )


@dataclass(frozen=True, slots=True)
class Applied:
    call: CallUp
    difference: Difference


def difference(plan: DemandPlan) -> Difference:
    """What applying the plan now would change; empty if it stands as planned."""
    return found.difference_of(plan, found.demand_of(plan), found.ground_of(plan, found.norm_in(plan)))


@transaction.atomic
def apply(
    plan_id: int, *, by: User, now: datetime, words: Words | None = None, publish: bool = False, keep: bool = False
) -> Applied:
    """Make the plan stand: its sites, shifts, posts and the call; of what stands already only the difference.

    A seat that is somebody's is never dropped: raises Refused with whose they are, or with `keep` leaves those seats
    in place. Shifts whose times changed are moved, and their people asked (shift_moves.move). Applied again, nothing more
    happens. `publish` opens the call; raises Refused with all that is missing for that.
    """
    plan = hold(plan_id)
    if plan.ends_at <= now:
        raise Refused("past")
    demand, norm = found.demand_of(plan), found.norm_in(plan)
    needs_reason(plan, demand)
    hold_people(plan.call_up)
    ground = found.ground_of(plan, norm)
    change = settled(found.difference_of(plan, demand, ground), keep)
    if not found.wanted_of(plan, demand):
        raise Refused("no_posts")
    call = write_call(plan, demand, words, publish=publish, by=by, now=now)
    Builder(plan, call, ground, by, now, publish or call.status == CallStatus.OPEN).build(change)
    record(plan, call, by, now)
    return Applied(opened(call, by, now) if publish else call, change)


def record(plan: DemandPlan, call: CallUp, by: User, now: datetime) -> None:
    plan.call_up, plan.applied_version, plan.applied_at, plan.applied_by = call, plan.version, now, by
    plan.save(update_fields=["call_up", "applied_version", "applied_at", "applied_by"])


def opened(call: CallUp, by: User, now: datetime) -> CallUp:
    """A call made open has only to get its milestones; a draft of before is published with its shifts."""
    if call.status != CallStatus.OPEN:
        return calls.publish(call.pk, by=by, now=now)
    readiness.prepare(call, now=now)
    return call


def hold(plan_id: int) -> DemandPlan:
    """The plan, locked first and read then: a row that was waited for would come with the joins of before."""
    with patience():
        DemandPlan.objects.select_for_update(no_key=True).only("pk").get(pk=plan_id)
    places = Prefetch("places", PlanPlace.objects.select_related("compound"))
    rows = DemandPlan.objects.select_related("round__area", "norm", "call_up").prefetch_related(places, "overrides")
    return rows.get(pk=plan_id)


def needs_reason(plan: DemandPlan, demand: Demand) -> None:
    if demand.option(plan.crewing).needs_override and not plan.reason:
        raise Invalid(reason=field_error("reason_missing"))


def hold_people(call: CallUp | None) -> None:
    """Nobody signs up to, or leaves, the call's posts until the transaction ends."""
    if not call:
        return
    lock_volunteers(SignUp.objects.alive().filter(shift__call_up=call).values_list("volunteer_id", flat=True))
    lock_reserves(call.pk)
    with patience():
        list(Post.objects.filter(shift__call_up=call).order_by("pk").select_for_update(no_key=True).values_list("pk"))


def settled(change: Difference, keep: bool) -> Difference:
    if not change.blocked:
        return change
    names = found.holders(change.blocked)
    if not keep:
        raise Refused([blocked(post, names.get(post, [])) for post in change.blocked])
    held = found.held(change.blocked)
    fewer = [replace(each, new=held[each.post]) if each.post in held else each for each in change.fewer]
    return replace(change, fewer=tuple(each for each in fewer if each.new < each.old), blocked=())


def blocked(post: int, names: Sequence[str]) -> Refusal:
    return Refusal("seats_below_filled", {"post": post, "filled": len(names), "people": "、".join(names)})
