"""The checkpoints of a district, round the clock, whose posts several agencies share."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from communities.models import Area, Organisation, User
from staffing.actions import calls, shifts
from staffing.demo import nights, places
from staffing.models import CallUp, Role

QUARTER = timedelta(hours=6)
AGENCIES = {
    "police": ("示范公安分局", 2),
    "transport": ("示范交通局", 1),
    "health": ("示范卫健局", 1),
    "township": ("示范镇政府", 1),
}


def open_call(
    home: Area, midnight: datetime, organisations: Mapping[str, Organisation], lead: User, now: datetime
) -> CallUp:
    """11 checkpoints with five cadre seats in each quarter of the day, beside those of the agencies."""
    words = ("卡口值守", "Checkpoint duty") * 2
    plan = nights.call_plan(*words, midnight, midnight + 4 * QUARTER, contact_id=lead.pk)
    call = calls.create(home.pk, plan, by=lead, now=now)
    sites = [places.site(home, "checkpoint", f"{n}号卡口", f"Checkpoint {n}", no=n) for n in range(1, 12)]
    roles = {role.slug: role.pk for role in Role.objects.filter(slug__in=AGENCIES)}
    for quarter in range(4):
        start = midnight + quarter * QUARTER
        for site in sites:
            shift = nights.simple_shift(call, site, start, start + QUARTER, {"checkpoint": 5}, lead=lead, now=now)
            for slug, (name, number) in AGENCIES.items():
                post = shifts.PostPlan(roles[slug], number, agency=organisations[name].pk, person_kinds=("agency",))
                shifts.add_post(shift.pk, post, by=lead, now=now)
    calls.publish(call.pk, by=lead, now=now)
    return call
