"""What of staffing a user may see, and what they may run. Every door loads its rows through these.

An outsider does not find the row at all (404); who sees it but may not act is told so (403). See `load`.
"""

from datetime import datetime, timedelta

from django.db.models import Model, Q, QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone

from communities.access import May, Visitor, areas, below, granted, of_place, organisation_paths, within
from communities.errors import Forbidden
from communities.models import Area, User, ZoneProposal
from staffing.models import (
    Beat,
    BeatHolding,
    CallUp,
    DemandPlan,
    DoorRound,
    DoorVisit,
    Driver,
    Filling,
    HomeService,
    Lending,
    NormProfile,
    Pledge,
    Post,
    Ride,
    Round,
    RoundDoor,
    RoundEntrance,
    Secondment,
    Shift,
    SignUp,
    StaffRequest,
    Swap,
    Takeover,
)
from staffing.queries.beats import entrances_on_phone
from staffing.states import CallStatus, RideStatus, ShiftStatus

LEADER_BEFORE = timedelta(hours=2)
LEADER_AFTER = timedelta(hours=12)
NOBODY = Q(pk__in=[])


def load[Row: Model](visible: QuerySet[Row], allowed: QuerySet[Row], **key: object) -> Row:
    """The one row that is in both. Raises Http404 if it is not visible, Forbidden if it is only that."""
    row = get_object_or_404(visible, **key)
    if not allowed.filter(pk=row.pk).exists():
        raise Forbidden
    return row


def led_by(user: Visitor, prefix: str = "", *, now: datetime | None = None) -> Q:
    """Shifts the user leads, from two hours before the start to twelve hours after the end."""
    if not isinstance(user, User):
        return NOBODY
    now = now or timezone.now()
    window = {"starts_at__lte": now + LEADER_BEFORE, "ends_at__gt": now - LEADER_AFTER, "leader": user}
    return Q(**{f"{prefix}{name}": value for name, value in window.items()})


def own(user: Visitor) -> Q:
    return Q(volunteer__user=user) if isinstance(user, User) else NOBODY


def calls_visible_to(user: Visitor) -> QuerySet[CallUp]:
    """The calls of one's own areas, drafts included. (What everybody may read of a published call is its page.)"""
    return CallUp.objects.filter(within(user, May.SEE, "community") | within(user, May.RUN, "community"))


def calls_run_by(user: Visitor) -> QuerySet[CallUp]:
    return CallUp.objects.filter(within(user, May.RUN, "community"))


def shifts_visible_to(user: Visitor) -> QuerySet[Shift]:
    return Shift.objects.filter(within(user, May.SEE, "site__area") | led_by(user))


def shifts_run_by(user: Visitor) -> QuerySet[Shift]:
    return Shift.objects.filter(within(user, May.RUN, "site__area"))


def boards_of(user: Visitor, *, now: datetime | None = None) -> QuerySet[Shift]:
    """The shifts whose attendance the user may take."""
    return Shift.objects.filter(within(user, May.CHECK_IN, "site__area") | led_by(user, now=now))


def signups_visible_to(user: Visitor) -> QuerySet[SignUp]:
    """One's own, those of areas where one may see names, and those of a shift one leads."""
    return SignUp.objects.filter(own(user) | within(user, May.NAMES, "shift__site__area") | led_by(user, "shift__"))


def signups_run_by(user: Visitor) -> QuerySet[SignUp]:
    """Those the user may confirm, decline, move and cancel as a lead."""
    return SignUp.objects.filter(within(user, May.RUN, "shift__site__area"))


def attendance_of(user: Visitor, *, now: datetime | None = None) -> QuerySet[SignUp]:
    """Those whose attendance the user may take."""
    here = within(user, May.CHECK_IN, "shift__site__area") | led_by(user, "shift__", now=now)
    return SignUp.objects.filter(here)


def pledges_visible_to(user: Visitor) -> QuerySet[Pledge]:
    """The promises of one's own organisation, and those made to one's own areas."""
    return Pledge.objects.filter(pledged_by(user) | within(user, May.SEE, "post__shift__site__area"))


def pledges_run_by(user: Visitor) -> QuerySet[Pledge]:
    """Those the user may name people on: for their organisation, or as the lead who was given the list."""
    return Pledge.objects.filter(pledged_by(user) | within(user, May.RUN, "post__shift__site__area"))


