"""Shifts as the rules see them."""

from datetime import timedelta
from typing import Any

from django.db.models import Q

from communities.models import ZonePolicy, ZoneStatus
from staffing.models import Role, Shift
from staffing.rules.shifts import PostFacts, ShiftFacts


def zone_facts(shift: Shift) -> dict[str, Any]:
    """Whether the zones over the site allow this kind of place during the shift, and how many people at most."""
    site = shift.site
    over = Q(compound=site.compound_id, compound__isnull=False) | Q(area__in=site.area.ancestor_ids)
    levels = ZoneStatus.objects.during(shift.starts_at, shift.ends_at).filter(over).values("level")
    policies = list(ZonePolicy.objects.filter(level__in=levels))
    limits = [policy.gathering_limit for policy in policies if policy.gathering_limit]
    return {
        "allowed": all(not policy.allows or site.kind in policy.allows for policy in policies),
        "gathering_limit": min(limits, default=None),
    }


def shift_facts(shift: Shift) -> ShiftFacts:
    posts = shift.posts.select_related("role")
    call = shift.call_up
    return ShiftFacts(
        start=shift.starts_at,
        end=shift.ends_at,
        posts=[post_facts(post.role, post.seats) for post in posts],
        risks=bool(call and call.risks.strip()),
        protection=bool(call and call.protection.strip()),
        insured=bool(call and call.insured),
        briefing=bool(shift.briefing.strip()),
        override=bool(shift.override_reason),
        leader=shift.leader_id is not None,
        deputy=shift.deputy_id is not None,
        **zone_facts(shift),
    )


def post_facts(role: Role, seats: int) -> PostFacts:
    return PostFacts(str(role), seats, role.risky, role.leads, timedelta(minutes=role.max_block_minutes))
