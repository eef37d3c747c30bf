"""A plan's difference, written: sites, shifts and posts in a handful of statements, however large it is."""

from collections.abc import Sequence
from datetime import datetime

from django.conf import settings
from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import override

from communities.errors import Refused
from communities.models import Compound, Site, User
from communities.models.places import SITE_KINDS
from staffing.actions import offers, shift_moves, shifts
from staffing.models import CallUp, DemandPlan, Post, Role, Shift
from staffing.queries.plans import Ground, roles_by_slug
from staffing.queries.shifts import post_facts
from staffing.rules.layout import Difference, Seats, Spot, StandingShift, WantedPost, WantedShift
from staffing.rules.shifts import ShiftFacts, unready
from staffing.states import Crewing, ShiftStatus


class Builder:
    """Writes a difference, in a handful of statements however large it is."""

    def __init__(self, plan: DemandPlan, call: CallUp, ground: Ground, by: User, now: datetime, opens: bool) -> None:
        self.plan, self.call, self.by, self.now = plan, call, by, now
        self.opens = opens
        self.ground = ground
        self.sites = dict(ground.sites)
        self.reason = rotation_reason(plan)

    def build(self, change: Difference) -> None:
        self.roles = self.roles_for(change)
        self.make_sites([shift.spot for shift in change.new])
        made = self.make_shifts(change.new)
        posts = [(shift.pk, post) for shift, wanted in made for post in wanted.posts]
        Post.objects.bulk_create([self.post(shift, wanted) for shift, wanted in [*posts, *change.added]])
        self.set_seats([*change.more, *change.fewer])
        self.drop([shift.id for shift in change.dropped if not shift.touched])
        if gone := [shift.id for shift in change.dropped if shift.touched]:
            shifts.cancel(gone, by=self.by, now=self.now, reason=_("The plan has changed."))
        for have, want in in_safe_order(change.moved):
            shift_moves.move(have.id, starts_at=want.start, ends_at=want.end, by=self.by, now=self.now)

    def roles_for(self, change: Difference) -> dict[str, Role]:
        wanted = [post for shift in change.new for post in shift.posts] + [post for _shift, post in change.added]
        slugs = {post.role for post in wanted}
        roles = roles_by_slug(slugs)
        if missing := slugs - roles.keys():
            raise Refused("role_missing", roles=", ".join(sorted(missing)))
        return roles

    def make_sites(self, spots: Sequence[Spot]) -> None:
        """The sites that are not there yet, numbered on from the last of their kind."""
        new = list(dict.fromkeys(spot for spot in self.in_order(spots) if spot not in self.sites))
        names = Names(self.ground, self.plan)
        for spot, site in zip(new, Site.objects.bulk_create([names.site(spot) for spot in new]), strict=True):
            self.sites[spot] = site

    def in_order(self, spots: Sequence[Spot]) -> list[Spot]:
        order: dict[int | None, int] = {at.compound_id: index for index, at in enumerate(self.plan.places.all())}
        return sorted(spots, key=lambda spot: (spot.kind, order.get(spot.place, -1), spot.index))

    def make_shifts(self, wanted: Sequence[WantedShift]) -> list[tuple[Shift, WantedShift]]:
        status = ShiftStatus.OPEN if self.opens else ShiftStatus.DRAFT
        if self.opens:
            self.check_ready(wanted)
        rows = [self.shift(each, status) for each in wanted]
        return list(zip(Shift.objects.bulk_create(rows), wanted, strict=True))

    def shift(self, wanted: WantedShift, status: ShiftStatus) -> Shift:
        norm = self.plan.norm
        return Shift(
            call_up=self.call,
            site=self.sites[wanted.spot],
            starts_at=wanted.start,
            ends_at=wanted.end,
            status=status,
            briefing=norm.briefing,
            briefing_en=norm.briefing_en,
            override_reason=self.reason,
            override_by=self.by if self.reason else None,
            is_demo=self.by.is_demo,
        )

    def check_ready(self, wanted: Sequence[WantedShift]) -> None:
        """Whatever would keep one of these shifts from being opened, once each."""
        reasons = {refusal.code: refusal for each in wanted for refusal in unready(self.facts(each), self.now)}
        if reasons:
            raise Refused(list(reasons.values()))

    def facts(self, wanted: WantedShift) -> ShiftFacts:
        return ShiftFacts(
            start=wanted.start,
            end=wanted.end,
            posts=[post_facts(self.roles[post.role], post.seats) for post in wanted.posts],
            risks=bool(self.call.risks.strip()),
            protection=bool(self.call.protection.strip()),
            insured=self.call.insured,
            briefing=bool(self.plan.norm.briefing.strip()),
            override=bool(self.reason),
        )

    def post(self, shift: int, wanted: WantedPost) -> Post:
        return Post(
            shift_id=shift,
            role=self.roles[wanted.role],
            agency_id=wanted.agency,
            seats=wanted.seats,
            person_kinds=list(wanted.kinds),
        )

    def set_seats(self, changes: Sequence[Seats]) -> None:
        """More seats go to those in line first; a post without seats goes."""
        if gone := [each.post for each in changes if not each.new]:
            Post.objects.filter(pk__in=gone).delete()
        rows = [Post(pk=each.post, seats=each.new, version=F("version") + 1) for each in changes if each.new]
        if rows:
            Post.objects.bulk_update(rows, ["seats", "version"])
        for each in changes:
            if each.new > each.old:
                offers.fill_from_line(each.post, self.now)

    def drop(self, shift_ids: Sequence[int]) -> None:
        if not shift_ids:
            return
        Post.objects.filter(shift__in=shift_ids).delete()
        Shift.objects.filter(pk__in=shift_ids).delete()