def pledged_by(user: Visitor) -> Q:
    return below(organisation_paths(user, May.PLEDGE), "organisation__path")


def posts_asking(user: Visitor) -> QuerySet[Post]:
    """Posts that ask one's organisation for people: seats of its own, and calls addressed to it or to a body above it."""
    paths = organisation_paths(user, May.PLEDGE)
    above = {int(part) for path in paths for part in path.strip("/").split("/")}
    addressed = Q(agency=None) & (
        Q(shift__call_up__organisation__in=above) | below(paths, "shift__call_up__organisation__path")
    )
    return Post.objects.filter(below(paths, "agency__path") | addressed).filter(published("shift__"))


def swaps_of(user: Visitor) -> QuerySet[Swap]:
    """Those one has proposed or agreed to."""
    if not isinstance(user, User):
        return Swap.objects.none()
    return Swap.objects.filter(Q(offered__volunteer__user=user) | Q(partner__user=user))


def swaps_visible_to(user: Visitor) -> QuerySet[Swap]:
    """One's own, and those about seats where one may see names."""
    here = within(user, May.NAMES, "offered__shift__site__area") | within(user, May.NAMES, "given__shift__site__area")
    return swaps_of(user) | Swap.objects.filter(here)


def swaps_run_by(user: Visitor) -> QuerySet[Swap]:
    """Those the user may decide about: every seat in them is theirs to give."""
    theirs = Q(given=None) | within(user, May.RUN, "given__shift__site__area")
    return Swap.objects.filter(within(user, May.RUN, "offered__shift__site__area") & theirs)


def published(prefix: str = "") -> Q:
    """Shifts that everybody may read: not drafts, nor under a call that still is one."""
    return ~Q(**{f"{prefix}status": ShiftStatus.DRAFT}) & ~Q(**{f"{prefix}call_up__status": CallStatus.DRAFT})


def calls_read_by(user: Visitor) -> QuerySet[CallUp]:
    """Published calls, and the drafts of one's own areas."""
    mine = within(user, May.SEE, "community") | within(user, May.RUN, "community")
    return CallUp.objects.filter(mine | ~Q(status=CallStatus.DRAFT))


def shifts_read_by(user: Visitor) -> QuerySet[Shift]:
    """Published shifts, and the drafts of one's own areas."""
    return Shift.objects.filter(within(user, May.SEE, "site__area") | led_by(user) | published())


def posts_read_by(user: Visitor) -> QuerySet[Post]:
    mine = within(user, May.SEE, "shift__site__area") | led_by(user, "shift__")
    return Post.objects.filter(mine | published("shift__"))


def posts_run_by(user: Visitor) -> QuerySet[Post]:
    return Post.objects.filter(within(user, May.RUN, "shift__site__area"))


def boards_with(user: Visitor) -> QuerySet[Post]:
    """The posts whose walk-ins the user may take."""
    return Post.objects.filter(within(user, May.CHECK_IN, "shift__site__area") | led_by(user, "shift__"))


def proposals_visible_to(user: Visitor) -> QuerySet[ZoneProposal]:
    return ZoneProposal.objects.filter(of_place(user, May.SEE))


def proposals_made_by(user: Visitor) -> QuerySet[ZoneProposal]:
    return ZoneProposal.objects.filter(of_place(user, May.PROPOSE))


def proposals_decided_by(user: Visitor) -> QuerySet[ZoneProposal]:
    """Those the user may set or refuse."""
    return ZoneProposal.objects.filter(of_place(user, May.ZONES))


def driver_of(user: Visitor) -> Driver | None:
    """The driver the user is, checked or not."""
    return (
        Driver.objects.select_related("area").filter(volunteer__user=user).first() if isinstance(user, User) else None
    )


def fillings_visible_to(user: Visitor) -> QuerySet[Filling]:
    """Proposals name people, so they are for those who may see names there."""
    return Filling.objects.filter(within(user, May.NAMES, "area"))


def fillings_made_by(user: Visitor) -> QuerySet[Filling]:
    """Those the user may have worked out, stop, and change; to make one stand is RUN."""
    return Filling.objects.filter(within(user, May.PLAN, "area") & within(user, May.NAMES, "area"))


def fillings_run_by(user: Visitor) -> QuerySet[Filling]:
    """Those the user may adopt and undo."""
    return Filling.objects.filter(within(user, May.RUN, "area"))


