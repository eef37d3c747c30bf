"""After a change of zones, policies or passes: every future seat in reach is looked at again.

One transaction per shift, each writing what it found together with its effect: a run that was cut off goes on where it
stopped, and running again changes nothing. People are told when all is done, once each.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import QuerySet

from communities.actions import zones
from communities.actions.zones import Decree, Target
from communities.errors import Busy
from communities.models import User, ZonePolicy, ZoneStatus
from communities.queries.prepared import loaded, planned_once
from staffing.actions import deputies, offers, seats
from staffing.locks import hold_volunteers, patience
from staffing.messages import zones as messages
from staffing.models import SignUp, ZoneRecheck
from staffing.queries import rechecks as queries
from staffing.queries.reach import Case
from staffing.queries.rechecks import Figures
from staffing.rules.reach import barred, verdict
from staffing.signals import recheck_opened
from staffing.states import ALIVE, HOLDS_SEAT, LOST, SignUpStatus, Verdict
from volunteers.models import AccessPass, Volunteer

type Finding = tuple[Case, Verdict, str]


def after_status(status: ZoneStatus, *, by: User | None, now: datetime) -> ZoneRecheck:
    """To be looked at again in a moment. What a sign-up in flight has read of the posts there no longer counts."""
    return begin(by, now, zone_status=status, area=status.area or status.compound.community)  # type: ignore[union-attr]


def after_policy(policy: ZonePolicy, *, by: User | None, now: datetime) -> ZoneRecheck:
    return begin(by, now, policy=policy, policy_version=policy.version)


def after_pass(revoked: AccessPass, *, by: User | None, now: datetime) -> ZoneRecheck:
    return begin(by, now, access_pass=revoked, area=revoked.area or revoked.compound.community)  # type: ignore[union-attr]


def after_move(volunteer: Volunteer, *, by: User, now: datetime) -> ZoneRecheck | None:
    """None if the person has nothing to come. A sign-up of theirs in flight is over before they can have moved."""
    home = volunteer.residence.community if volunteer.residence else None
    recheck = ZoneRecheck(mover=volunteer, area=home, opened_by=by, opened_at=now)
    return opened(recheck) if queries.in_reach(recheck).exists() else None


def after_moves(volunteers: Sequence[int], *, by: User, now: datetime) -> list[ZoneRecheck]:
    """The same for many: one statement for all who have nothing to come."""
    coming = SignUp.objects.alive().filter(volunteer__in=volunteers, shift__ends_at__gt=now).values("volunteer")
    people = Volunteer.objects.filter(pk__in=coming).select_related("residence__community").order_by("pk")
    return [found for person in people if (found := after_move(person, by=by, now=now))]


def begin(by: User | None, now: datetime, **cause: Any) -> ZoneRecheck:
    recheck = opened(ZoneRecheck(opened_by=by, opened_at=now, **cause))
    seats.bump(queries.shifts_near(recheck), now)
    return recheck


def opened(recheck: ZoneRecheck) -> ZoneRecheck:
    recheck.seats = queries.in_reach(recheck).count()
    recheck.save()
    transaction.on_commit(lambda: recheck_opened.send(sender=ZoneRecheck, recheck_id=recheck.pk), robust=True)
    return recheck


def run(recheck_id: int, now: datetime) -> bool:
    """Look at all that has not been looked at; True when nothing is left. A shift that is busy is left for the next run."""
    recheck = ZoneRecheck.objects.select_related("zone_status__area", "policy", "access_pass").get(pk=recheck_id)
    with planned_once():
        for together in queries.left_by_shift(recheck):
            try:
                look_again(recheck.pk, together, now)
            except Busy:
                continue
    return finish(recheck, now)


@transaction.atomic
def look_again(recheck_id: int, seats_of: Mapping[int, int], now: datetime) -> None:
    """The sign-ups (with their people) of one shift: people first, then the rows, as everywhere.

    Who came second finds the same, so nothing happens twice.
    """
    hold_volunteers(seats_of.values())
    with patience():
        rows = {row.pk: row for row in loaded(SignUp, LEFT, ids=list(seats_of), alive=sorted(ALIVE))}
    findings = [found(case) for case in queries.cases_of(rows, now)]
    give_up([rows[case.signup] for case, seen, _code in findings if seen in LOST], now)
    remember(recheck_id, findings)


LEFT = "where id = any(%(ids)s::bigint[]) and status = any(%(alive)s::text[]) order by id for no key update"
REMEMBER = """
    with seen as (
        insert into staffing_recheckedseat (recheck_id, sign_up_id, verdict, code, held_seat)
        select %(recheck)s, x.*
        from unnest(%(signups)s::bigint[], %(verdicts)s::text[], %(codes)s::text[], %(held)s::bool[]) x
        on conflict (recheck_id, sign_up_id) do nothing
        returning 1
    )
    update staffing_zonerecheck set checked = checked + (select count(*) from seen) where id = %(recheck)s
"""


def remember(recheck_id: int, findings: Sequence[Finding]) -> None:
    """Write what was found, and how far the re-check has come."""
    columns: dict[str, Any] = {
        "recheck": recheck_id,
        "signups": [case.signup for case, _seen, _code in findings],
        "verdicts": [seen for _case, seen, _code in findings],
        "codes": [code for _case, _seen, code in findings],
        "held": [case.status in HOLDS_SEAT for case, _seen, _code in findings],
    }
    with connection.cursor() as cursor:
        cursor.execute(REMEMBER, columns)


def found(case: Case) -> Finding:
    barrier = barred(case.kind, case.home, case.place, case.passes, case.when)
    return case, verdict(case.status, barrier, case.home, case.place, case.approved), barrier.code if barrier else ""


def give_up(lost: Sequence[SignUp], now: datetime) -> None:
    """These cannot come: their seats go to those in line."""
    ids = [signup.pk for signup in lost]
    SignUp.objects.filter(pk__in=ids).update(
        status=SignUpStatus.CANCELLED, reason="zone_change", respond_by=None, changed_at=now
    )
    deputies.freed(ids, now)
    posts: defaultdict[int, list[SignUp]] = defaultdict(list)
    for signup in lost:
        posts[signup.post_id].append(signup)
    for post_id, gone in sorted(posts.items()):
        held = [signup for signup in gone if signup.status in HOLDS_SEAT]
        if held:
            offers.pass_on_all(held, now, gone=len(gone) - len(held))
        else:
            seats.leave_line(post_id, len(gone))


@transaction.atomic
def finish(recheck: ZoneRecheck, now: datetime) -> bool:
    """Nothing is left: those who lost a seat are told, and the leads get the repair list. Told again is told once."""
    if queries.left_by_shift(recheck):
        return False
    ZoneRecheck.objects.unfinished().filter(pk=recheck.pk).update(finished_at=now)
    messages.unsay(recheck)
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