def rotation_reason(plan: DemandPlan) -> str:
    """Why people may serve in several blocks in a row; empty where a new crew comes for each."""
    if plan.crewing == Crewing.TWO_CREWS:
        return ""
    if plan.reason or plan.crewing == Crewing.SAME_CREW:
        return plan.reason
    with override(settings.LANGUAGE_CODE):
        return _("Breaks in turn: everybody rests half an hour while relief stands in.")


def in_safe_order(
    moved: Sequence[tuple[StandingShift, WantedShift]],
) -> list[tuple[StandingShift, WantedShift]]:
    """Those that move later, last first, then those that move earlier: nobody meets their own next block on the way."""
    later = [pair for pair in moved if pair[1].start >= pair[0].start]
    earlier = [pair for pair in moved if pair[1].start < pair[0].start]
    return [
        *sorted(later, key=lambda pair: pair[1].start, reverse=True),
        *sorted(earlier, key=lambda pair: pair[1].start),
    ]


class Names:
    """Sites to be, numbered and named in both languages."""

    def __init__(self, ground: Ground, plan: DemandPlan) -> None:
        self.last, self.taken = dict(ground.last), set(ground.names)
        self.common = plan.numbers["common_kind"]
        self.compounds: dict[int | None, Compound] = {at.compound_id: at.compound for at in plan.places.all()}
        self.plan = plan

    def site(self, spot: Spot) -> Site:
        compound = self.compounds.get(spot.place)
        no = None
        if spot.kind != self.common:
            no = self.last[spot.kind] = self.last.get(spot.kind, 0) + 1
        name, name_en = self.name(spot, compound, no)
        return Site(
            area_id=compound.community_id if compound else self.plan.round.area_id,
            compound=compound,
            kind=spot.kind,
            no=no,
            name=name,
            name_en=name_en,
            lanes=self.plan.numbers["lanes_per_point"] if spot.kind == self.plan.numbers["point_kind"] else None,
            is_demo=self.plan.is_demo,
        )

    def name(self, spot: Spot, compound: Compound | None, no: int | None) -> tuple[str, str]:
        found = []
        for language in (settings.LANGUAGE_CODE, "en"):
            with override(language):
                facts = {"kind": str(SITE_KINDS[spot.kind]), "no": no, "place": str(compound or self.plan.round.area)}
                text = _("%(kind)s %(no)s") if no else _("%(place)s %(kind)s")
                found.append((text % facts)[:120])
        name = free(found[0], spot.kind, self.taken)
        return name, found[1][:1].upper() + found[1][1:]


def free(name: str, kind: str, taken: set[tuple[str, str]]) -> str:
    """The name, or with a number behind it if a site of the kind has it already."""
    tries = (name if n == 1 else f"{name} {n}" for n in range(1, len(taken) + 2))
    chosen = next(each for each in tries if (kind, each) not in taken)
    taken.add((kind, chosen))
    return chosen
