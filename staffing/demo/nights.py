"""The nights of the story: calls, shifts and posts, and the staff who already stand there."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count

from communities.models import Area, Compound, Organisation, Site, User
from staffing.actions import attendance, calls, decisions, deputies, shifts
from staffing.actions.signups import Entry, sign_up
from staffing.demo import equipment, logbook
from staffing.models import CallUp, Post, Role, Shift, SignUp
from staffing.queries.deputies import candidates
from volunteers.models import Volunteer

RISKS = "近距离接触居民\n连续站3小时左右\n敲门岗要爬楼"
RISKS_EN = "Close contact with people\nAbout 3 hours standing\nStairs for callers"
PROTECTION = "防护服、N95、面屏\n上岗前培训10分钟\n已买意外险"
PROTECTION_EN = "Suit, N95 mask, visor\n10-minute briefing first\nAccident insurance"
BRIEFING = "先洗手再穿戴，听点长讲10分钟。不舒服马上说，不用说原因。"
BRIEFING_EN = "Wash your hands, then dress; listen to the leader for ten minutes. If you feel unwell, say so at once."
OVERRIDE = "同一批人连做两班，分批休息，街道同意"
PER_LANE = {"data_entry": 1, "queue_marshal": 1}
PER_COMPOUND = {"site_lead": 1, "gate_check": 2, "supply_runner": 2, "disinfection": 1, "specimen_handover": 1}
HOUSEHOLDS_PER_KNOCKER = 60
STAFF_SEATS = {
    "site_lead": 2,
    "gate_check": 4,
    "specimen_handover": 2,
    "disinfection": 1,
    "data_entry": 5,
    "queue_marshal": 4,
    "door_knocker": 4,
}


@dataclass(frozen=True)
class Ground:
    """A compound with its sampling points and the site of the posts that belong to no point."""

    compound: Compound
    points: Sequence[Site]
    common: Site

    @property
    def knockers(self) -> list[int]:
        """Door knockers per point: one for 60 households, dealt out evenly."""
        total = -(-(self.compound.households or 0) // HOUSEHOLDS_PER_KNOCKER)
        each, more = divmod(total, len(self.points))
        return [each + (index < more) for index in range(len(self.points))]


def call_plan(
    title: str, title_en: str, activity: str, activity_en: str, start: datetime, end: datetime, **more: object
) -> calls.CallPlan:
    return calls.CallPlan(
        title=title,
        title_en=title_en,
        activity=activity,
        activity_en=activity_en,
        starts_at=start,
        ends_at=end,
        risks=RISKS,
        risks_en=RISKS_EN,
        protection=PROTECTION,
        protection_en=PROTECTION_EN,
        insured=True,
        bring="手机充满电，穿好走的鞋",
        bring_en="A charged phone and good shoes",
        **more,  # type: ignore[arg-type]
    )


def post_plans(wanted: dict[str, int], medical: Organisation | None = None, lanes: int = 0) -> list[shifts.PostPlan]:
    roles = {role.slug: role.pk for role in Role.objects.all()}
    plans = [shifts.PostPlan(roles[slug], seats) for slug, seats in wanted.items() if seats]
    if medical and lanes:
        plans.append(shifts.PostPlan(roles["sampler"], lanes, agency=medical.pk, person_kinds=("medical",)))
    return plans


def round_of_testing(
    community: Area,
    grounds: Sequence[Ground],
    plan: calls.CallPlan,
    blocks: Sequence[tuple[datetime, datetime]],
    medical: Organisation,
    lead: User,
    now: datetime,
) -> CallUp:
    """One round: at each point its clerk, marshal and knockers; at each compound its seven; the medics beside them."""
    call = calls.create(community.pk, plan, by=lead, now=now)
    for start, end in blocks:
        for site, wanted, lanes in places(grounds):
            shifts.create(
                shifts.ShiftPlan(
                    site=site.pk,
                    starts_at=start,
                    ends_at=end,
                    call_up=call.pk,
                    briefing=BRIEFING,
                    briefing_en=BRIEFING_EN,
                    leader=lead.pk if lanes == 0 else None,
                    override_reason=OVERRIDE,
                    posts=post_plans(wanted, medical, lanes),
                ),
                by=lead,
                now=now,
            )
    with logbook.at(now, lead):
        return calls.publish(call.pk, by=lead, now=now)


def places(grounds: Sequence[Ground]) -> Iterator[tuple[Site, dict[str, int], int]]:
    for ground in grounds:
        for site, knockers in zip(ground.points, ground.knockers, strict=True):
            yield site, PER_LANE | {"door_knocker": knockers}, site.lanes or 1
        yield ground.common, PER_COMPOUND, 0


def stand(
    call: CallUp, people: Sequence[Volunteer], seats: dict[str, int], *, lead: User, now: datetime
) -> list[SignUp]:
    """Put staff on posts of these roles, the same person on the same post in every block, as far as homes allow."""
    queue = {home: [p for p in people if p.residence_id == home] for home in {p.residence_id for p in people}}
    placed: list[SignUp] = []
    first = call.starts_at
    for slug, number in seats.items():
        posts = Post.objects.filter(shift__call_up=call, role__slug=slug, shift__starts_at=first).select_related(
            "shift__site"
        )
        open_seats = [post for post in posts.order_by("shift__site__no", "pk") for _seat in range(post.seats)]
        with logbook.at(now, lead):
            for post in spread(open_seats, number):
                person = next_person(queue, post.shift.site.compound_id)
                placed += [decisions.assign(pk, person.pk, by=lead, now=now) for pk in same_post(post, call)]
    return placed


def spread(seats: Sequence[Post], number: int) -> list[Post]:
    """`number` of the seats, evenly over the list."""
    return [seats[index * len(seats) // number] for index in range(number)]


def next_person(queue: dict[int | None, list[Volunteer]], compound: int | None) -> Volunteer:
    return (queue.get(compound) or next(rest for rest in queue.values() if rest)).pop(0)


def same_post(post: Post, call: CallUp) -> list[int]:
    """The post of the same role at the same site in every block of the call."""
    found = Post.objects.filter(shift__call_up=call, shift__site=post.shift.site, role=post.role, agency=post.agency)
    return list(found.order_by("shift__starts_at").values_list("pk", flat=True))


def send_medics(call: CallUp, medics: Sequence[Volunteer], *, lead: User, now: datetime) -> None:
    first = Post.objects.filter(shift__call_up=call, role__slug="sampler", shift__starts_at=call.starts_at).order_by(
        "pk"
    )
    for post, medic in zip(first.select_related("shift__site"), medics, strict=False):
        for pk in same_post(post, call):
            sign_up(pk, medic.pk, now=now, entry=Entry(channel="desk", by=lead, on_behalf=True))


def stand_in(call: CallUp, *, lead: User, now: datetime) -> None:
    """Where somebody is named to lead, the last of those who could stand in does."""
    for shift in call.shifts.exclude(leader=None).select_related("site__area").order_by("pk"):
        if second := candidates(shift).last():
            deputies.name(shift.pk, second.pk, by=lead, now=now)


def live_through(call: CallUp, *, lead: User) -> None:
    """Everybody with a seat comes, works and goes home: the shifts of a call that lies in the past."""
    numbers = count()
    for shift in call.shifts.order_by("starts_at"):
        early = shift.starts_at - timedelta(minutes=20)
        with logbook.at(early, lead):
            for signup in SignUp.objects.confirmed().filter(shift=shift).order_by("volunteer_id"):
                attendance.check_in(signup.pk, by=lead, now=early)
        with logbook.at(shift.starts_at, lead):
            shifts.start(shift.pk, by=lead, now=shift.starts_at)
        with logbook.at(shift.ends_at, lead):
            for signup in SignUp.objects.filter(shift=shift, status="checked_in").order_by("volunteer_id"):
                SignUp.objects.filter(pk=signup.pk).update(checked_in_at=shift.starts_at)
                equipment.worn(next(numbers), signup, lead, shift.starts_at, shift.ends_at)
                attendance.check_out(signup.pk, by=lead, now=shift.ends_at)
            shifts.finish(shift.pk, by=lead, now=shift.ends_at)


def simple_shift(
    call: CallUp,
    site: Site,
    start: datetime,
    end: datetime,
    wanted: dict[str, int],
    *,
    lead: User,
    now: datetime,
    reason: str = "",
) -> Shift:
    plan = shifts.ShiftPlan(
        site=site.pk,
        starts_at=start,
        ends_at=end,
        call_up=call.pk,
        briefing=BRIEFING,
        briefing_en=BRIEFING_EN,
        override_reason=reason,
        posts=post_plans(wanted),
    )
    return shifts.create(plan, by=lead, now=now)
