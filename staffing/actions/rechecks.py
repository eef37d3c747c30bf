"""After a change of zones, policies or passes: every future seat in reach is looked at again.

One transaction per shift, each writing what it found together with its effect: a run that was cut off goes on where it
stopped, and running again changes nothing. People are told when all is done, once each.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F, QuerySet

from communities.actions import zones
from communities.actions.zones import Decree, Target
from communities.errors import Busy
from communities.models import User, ZonePolicy, ZoneStatus
from staffing.actions import offers, seats
from staffing.locks import lock_volunteers, patience
from staffing.messages import zones as messages
from staffing.models import RecheckedSeat, SignUp, ZoneRecheck
from staffing.queries import rechecks as queries
from staffing.queries.reach import Case
from staffing.queries.rechecks import Figures
from staffing.rules.reach import barred, verdict
from staffing.signals import recheck_opened
from staffing.states import HOLDS_SEAT, LOST, SignUpStatus, Verdict
from volunteers.models import AccessPass

type Finding = tuple[Case, Verdict, str]


def after_status(status: ZoneStatus, *, by: User | None, now: datetime) -> ZoneRecheck:
    """To be looked at again in a moment. What a sign-up in flight has read of the posts there no longer counts."""
    return begin(by, now, zone_status=status, area=status.area or status.compound.community)  # type: ignore[union-attr]


def after_policy(policy: ZonePolicy, *, by: User | None, now: datetime) -> ZoneRecheck:
    return begin(by, now, policy=policy, policy_version=policy.version)


def after_pass(revoked: AccessPass, *, by: User | None, now: datetime) -> ZoneRecheck:
    return begin(by, now, access_pass=revoked, area=revoked.area or revoked.compound.community)  # type: ignore[union-attr]


def begin(by: User | None, now: datetime, **cause: Any) -> ZoneRecheck:
    recheck = ZoneRecheck.objects.create(opened_by=by, opened_at=now, **cause)
    found = queries.in_reach(recheck)
    ZoneRecheck.objects.filter(pk=recheck.pk).update(seats=found.count())
    seats.bump(queries.shifts_near(recheck), now)
    transaction.on_commit(lambda: recheck_opened.send(sender=ZoneRecheck, recheck_id=recheck.pk), robust=True)
    return recheck


def run(recheck_id: int, now: datetime) -> bool:
    """Look at all that has not been looked at; True when nothing is left. A shift that is busy is left for the next run."""
    recheck = ZoneRecheck.objects.select_related("zone_status", "policy", "access_pass").get(pk=recheck_id)
    for shift_id in queries.shifts_left(recheck):
        try:
            look_again(recheck, shift_id, now)
        except Busy:
            continue
    return finish(recheck, now)


@transaction.atomic
def look_again(recheck: ZoneRecheck, shift_id: int, now: datetime) -> None:
    """The sign-ups of one shift: people first, then their rows, as everywhere."""
    left = queries.left(recheck).filter(shift_id=shift_id)
    lock_volunteers(left.values_list("volunteer_id", flat=True))
    with patience():
        rows = {row.pk: row for row in left.order_by("pk").select_for_update(of=("self",), no_key=True)}
    findings = [found(case) for case in queries.cases_of(rows, now)]
    give_up([rows[case.signup] for case, seen, _code in findings if seen in LOST], now)
    RecheckedSeat.objects.bulk_create(
        RecheckedSeat(
            recheck=recheck,
            sign_up_id=case.signup,
            verdict=seen,
            code=code,
            held_seat=case.status in HOLDS_SEAT,
        )
        for case, seen, code in findings
    )
    ZoneRecheck.objects.filter(pk=recheck.pk).update(checked=F("checked") + len(findings))


def found(case: Case) -> Finding:
    barrier = barred(case.kind, case.home, case.place, case.passes, case.when)
    return case, verdict(case.status, barrier, case.home, case.place, case.approved), barrier.code if barrier else ""


def give_up(lost: Sequence[SignUp], now: datetime) -> None:
    """These cannot come: all that is to be said about their seats is taken back, and the seats go to those in line."""
    ids = [signup.pk for signup in lost]
    SignUp.objects.filter(pk__in=ids).update(
        status=SignUpStatus.CANCELLED, reason="zone_change", respond_by=None, changed_at=now
    )
    messages.unsay(ids)
    posts: defaultdict[int, list[SignUp]] = defaultdict(list)
    for signup in lost:
        posts[signup.post_id].append(signup)
    for post_id, gone in sorted(posts.items()):
        if waited := sum(signup.status == SignUpStatus.WAITLISTED for signup in gone):
            seats.leave_line(post_id, waited)
        hand_on([signup for signup in gone if signup.status in HOLDS_SEAT], now)


def hand_on(held: Sequence[SignUp], now: datetime) -> None:
    """Seats of one post: back to it in one statement where nobody waits, else one by one to the next who may come."""
    if held and not seats.give_all_back(held):
        for signup in held:
            offers.pass_on(signup, now)


@transaction.atomic
def finish(recheck: ZoneRecheck, now: datetime) -> bool:
    """Nothing is left: those who lost a seat are told, and the leads get the repair list. Told again is told once."""
    if queries.left(recheck).exists():
        return False
    ZoneRecheck.objects.unfinished().filter(pk=recheck.pk).update(finished_at=now)
    messages.lost(recheck, now)
    messages.repair(recheck, now)
    return True


def foresee(target: Target, decree: Decree, *, by: User, now: datetime) -> Figures:
    """What a decree would do, in numbers: set, looked at, and undone. Raises what setting it would raise."""
    with transaction.atomic():
        status = zones.enact(target, decree, by=by, now=now)
        recheck = ZoneRecheck(zone_status=status, opened_at=now)
        figures = tally(queries.in_reach(recheck), now)
        transaction.set_rollback(True)
    return figures


def tally(signups: QuerySet[SignUp], now: datetime) -> Figures:
    rows = {row.pk: row for row in signups.only("pk", "period")}
    return queries.add_up(
        (seen, case.status in HOLDS_SEAT, case.volunteer)
        for case, seen, _code in map(found, queries.cases_of(rows, now))
    )
