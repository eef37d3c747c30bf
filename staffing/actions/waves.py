"""A call told in waves: so many people at once as it takes to fill the gap, then the next ones, until it is filled."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from communities.errors import Invalid, Refused
from communities.models import GroupRobot, Message, User
from communities.queries.customs import customs_of
from communities.signals import message_posted
from communities.states import MessageStatus
from staffing.actions.callups import open_call, tell_groups
from staffing.locks import patience
from staffing.models import Asking, CallUp, Wave, WaveRun
from staffing.queries import waves
from staffing.queries.notices import still_missing
from staffing.rules.waves import (
    RATIO,
    WAIT,
    Asked,
    Decision,
    Outlook,
    Standing,
    Verdict,
    chance,
    decide,
    outlook,
    ratio,
    wait,
)
from staffing.states import CallStatus, RunStatus

MOST_WAIT = timedelta(hours=12)
LOOK_AGAIN = timedelta(minutes=1)  # when nobody is left to ask, but some may still say yes

# A message that was kept back before is due again; one that has left, or is about to, stays the only one.
TELL = """
    insert into communities_message
        (kind, key, reader_id, target, facts, queue, status, due_at, expires_at, channel, attempts, created_at)
    select 'call_up', %(key)s, x.reader, %(call_up)s, jsonb_build_object('wave', %(wave)s::bigint), 'callup', 'scheduled',
        %(due)s, %(until)s, %(channel)s, 0, %(now)s
    from unnest(%(readers)s::bigint[]) x (reader)
    on conflict on constraint message_once do update
    set facts = excluded.facts, status = 'scheduled', due_at = excluded.due_at, expires_at = excluded.expires_at,
        channel = excluded.channel, attempts = 0, claimed_until = null
    where communities_message.status = 'cancelled'
