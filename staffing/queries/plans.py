"""Plans as the rules read them: what they ask for, and what of it stands already."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, F, OuterRef, Q

from communities.models import Site
from staffing.models import CallUp, DemandPlan, Post, Role, Round, Shift, SignUp
from staffing.queries.gaps import STAFF, missing_of
from staffing.queries.reserves import standing_by
from staffing.rules.callups import is_over
from staffing.rules.demand import Demand, Place, Window, compute
from staffing.rules.layout import RELIEF, Difference, Spot, StandingPost, StandingShift, WantedShift, difference, layout
from staffing.rules.norms import Norm, read
from staffing.rules.steps import Override
from staffing.states import HOLDS_SEAT, Crewing, ShiftStatus, SignUpStatus


def norm_in(plan: DemandPlan) -> Norm:
    """The numbers the plan was made with, whatever has become of its norm since."""
    return read(plan.numbers)


def places_of(plan: DemandPlan) -> list[Place]:
    return [Place(at.compound_id, at.residents, at.households, at.entrances) for at in plan.places.all()]


def overrides_of(plan: DemandPlan) -> list[Override]:
    return [Override(each.key, each.value, each.reason) for each in plan.overrides.all()]


def demand_of(plan: DemandPlan) -> Demand:
    """Two statements, none if the plan came with its places and overrides."""
    window = Window(plan.starts_at, plan.ends_at)
    return compute(norm_in(plan), places_of(plan), window, plan.available, overrides_of(plan))


def wanted_of(plan: DemandPlan, demand: Demand) -> list[WantedShift]:
    relief = demand.relief if plan.crewing == Crewing.STAGGERED else 0
    return layout(norm_in(plan), demand, relief=relief)


def previous(one: Round) -> Round | None:
    """The round before of the same kind, with its plan if it has one."""
    before = Round.objects.filter(area_id=one.area_id, kind=one.kind, no__lt=one.no)
    return before.select_related("plan__call_up").order_by("-no").first()


@dataclass(frozen=True, slots=True)
class Ground:
    """The sites a plan's posts stand at, by spot; those that carry shifts of its call already come first."""

    sites: Mapping[Spot, Site]
    spots: Mapping[int, Spot]
    last: Mapping[str, int]
    names: frozenset[tuple[str, str]]


def ground_of(plan: DemandPlan, norm: Norm) -> Ground:
    """One statement. What lies in the area but in none of its compounds belongs to the whole plan."""
    kinds = {norm.point_kind, norm.common_kind, *(norm.site_of(rule) for rule in norm.rules)}
    used = Shift.objects.filter(site=OuterRef("pk"), call_up=plan.call_up_id).exclude(status=ShiftStatus.CANCELLED)
    mine = Q(area=plan.round.area_id) | Q(compound__in=[at.compound_id for at in plan.places.all()])
    rows = Site.objects.annotate(used=Exists(used)).filter(mine | Q(used=True), kind__in=kinds)
    sites: dict[Spot, Site] = {}
    spots: dict[int, Spot] = {}
    count: dict[tuple[int | None, str], int] = defaultdict(int)
    site: Site
    for site in rows.order_by("-used", F("no").asc(nulls_last=True), "pk"):
        spot = Spot(site.compound_id, site.kind, count[site.compound_id, site.kind])
        count[site.compound_id, site.kind] += 1
        sites[spot], spots[site.pk] = site, spot
    last: dict[str, int] = defaultdict(int)
    for site in sites.values():
        last[site.kind] = max(last[site.kind], site.no or 0)
    return Ground(sites, spots, last, frozenset((site.kind, site.name) for site in sites.values()))


def standing_of(call: CallUp | None, ground: Ground) -> list[StandingShift]:
    """What stands of the call: shifts that are not cancelled, with who holds their seats. Three statements."""
    if call is None:
        return []
    shifts = Shift.objects.filter(call_up=call).exclude(status=ShiftStatus.CANCELLED)
    posts = defaultdict(list)
    for post in (
        Post.objects.filter(shift__in=shifts)
        .select_related("role")
        .annotate(touched=Exists(SignUp.objects.filter(post=OuterRef("pk"))))
        .order_by("pk")
    ):
        posts[post.shift_id].append(standing_post(post))
    return [
        StandingShift(shift.pk, ground.spots[shift.site_id], shift.starts_at, shift.ends_at, tuple(posts[shift.pk]))
        for shift in shifts
        if shift.site_id in ground.spots
    ]


def standing_post(post: Post) -> StandingPost:
    return StandingPost(
        id=post.pk,
        role=post.role.slug,
        agency=post.agency_id,
        seats=post.seats,
        held=post.taken + post.pledged,
        waiting=post.waiting,
        touched=post.touched,  # type: ignore[attr-defined]
    )


def difference_of(plan: DemandPlan, demand: Demand, ground: Ground) -> Difference:
    """What applying the plan now would change."""
    roles = {RELIEF, *(rule.role for rule in norm_in(plan).rules)}
    return difference(wanted_of(plan, demand), standing_of(plan.call_up, ground), roles)


def still_wanted(call: CallUp, now: datetime) -> int:
    """Seats for neighbours: those missing, less the staff of the plan who are on none of the call's posts yet. None of a
    call that is over.
    """
    if is_over(call.status, call.ends_at, now):
        return 0
    plan = DemandPlan.objects.filter(call_up=call).first()
    theirs = SignUp.objects.filter(shift__call_up=call, status__in=HOLDS_SEAT, volunteer__kind__in=STAFF)
    to_come = plan.available - theirs.values("volunteer").distinct().count() if plan else 0
    return max(0, missing_of(call) - max(0, to_come))


def standbys_wanted(call: CallUp, now: datetime) -> int:
    if is_over(call.status, call.ends_at, now):
        return 0
    return max(0, call.standby - standing_by([call.pk], now).get(call.pk, 0))


def holders(post_ids: Iterable[int]) -> dict[int, list[str]]:
    """Who holds a seat of these posts or waits for one, by name, in the order of seats and line."""
    found = defaultdict(list)
    rows = SignUp.objects.filter(post__in=post_ids, status__in=[*HOLDS_SEAT, SignUpStatus.WAITLISTED])
    for post, name in rows.order_by("seat_no", "position", "pk").values_list("post_id", "volunteer__user__name"):
        found[post].append(name)
    return dict(found)


def held(post_ids: Iterable[int]) -> dict[int, int]:
    """How many seats each of these posts cannot do without."""
    rows = Post.objects.filter(pk__in=post_ids).values_list("pk", "taken", "pledged")
    return {pk: max(1, taken + pledged) for pk, taken, pledged in rows}


def roles_by_slug(slugs: Iterable[str]) -> dict[str, Role]:
    return {role.slug: role for role in Role.objects.filter(slug__in=slugs)}
