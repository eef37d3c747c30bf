"""A day of a rota, written: its shifts and seats in a handful of statements, then everybody on them one by one."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db.models import F

from communities.errors import Refused
from communities.models import User
from staffing.actions import decisions, offers
from staffing.actions.assignments import assign_together
from staffing.locks import hold_volunteers, lock_reserves
from staffing.models import Post, Rota, RotaDay, RotaMember, Shift
from staffing.queries import rotas as queries
from staffing.queries.shifts import shift_facts
from staffing.rules.rotas import Dealt, Free, Gap, Turn, fill
from staffing.rules.shifts import unready
from staffing.states import ShiftStatus
from volunteers.states import PersonKind

type Spot = tuple[int, int]  # shift of the day, site


@dataclass(slots=True)
class Publisher:
    """Writes one day."""

    rota: Rota
    day: date
    zone: ZoneInfo
    by: User
    now: datetime

    def publish(self, dealt: Dealt) -> RotaDay:
        posts = self.posts()
        turns = [turn for turn in dealt.turns if (turn.slot, turn.site) in posts]
        who = dict(RotaMember.objects.filter(pk__in=[turn.hand for turn in turns]).values_list("pk", "volunteer"))
        hold_volunteers(who.values())
        lock_reserves(self.rota.call_up_id)
        refused = place(posts, turns, who, self.by, self.now)
        self.offer(posts.values())
        gaps = with_refused([gap for gap in dealt.gaps if (gap.slot, gap.site) in posts], refused, self.day)
        return RotaDay.objects.create(
            rota=self.rota,
            day=self.day,
            seats=sum(post.seats for post in posts.values()),
            placed=len(turns) - len(refused),
            gaps=[{"slot": gap.slot, "site": gap.site, "seats": gap.seats, "reasons": gap.reasons} for gap in gaps],
            published_by=self.by,
            published_at=self.now,
        )

    def posts(self) -> dict[Spot, Post]:
        """The seats of the day by shift and site; those that are there (of a joint post, say) are used."""
        shifts = self.shifts()
        there = {post.shift_id: post for post in queries.seats_of(self.rota).filter(shift__in=shifts.values())}
        seats = dict(self.rota.sites.values_list("site_id", "seats"))
        new = [
            Post(shift=shift, role=self.rota.role, seats=seats[site], person_kinds=[PersonKind.SECONDED])
            for (_slot, site), shift in shifts.items()
            if shift.pk not in there
        ]
        there |= {post.shift_id: post for post in Post.objects.bulk_create(new)}
        self.open(shifts.values())
        return {spot: there[shift.pk] for spot, shift in shifts.items()}

    def shifts(self) -> dict[Spot, Shift]:
        """Of the day, those that are not over."""
        pattern = queries.pattern_of(self.rota, self.zone)
        blocks = [pattern.block(slot, self.day) for slot in range(len(self.rota.changes))]
        starts = {block.start: slot for slot, block in enumerate(blocks)}
        there = Shift.objects.filter(call_up=self.rota.call_up_id, starts_at__in=starts).exclude(
            status=ShiftStatus.CANCELLED
        )
        found = {(starts[shift.starts_at], shift.site_id): shift for shift in there}
        sites = list(self.rota.sites.values_list("site", flat=True))
        wanted = [(slot, site) for slot, block in enumerate(blocks) for site in sites if block.end > self.now]
        new = [spot for spot in wanted if spot not in found]
        rows = [
            Shift(
                call_up=self.rota.call_up,
                site_id=site,
                starts_at=blocks[slot].start,
                ends_at=blocks[slot].end,
                briefing=self.rota.briefing,
                briefing_en=self.rota.briefing_en,
                is_demo=self.rota.is_demo,
            )
            for slot, site in new
        ]
        found |= zip(new, Shift.objects.bulk_create(rows), strict=True)
        return {spot: found[spot] for spot in wanted}

    def open(self, shifts: Iterable[Shift]) -> None:
        """Drafts among them open, if they have all that people must know. One of them is asked for all that are new."""
        drafts = [shift for shift in shifts if shift.status == ShiftStatus.DRAFT]
        fresh = {(shift.briefing, shift.override_reason, shift.site_id): shift for shift in drafts}
        reasons = {why.code: why for shift in fresh.values() for why in unready(shift_facts(shift), self.now)}
        if reasons:
            raise Refused(list(reasons.values()))
        ids = [shift.pk for shift in drafts]
        Shift.objects.filter(pk__in=ids).update(status=ShiftStatus.OPEN, version=F("version") + 1)
        Post.objects.filter(shift__in=ids).update(version=F("version") + 1)
        last = max((shift.ends_at for shift in drafts), default=self.rota.call_up.ends_at)
        if last > self.rota.call_up.ends_at:
            self.rota.call_up.ends_at = last
            self.rota.call_up.save(update_fields=["ends_at"])

    def offer(self, posts: Iterable[Post]) -> None:
        """What nobody was placed on goes to the reserves of the call."""
        ids = [post.pk for post in posts]
        open_now = Post.objects.with_room().filter(pk__in=ids).select_related("shift").order_by("pk")
        for post in open_now:
            offers.open_to_reserves(post.shift, self.now)


def place(
    posts: Mapping[Spot, Post], turns: Sequence[Turn], who: Mapping[int, int], by: User, now: datetime
) -> list[tuple[Turn, str]]:
    """Everybody on a seat, as their duty; the turns that are refused at the last moment, with the code of the reason."""
    pairs = [(posts[turn.slot, turn.site].pk, who[turn.hand]) for turn in turns]
    stayed = assign_together(pairs, by=by, now=now).stayed
    return [(turn, stayed[who[turn.hand]][0].code) for turn in turns if who[turn.hand] in stayed]


def with_refused(gaps: Sequence[Gap], refused: Sequence[tuple[Turn, str]], day: date) -> list[Gap]:
    """The gaps with the seats of those who were refused."""
    seats: defaultdict[Spot, int] = defaultdict(int)
    reasons: defaultdict[Spot, dict[str, int]] = defaultdict(dict)
    for gap in gaps:
        seats[gap.slot, gap.site] += gap.seats
        reasons[gap.slot, gap.site] |= dict(gap.reasons)
    for turn, code in refused:
        spot = turn.slot, turn.site
        seats[spot] += 1
        reasons[spot][code] = reasons[spot].get(code, 0) + 1
    return [Gap(day, *spot, seats[spot], tuple(reasons[spot].items())) for spot in sorted(seats)]


def mend(rota: Rota, day: date, *, by: User, now: datetime) -> int:
    """A day that stands, after something has changed: who is away or has the day off gives up the seat, which goes to
    the reserves first and then to those of the rota who have no shift that day. Returns how many stand in.

    The rota is held. Seats of shifts that have begun are left as they are.
    """
    zone = queries.zone_of(rota)
    posts = posts_of(rota, day, zone, now)
    hands = queries.hands_of(rota, day, day, zone)
    who = dict(RotaMember.objects.filter(pk__in=[hand.id for hand in hands]).values_list("pk", "volunteer"))
    leaving = list(queries.giving_up(rota, day, [post.pk for post in posts.values()]))
    hold_volunteers({*who.values(), *(seat.volunteer_id for seat in leaving)})
    lock_reserves(rota.call_up_id)
    for seat in leaving:
        decisions.cancel(seat.pk, by=by, now=now, reason="rota_day_off")
    hands = queries.hands_of(rota, day, day, zone)
    ground, pattern = queries.ground_of(rota), queries.pattern_of(rota, zone)
    turns = fill(pattern, ground, hands, day, free_in(posts))
    return len(turns) - len(place(posts, turns, who, by, now))


def posts_of(rota: Rota, day: date, zone: ZoneInfo, now: datetime) -> dict[Spot, Post]:
    """The seats of the day's shifts to come."""
    pattern = queries.pattern_of(rota, zone)
    starts = {pattern.block(slot, day).start: slot for slot in range(len(rota.changes))}
    rows = queries.seats_of(rota).filter(shift__starts_at__in=starts, shift__starts_at__gt=now).select_related("shift")
    return {(starts[post.shift.starts_at], post.shift.site_id): post for post in rows}


def free_in(posts: Mapping[Spot, Post]) -> Free:
    """Seats that nobody holds, none is offered and nobody waits for."""
    found: defaultdict[int, dict[int, int]] = defaultdict(dict)
    ids = [post.pk for post in posts.values()]
    room = {post.pk: post.room for post in Post.objects.with_room().filter(pk__in=ids)}
    for (slot, site), post in posts.items():
        if post.pk in room:
            found[slot][site] = room[post.pk]
    return found