"""


@dataclass(frozen=True, slots=True)
class RunPlan:
    """How a call is told in waves. What is left out is learned, or as usual: `per_seat` people for one seat, minutes
    between waves, until sign-up ends; `channel` is tried first ("" is each reader's own), `groups` are told too.
    With a `team` its people alone are asked, and no groups are told.
    """

    per_seat: float | None = None
    wait_minutes: int | None = None
    until: datetime | None = None
    channel: str = ""
    groups: bool = True
    team: int | None = None

    @property
    def tells_groups(self) -> bool:
        return self.groups and self.team is None


@dataclass(frozen=True, slots=True)
class Preview:
    """The first wave in numbers, and what it rests on."""

    wave: Outlook
    audience: int
    gap: int
    per_seat: float
    chance: float
    wait_minutes: int
    until: datetime
    leaves_at: datetime  # later than now in quiet hours
    groups: int

    @property
    def for_one(self) -> float:
        """Of how many who are asked one comes, as far as is known: not what the plan says."""
        return 1 / self.chance


def preview(call_up: CallUp, plan: RunPlan, now: datetime) -> Preview:
    """What would happen; nothing is written. Raises Invalid for a plan that cannot be."""
    until = check(call_up, plan, now)
    past, gap = waves.habits(call_up, now), still_missing([call_up.pk], now).get(call_up.pk, 0)
    leaves_at, agreed = hours(call_up, now)
    audience = len(waves.candidates(call_up.pk, now, agreed=agreed, team=plan.team))
    per_seat = plan.per_seat or ratio(past)
    decision = decide(Standing(gap, now, until, past=past, per_seat=plan.per_seat, audience=audience), now)
    return Preview(
        wave=outlook(
            decision.people, chance(past), ahead=waves.ahead(now, call_up.pk), per_second=waves.per_second(plan.channel)
        ),
        audience=audience,
        gap=gap,
        per_seat=per_seat,
        chance=chance(past),
        wait_minutes=minutes(plan, call_up, past),
        until=until,
        leaves_at=leaves_at,
        groups=robots(call_up).count() if plan.tells_groups else 0,
    )


def robots(call_up: CallUp) -> QuerySet[GroupRobot]:
    """Of the chat groups that hear of the call."""
    return GroupRobot.objects.filter(area__path__startswith=call_up.community.path, active=True)


def check(call_up: CallUp, plan: RunPlan, now: datetime) -> datetime:
    """Until when the waves go on. Raises Invalid, field by field."""
    latest, errors = call_up.sign_up_until or call_up.ends_at, {}
    if plan.per_seat is not None and not RATIO[0] <= plan.per_seat <= RATIO[1]:
        errors["per_seat"] = _("A number from 1 to 50.")
    if plan.wait_minutes is not None and not 1 <= plan.wait_minutes <= MOST_WAIT.total_seconds() / 60:
        errors["wait_minutes"] = _("A whole number from 1 to 720.")
    if plan.until and not now < plan.until <= latest:
        errors["until"] = _("This has to be in the future, and not after sign-up ends.")
    if errors:
        raise Invalid(**errors)
    return plan.until or usual_end(call_up, now)


def usual_end(call_up: CallUp, now: datetime) -> datetime:
    """When the call begins; while it runs already, when sign-up ends."""
    latest = call_up.sign_up_until or call_up.ends_at
    return min(latest, call_up.starts_at) if call_up.starts_at > now else latest


def minutes(plan: RunPlan, call_up: CallUp, past: Asked) -> int:
    return plan.wait_minutes or int(wait(past, urgent=call_up.urgent).total_seconds() // 60)


def hours(call_up: CallUp, now: datetime) -> tuple[datetime, bool]:
    """When a wave of now leaves, and whether it goes only to those who agreed to be called at night."""
    loud = customs_of([call_up.community_id])[call_up.community_id].next_loud(now)
    return (now, True) if loud > now and call_up.urgent else (loud, False)


@transaction.atomic
def start(call_up_id: int, plan: RunPlan, *, by: User, now: datetime) -> WaveRun:
    """The first wave goes out now, the others by themselves. While one run is going, started again returns that one.

    Raises Refused: the call is not open, nobody is missing, or nobody is left to be asked. Invalid as `preview` does.
    """
    call_up, _until = open_call(call_up_id, now)
    if going := WaveRun.objects.filter(call_up=call_up, status=RunStatus.RUNNING).first():
        return going
    until, past = check(call_up, plan, now), waves.habits(call_up, now)
    run = WaveRun.objects.create(
        call_up=call_up,
        per_seat=plan.per_seat,
        wait_minutes=minutes(plan, call_up, past),
        channel=plan.channel,
        team_id=plan.team,
        until=until,
        next_at=now,
        started_by=by,
        started_at=now,
    )
    decision = act(run, now, groups=tell_groups(call_up, now, until) if plan.tells_groups else 0)
    if decision.verdict is not Verdict.SEND:
        raise Refused("nobody_missing" if decision.ends is RunStatus.FILLED else "nobody_to_ask")
    return run


def hold(run_id: int) -> WaveRun:
    """Two workers at one run take turns."""
    with patience():
        return WaveRun.objects.select_for_update(no_key=True).get(pk=run_id)


@transaction.atomic
def advance(run_id: int, now: datetime) -> Decision:
    """The next wave if it is due, or the end if it is reached. Twice is once."""
    run = hold(run_id)
    return act(run, now) if run.status == RunStatus.RUNNING else Decision(Verdict.END, ends=RunStatus(run.status))


def act(run: WaveRun, now: datetime, *, groups: int = 0) -> Decision:
    """Decide and do. Whom there is to ask is looked up only when somebody is wanted."""
    leaves_at, agreed = hours(run.call_up, now)
    standing = stand(run, now)
    decision = decide(standing, now)
    if decision.verdict is Verdict.SEND and leaves_at > now and standing.told:
        return put_off(run, leaves_at)
    if decision.verdict is Verdict.SEND:
        readers = waves.candidates(run.call_up_id, now, agreed=agreed, most=decision.people, team=run.team_id)
        decision = decide(replace(standing, audience=len(readers)), now)
        if decision.verdict is Verdict.SEND:
            send(run, readers, standing, leaves_at, now, groups)
        elif decision.verdict is Verdict.WAIT:
            return put_off(run, now + LOOK_AGAIN)
    if decision.ends:
        finish(run, decision.ends, now)
    return decision


def stand(run: WaveRun, now: datetime) -> Standing:
    call_up = run.call_up
    gap = still_missing([call_up.pk], now).get(call_up.pk) if call_up.status == CallStatus.OPEN else None
    told = [wave.told(now) for wave in waves.progress(run)]
    return Standing(gap, run.next_at, run.until, told, waves.habits(call_up, now), run.per_seat)


def put_off(run: WaveRun, until: datetime) -> Decision:
    WaveRun.objects.filter(pk=run.pk).update(next_at=until)
    return WAIT


def send(
    run: WaveRun, readers: Sequence[int], standing: Standing, leaves_at: datetime, now: datetime, groups: int
) -> Wave:
    """The wave and its messages together, so that a worker that dies has written all of it or nothing."""
    wave = Wave.objects.create(
        run=run,
        number=len(standing.told) + 1,
        gap=standing.gap or 0,
        chance=chance(standing.past, standing.told),
        people=len(readers),
        asked_at=now,
    )
    tell(wave, readers, leaves_at, now)
    Asking.objects.create(
        call_up=run.call_up, people=len(readers), groups=groups, asked_by=run.started_by, asked_at=now
    )
    run.next_at = leaves_at + timedelta(minutes=run.wait_minutes)
    run.save(update_fields=["next_at"])
    return wave


def tell(wave: Wave, readers: Sequence[int], due: datetime, now: datetime) -> None:
    run = wave.run
    values: dict[str, Any] = {
        "key": str(run.call_up_id),
        "call_up": run.call_up_id,
        "wave": wave.pk,
        "readers": list(readers),
        "channel": run.channel,
        "due": due,
        "until": run.until,
        "now": now,
    }
    with connection.cursor() as cursor:
        cursor.execute(TELL, values)
    transaction.on_commit(lambda: message_posted.send(sender=Message, queue="callup"), robust=True)


def finish(run: WaveRun, status: RunStatus, now: datetime, *, by: User | None = None) -> None:
    """Nothing of it leaves any more; what is on its way at this moment is kept back by the gate before the channel."""
    run.status, run.ended_at, run.stopped_by = status, now, by
    run.save(update_fields=["status", "ended_at", "stopped_by"])
    ids = list(run.waves.values_list("pk", flat=True))
    waiting = Message.objects.filter(kind="call_up", target=run.call_up_id, status=MessageStatus.SCHEDULED)
    waiting.filter(facts__wave__in=ids).update(status=MessageStatus.CANCELLED)


@transaction.atomic
def stop(call_up_id: int, *, by: User, now: datetime) -> WaveRun:
    """Nobody else is asked. What has not left can be asked again in a later run. Stopped twice is stopped once.

    Raises Refused if the call has never been told in waves.
    """
    found = waves.latest(call_up_id)
    if not found:
        raise Refused("no_waves")
    run = hold(found.pk)
    if run.status == RunStatus.RUNNING:
        finish(run, RunStatus.STOPPED, now, by=by)
    return run
