"""Door rounds: on the desk of the community or the grid, and on the phone of who has the beat."""

from datetime import datetime

from django.db.models import Q, QuerySet
from django.utils import timezone

from communities.access import May, Visitor, within
from communities.models import User
from staffing.access.whose import NOBODY
from staffing.models import (
    Beat,
    BeatHolding,
    DoorRound,
    DoorVisit,
    HomeService,
    RoundDoor,
    RoundEntrance,
)
from staffing.queries.beats import entrances_on_phone


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
