"""Shifts as the rules see them."""

from datetime import timedelta

from staffing.models import Role, Shift
from staffing.rules.shifts import PostFacts, ShiftFacts


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
    )


def post_facts(role: Role, seats: int) -> PostFacts:
    return PostFacts(str(role), seats, role.risky, role.leads, timedelta(minutes=role.max_block_minutes))