def areas_planned_by(user: Visitor) -> QuerySet[Area]:
    """Where the user may have open seats filled: they see whom, too."""
    return areas(user, May.PLAN) & areas(user, May.NAMES)


def rides_visible_to(user: Visitor) -> QuerySet[Ride]:
    """Those of one's own areas; for a checked driver those of theirs not yet under way, and their own."""
    return Ride.objects.filter(within(user, May.SEE, "area") | driven_by(user))


def driven_by(user: Visitor) -> Q:
    driver = driver_of(user)
    if not driver:
        return NOBODY
    here = Q(area__path__startswith=driver.area.path, status__in=[RideStatus.POSTED, RideStatus.GRABBED])
    return Q(driver=driver) | (here if driver.verified_at else NOBODY)


def rides_run_by(user: Visitor) -> QuerySet[Ride]:
    return Ride.objects.filter(within(user, May.RUN, "area"))


def rides_held_by(user: Visitor) -> QuerySet[Ride]:
    return Ride.objects.filter(driver__volunteer__user=user) if isinstance(user, User) else Ride.objects.none()


def drivers_visible_to(user: Visitor) -> QuerySet[Driver]:
    return Driver.objects.filter(own(user) | within(user, May.NAMES, "area"))


def drivers_run_by(user: Visitor) -> QuerySet[Driver]:
    return Driver.objects.filter(within(user, May.RUN, "area"))


def plans_visible_to(user: Visitor) -> QuerySet[DemandPlan]:
    return DemandPlan.objects.filter(within(user, May.SEE, "round__area") | within(user, May.RUN, "round__area"))


def plans_run_by(user: Visitor) -> QuerySet[DemandPlan]:
    return DemandPlan.objects.filter(within(user, May.RUN, "round__area"))


def plans_made_by(user: Visitor) -> QuerySet[DemandPlan]:
    """Those the user may write and change; what is written stands nowhere before it is applied."""
    return DemandPlan.objects.filter(within(user, May.PLAN, "round__area"))


def rounds_visible_to(user: Visitor) -> QuerySet[Round]:
    return Round.objects.filter(within(user, May.SEE, "area") | within(user, May.PLAN, "area"))


def rounds_planned_by(user: Visitor) -> QuerySet[Round]:
    return Round.objects.filter(within(user, May.PLAN, "area"))


def rounds_run_by(user: Visitor) -> QuerySet[Round]:
    return Round.objects.filter(within(user, May.RUN, "area"))


def norms_changed_by(user: Visitor) -> QuerySet[NormProfile]:
    """The norms of the areas one plans for; the presets belong to whoever keeps the whole system."""
    presets = Q(area=None) if granted(user, May.ADMINISTER) else NOBODY
    return NormProfile.objects.filter(within(user, May.PLAN, "area") | presets)


def lent_by(user: Visitor) -> Q:
    return below(organisation_paths(user, May.LEND), "organisation__path")


def secondments_visible_to(user: Visitor) -> QuerySet[Secondment]:
    """One's own, those of one's unit, and those to areas where one may see names."""
    return Secondment.objects.filter(own(user) | lent_by(user) | within(user, May.NAMES, "area"))


def secondments_of_unit(user: Visitor) -> QuerySet[Secondment]:
    """Those the user may propose, approve and recall for the unit."""
    return Secondment.objects.filter(lent_by(user))


def secondments_received_by(user: Visitor) -> QuerySet[Secondment]:
    """Those the user may accept, return and send back for the community."""
    return Secondment.objects.filter(within(user, May.RUN, "area"))


def secondments_at_either_end(user: Visitor) -> QuerySet[Secondment]:
    return Secondment.objects.filter(lent_by(user) | within(user, May.RUN, "area"))


def secondments_of_self(user: Visitor) -> QuerySet[Secondment]:
    return Secondment.objects.filter(own(user))


def staff_requests_visible_to(user: Visitor) -> QuerySet[StaffRequest]:
    """Those to one's unit, and those of one's own areas."""
    return StaffRequest.objects.filter(lent_by(user) | within(user, May.RUN, "area"))


