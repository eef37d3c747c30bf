"""Norms: written once, changed by a new version, so that every plan still has the one it was made with."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.db import transaction
from django.db.models import Max

from communities.errors import Invalid, Refused
from communities.models import User
from staffing.locks import patience
from staffing.models import NormProfile, PostRule, Role
from staffing.phrases import field_error
from staffing.queries.norms import norm_of
from staffing.rules.norms import errors

PRESETS = Path(__file__).resolve().parent.parent / "presets" / "norms.json"
KEPT = {"id", "area", "slug", "version", "current", "changed_by", "created_at"}
FIELDS = tuple(field.name for field in NormProfile._meta.concrete_fields if field.name not in KEPT)


@dataclass(frozen=True, slots=True)
class RulePlan:
    """What a rule shall be; `per` and `quantity` from 1."""

    role_id: int
    basis: str
    quantity: int = 1
    per: int = 1
    site_kind: str = ""
    counts: bool = True
    person_kinds: Sequence[str] = ()
    agency_id: int | None = None
    block_hours: Decimal | None = None
    low: Decimal | None = None
    high: Decimal | None = None
    source: str = ""


def rule_plan(rule: PostRule) -> RulePlan:
    return RulePlan(**{name: getattr(rule, name) for name in RulePlan.__dataclass_fields__})


@transaction.atomic
def revise(
    profile_id: int,
    change: Mapping[str, Any],
    rules: Sequence[RulePlan] | None = None,
    *,
    area_id: int | None = None,
    by: User | None,
    now: datetime,
) -> NormProfile:
    """A new version with these fields changed, and with these rules if any are given. With `area_id` it becomes the
    area's own, and the one it was made from stays. What changes nothing makes no version.
    """
    old = hold(profile_id)
    own = area_id is not None and area_id != old.area_id
    if not old.current and not own:
        raise Refused("norm_outdated")
    before = [rule_plan(rule) for rule in old.rules.order_by("pk")]
    rules = before if rules is None else list(rules)
    if not own and rules == before and all(getattr(old, name) == value for name, value in change.items()):
        return old
    area = area_id if own else old.area_id
    NormProfile.objects.filter(area_id=area, slug=old.slug, current=True).update(  # type: ignore[misc]
        current=False
    )
    fields = {name: getattr(old, name) for name in FIELDS} | dict(change)
    return write(old.slug, fields, rules, area_id=area, by=by)


def hold(profile_id: int) -> NormProfile:
    with patience():
        return NormProfile.objects.select_for_update(no_key=True).get(pk=profile_id)


def write(
    slug: str, fields: Mapping[str, Any], rules: Sequence[RulePlan], *, area_id: int | None, by: User | None
) -> NormProfile:
    """The next version of the code in the area. Raises Invalid per field."""
    last = NormProfile.objects.filter(area_id=area_id, slug=slug).aggregate(  # type: ignore[misc]
        last=Max("version")
    )["last"]
    profile = NormProfile(slug=slug, area_id=area_id, version=(last or 0) + 1, changed_by=by, **fields)
    check(profile, rules)
    profile.save()
    PostRule.objects.bulk_create(rule_of(profile, plan) for plan in rules)
    return profile


def rule_of(profile: NormProfile, plan: RulePlan) -> PostRule:
    return PostRule(profile=profile, **asdict(plan) | {"person_kinds": list(plan.person_kinds)})


def check(profile: NormProfile, rules: Sequence[RulePlan]) -> None:
    roles = Role.objects.in_bulk({plan.role_id for plan in rules})
    if len(roles) < len(rules):
        raise Invalid(rules=field_error("role_twice"))
    rows = [PostRule(role=roles[plan.role_id], **without_role(plan)) for plan in rules]
    try:
        norm = norm_of(profile, rows)
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise Invalid(ranges=field_error("unreadable")) from error
    if found := errors(norm):
        raise Invalid(**{name: field_error(code) for name, code in found.items()})


def without_role(plan: RulePlan) -> dict[str, Any]:
    return {name: value for name, value in asdict(plan).items() if name != "role_id"}


@transaction.atomic
def load_presets() -> list[NormProfile]:
    """The presets that are not there yet, with the roles they need; those that are stay as they are."""
    known = json.loads(PRESETS.read_text())
    for role in known["roles"]:
        Role.objects.get_or_create(slug=role["slug"], defaults=role)
    there = set(NormProfile.objects.presets().values_list("slug", flat=True))
    return [preset(each) for each in known["norms"] if each["slug"] not in there]


def preset(plain: dict[str, Any]) -> NormProfile:
    roles = {role.slug: role.pk for role in Role.objects.all()}
    rules = [RulePlan(role_id=roles[rule.pop("role")], **rule) for rule in plain.pop("rules")]
    return write(plain.pop("slug"), plain, rules, area_id=None, by=None)
