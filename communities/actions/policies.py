"""Writing down what a level of a zone means. Each change is a new version, and is felt where the level is in force."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from communities import signals
from communities.errors import Invalid, Refused
from communities.models import User, ZonePolicy
from communities.rules.reach import Zone, no_looser
from communities.states import Entry

RULES = ("entry", "residents_may_leave", "needs_approval", "allows", "pass_for")  # what a seat depends on


@dataclass(frozen=True, slots=True)
class PolicyPlan:
    """A level that is new."""

    scheme: int
    level: str
    name: str
    strictness: int
    entry: str
    name_en: str = ""
    residents_may_leave: bool = True
    needs_approval: bool = False
    allows: tuple[str, ...] = ()
    pass_for: tuple[str, ...] = ()
    gathering_limit: int | None = None
    release_days: int | None = None


def zone_of(policy: ZonePolicy) -> Zone:
    return Zone(
        entry=Entry(policy.entry),
        residents_may_leave=policy.residents_may_leave,
        needs_approval=policy.needs_approval,
        strictness=policy.strictness,
        allows=frozenset(policy.allows),
        pass_for=frozenset(policy.pass_for),
    )


@transaction.atomic
def add(plan: PolicyPlan, *, by: User, now: datetime) -> ZonePolicy:
    """Raises Invalid if the level is there already, Refused if it is looser than a less strict one of its scheme."""
    if ZonePolicy.objects.filter(level=plan.level).exists():
        raise Invalid(level=_("There is one of that name already."))
    values = {name: getattr(plan, name) for name in PolicyPlan.__slots__ if name != "scheme"}
    values |= {"allows": list(plan.allows), "pass_for": list(plan.pass_for)}
    policy = ZonePolicy(scheme_id=plan.scheme, **values)
    check(policy)
    policy.save()
    return policy


@transaction.atomic
def edit(policy_id: int, changes: Mapping[str, Any], *, by: User, now: datetime) -> ZonePolicy:
    """The next version. Where it changes who may serve, future seats are looked at again. Nothing changed is no version.

    Raises Refused if a stricter level of the scheme would let more people through.
    """
    policy = ZonePolicy.objects.select_for_update().get(pk=policy_id)
    changed = [name for name, value in changes.items() if getattr(policy, name) != value]
    if not changed:
        return policy
    for name in changed:
        setattr(policy, name, changes[name])
    check(policy)
    policy.version += 1
    policy.save()
    if set(changed) & set(RULES):
        signals.policy_changed.send(sender=ZonePolicy, policy=policy, by=by, now=now)
    return policy


def check(policy: ZonePolicy) -> None:
    others = ZonePolicy.objects.filter(scheme_id=policy.scheme_id).exclude(pk=policy.pk)
    for other in others:
        if other.strictness == policy.strictness:
            raise Invalid(strictness=_("Another level of the scheme is as strict."))
        stricter, looser = (policy, other) if policy.strictness > other.strictness else (other, policy)
        if not no_looser(zone_of(stricter), zone_of(looser)):
            raise Refused("policy_looser", stricter=str(stricter), looser=str(looser))