def in_reach(user: Visitor, capability: May, stairs: str = "") -> Q:
    """Rows under an entrance of a round where the user has the capability: on the round's area or on the grid.

    `stairs` is the way from the row to its RoundEntrance ("" for one itself).
    """
    return within(user, capability, f"{stairs}round__area") | within(
        user, capability, f"{stairs}entrance__building__grid"
    )


def round_entrances_visible_to(user: Visitor) -> QuerySet[RoundEntrance]:
    return RoundEntrance.objects.filter(in_reach(user, May.SEE))


def door_rounds_visible_to(user: Visitor) -> QuerySet[DoorRound]:
    """Those of one's own areas, and those with entrances of one's own grid."""
    mine = Q(pk__in=round_entrances_visible_to(user).values("round"))
    return DoorRound.objects.filter(within(user, May.SEE, "area") | mine)


def door_rounds_run_by(user: Visitor) -> QuerySet[DoorRound]:
    return DoorRound.objects.filter(within(user, May.RUN, "area"))


def beats_visible_to(user: Visitor, *, now: datetime | None = None) -> QuerySet[Beat]:
    """Those of one's own areas and grid, and the one that is on one's phone."""
    here = Q(pk__in=round_entrances_visible_to(user).values("beat"))
    held = Q(pk__in=entrances_on_phone(user, now or timezone.now()).values("beat"))
    return Beat.objects.filter(within(user, May.SEE, "round__area") | here | held)


def beats_given_by(user: Visitor) -> QuerySet[Beat]:
    """Those the user may give to people and take back: of an area they run, or of their own grid."""
    here = RoundEntrance.objects.filter(in_reach(user, May.DOORS)).values("beat")
    return Beat.objects.filter(within(user, May.RUN, "round__area") | Q(pk__in=here))


def holdings_given_by(user: Visitor) -> QuerySet[BeatHolding]:
    return BeatHolding.objects.filter(beat__in=beats_given_by(user))


def round_doors_visible_to(user: Visitor, *, now: datetime | None = None) -> QuerySet[RoundDoor]:
    """What was found at a door: for its community and grid, and on the phone of who has the beat, while they have it."""
    held = Q(stairs__in=entrances_on_phone(user, now or timezone.now()))
    return RoundDoor.objects.filter(in_reach(user, May.DOORS, "stairs__") | held)


def round_doors_decided_by(user: Visitor) -> QuerySet[RoundDoor]:
    return RoundDoor.objects.filter(in_reach(user, May.DOORS, "stairs__"))


def door_visits_visible_to(user: Visitor) -> QuerySet[DoorVisit]:
    return DoorVisit.objects.filter(in_reach(user, May.DOORS, "door__stairs__"))


def homes_visible_to(user: Visitor) -> QuerySet[HomeService]:
    """Those of one's own community or grid, and those one has to see to."""
    mine = Q(owner=user) if isinstance(user, User) else NOBODY
    return HomeService.objects.filter(in_reach(user, May.DOORS, "door__stairs__") | mine)


def lendings_visible_to(user: Visitor) -> QuerySet[Lending]:
    """Those to and from the areas that one runs, or stands above."""
    mine = within(user, May.RUN, "giver") | within(user, May.RUN, "taker")
    return Lending.objects.filter(mine | within(user, May.SHARE, "giver") | within(user, May.SHARE, "taker"))


def lendings_proposed_by(user: Visitor) -> QuerySet[Lending]:
    """Those between communities that the user stands above."""
    return Lending.objects.filter(within(user, May.SHARE, "giver"), within(user, May.SHARE, "taker"))


def lendings_given_by(user: Visitor) -> QuerySet[Lending]:
    """Those the user may say yes to for the giving community."""
    return Lending.objects.filter(within(user, May.RUN, "giver"))


def lendings_taken_by(user: Visitor) -> QuerySet[Lending]:
    """Those the user may say yes to for the receiving one."""
    return Lending.objects.filter(within(user, May.RUN, "taker"))


def lendings_decided_by(user: Visitor) -> QuerySet[Lending]:
    """Those the user may say no to, for one of the ends."""
    return lendings_given_by(user) | lendings_taken_by(user)


def lendings_ended_by(user: Visitor) -> QuerySet[Lending]:
    return lendings_proposed_by(user) | lendings_decided_by(user)


def takeovers_visible_to(user: Visitor) -> QuerySet[Takeover]:
    return Takeover.objects.filter(within(user, May.SEE, "area"))
