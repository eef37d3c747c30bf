"""What each kind of message needs to be told, and when it is out of date."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from communities.messages.kinds import Claimed, Context
from communities.models import User
from communities.queries.customs import customs_of
from communities.rules.customs import Customs
from communities.rules.names import first_name
from staffing.models import Milestone, Reply, SignUp
from staffing.queries.notices import OpenCall, Seat, open_calls, seats_of, site_names
from staffing.queries.readiness import counts, rule_of
from staffing.rules.readiness import Count, met
from staffing.states import ALIVE, Aim, CallReply, ShiftStatus, SignUpStatus


@dataclass(frozen=True, slots=True)
class Before:
    """What a shift was before it changed."""

    start: datetime
    end: datetime
    site: tuple[str, str]


@dataclass(frozen=True, slots=True)
class About:
    kind: str
    seat: Seat
    old: Before | None = None


def about_seats(
    true: Callable[[Claimed, Seat, datetime], bool], messages: Sequence[Claimed], now: datetime
) -> Mapping[int, About]:
    """Messages about a sign-up of which `true` still holds, and whose owner has not withdrawn consent."""
    seats = seats_of({message.target for message in messages})
    sites = site_names({message.facts["old_site"] for message in messages if "old_site" in message.facts})
    return {
        message.id: About(message.kind, seat, before(message, sites))
        for message in messages
        if (seat := seats.get(message.target)) and not seat.stopped and true(message, seat, now)
    }


def before(message: Claimed, sites: Mapping[int, tuple[str, str]]) -> Before | None:
    facts = message.facts
    if "old_start" not in facts:
        return None
    start, end = datetime.fromisoformat(facts["old_start"]), datetime.fromisoformat(facts["old_end"])
    return Before(start, end, sites.get(facts["old_site"], ("", "")))


def in_state(*statuses: SignUpStatus) -> Callable[[Sequence[Claimed], datetime], Mapping[int, About]]:
    return partial(about_seats, lambda _message, seat, _now: seat.status in statuses)


def still_offered(message: Claimed, seat: Seat, now: datetime) -> bool:
    """This very offer stands and can still be taken."""
    return seat.status == SignUpStatus.INVITED and seat.respond_by is not None and now < seat.respond_by


def still_changed(message: Claimed, seat: Seat, now: datetime) -> bool:
    """Nothing newer is on its way: a later change tells of this one too."""
    return seat.status in ALIVE and seat.duty.shift_status != ShiftStatus.CANCELLED


def still_due(message: Claimed, seat: Seat, now: datetime) -> bool:
    """A seat is held, and the shift starts when the reminder was written for."""
    held = seat.status in {SignUpStatus.SIGNED_UP, SignUpStatus.CONFIRMED}
    same = message.facts.get("start") == int(seat.start.timestamp())
    return held and same and now < seat.start and seat.duty.shift_status != ShiftStatus.CANCELLED


changed = partial(about_seats, still_changed)
offered = partial(about_seats, still_offered)
reminder = partial(about_seats, still_due)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked(Context):
    call: OpenCall
    name: str = ""
    message: int = 0  # of whoever is asked in person


def call_up(messages: Sequence[Claimed], now: datetime) -> Mapping[int, Asked]:
    """Of calls that are open and not full, to people who have not signed up since."""
    return {pk: asked for pk, asked in opened(messages, now).items() if asked.call.missing > 0}


def opened(messages: Sequence[Claimed], now: datetime) -> Mapping[int, Asked]:
    """Of calls that take people, full ones too, to people who have not answered since."""
    calls = open_calls({message.target for message in messages}, now)
    names = names_of({message.reader for message in messages if message.reader})
    done = answered({message.target for message in messages}, set(names))
    return {
        message.id: Asked(
            call=call,
            name=names.get(message.reader or 0, ""),
            message=message.id if message.reader else 0,
            customs=call.customs,
            urgent=call.urgent,
        )
        for message in messages
        if (call := calls.get(message.target)) and (message.target, message.reader) not in done
    }


def names_of(user_ids: set[int]) -> dict[int, str]:
    return {pk: first_name(name) for pk, name in User.objects.filter(pk__in=user_ids).values_list("pk", "name")}


def answered(call_up_ids: set[int], user_ids: set[int]) -> set[tuple[int, int]]:
    """(call, account) of those who have a place in the call, or said that they do not want one."""
    found = SignUp.objects.alive().filter(shift__call_up_id__in=call_up_ids, volunteer__user_id__in=user_ids)
    refused = Reply.objects.filter(call_up__in=call_up_ids, user__in=user_ids, said=CallReply.NOT_THIS_TIME)
    return {*found.values_list("shift__call_up_id", "volunteer__user_id"), *refused.values_list("call_up", "user")}


@dataclass(frozen=True, slots=True)
class Behind:
    """A milestone that was missed, as it stands now. Names are (Chinese, English)."""

    aim: Aim
    count: Count
    due: datetime
    in_place_by: datetime
    call_up: int
    activity: tuple[str, str]
    community: tuple[str, str]
    customs: Customs


def behind(messages: Sequence[Claimed], now: datetime) -> Mapping[int, Behind]:
    """Those that are still missed; what has been caught up with is no news."""
    rows = Milestone.objects.select_related("plan__call_up__community").in_bulk({one.target for one in messages})
    found = counts({row.plan.call_up_id for row in rows.values()})
    customs = customs_of({row.plan.call_up.community_id for row in rows.values()})
    return {
        message.id: missed(row, count, customs[row.plan.call_up.community_id])
        for message in messages
        if (row := rows.get(message.target))
        and (count := found.get(row.plan.call_up_id, {}).get(Aim(row.aim)))
        and not met(rule_of(row), count)
    }


def missed(row: Milestone, count: Count, customs: Customs) -> Behind:
    call = row.plan.call_up
    return Behind(
        aim=Aim(row.aim),
        count=count,
        due=row.due,
        in_place_by=row.plan.in_place_by,
        call_up=call.pk,
        activity=(call.activity, call.activity_en),
        community=(call.community.name, call.community.name_en),
        customs=customs,
    )
