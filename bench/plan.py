"""The plan of the story applied: 17 points, 212 seats and an open call from residents and a window."""

import time
from collections.abc import Iterator
from datetime import timedelta

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from bench import world
from bench.figures import Figure, at_most, exactly, median
from bench.system import System
from communities.models import Compound, User
from staffing.actions import plans, rounds
from staffing.demo import catalogue
from staffing.models import DemandPlan, Post
from staffing.queries.norms import nearest, norm_of
from staffing.rules.demand import Place
from staffing.states import Crewing

TIMES = 15
PEOPLE = ((4300, 1850), (3700, 1592))
INSURED = plans.Words(insured=True)


def run(system: System) -> Iterator[Figure]:
    catalogue.norms()
    lead = User.objects.create_user(name="王演示", phone=f"+8612{next(world.serial):09d}")
    seconds: list[float] = []
    seats: set[int] = set()
    for _time in range(TIMES):
        plan = saved(lead)
        begun = time.perf_counter()
        call = plans.apply(plan.pk, by=lead, now=timezone.now(), words=INSURED, publish=True).call
        seconds.append(time.perf_counter() - begun)
        seats.add(sum(Post.objects.filter(shift__call_up=call, role__counted=True).values_list("seats", flat=True)))
    yield at_most("plan.apply", median(seconds) * 1000, "ms", bar=300, note=f"17 points, {seats} seats, {TIMES} times")
    yield at_most("plan.apply.statements", statements(lead), "", bar=25)
    yield exactly("plan.apply.seats", float(seats == {212}), 1.0)
    yield from again(plan, lead)


def saved(lead: User) -> DemandPlan:
    """A new community's own plan, so that each is applied to empty ground."""
    where = world.place().community
    spots = [
        Place(Compound.objects.create(community=where, name=f"{residents}").pk, residents, households)
        for residents, households in PEOPLE
    ]
    profile = nearest(where, "dense-estate")
    start = timezone.now() + timedelta(hours=10)
    draft = plans.Draft(
        profile.pk,
        norm_of(profile),
        spots,
        start,
        start + timedelta(hours=6, minutes=30),
        available=22,
        crewing=Crewing.SAME_CREW,
        reason="街道同意",
    )
    return plans.save(rounds.begin(where.pk, "核酸检测", by=lead).pk, draft, by=lead, now=timezone.now())


def statements(lead: User) -> int:
    plan = saved(lead)
    with CaptureQueriesContext(connection) as queries:
        plans.apply(plan.pk, by=lead, now=timezone.now(), words=INSURED, publish=True)
    return len(queries)


def again(plan: DemandPlan, lead: User) -> Iterator[Figure]:
    """What is shown before a second application: that nothing changes."""
    plan = DemandPlan.objects.get(pk=plan.pk)
    begun = time.perf_counter()
    empty = plans.difference(plan).empty
    yield at_most("plan.difference", (time.perf_counter() - begun) * 1000, "ms", bar=300)
    yield exactly("plan.difference.empty", float(empty), 1.0)
