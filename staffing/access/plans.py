"""Plans, rounds, norms, proposals to fill seats, and proposals of zones."""

from django.db.models import Q, QuerySet

from communities.access import May, Visitor, areas, granted, of_place, within
from communities.models import Area, ZoneProposal
from staffing.access.whose import NOBODY
from staffing.models import (
    DemandPlan,
    Filling,
    NormProfile,
    Round,
)


def proposals_visible_to(user: Visitor) -> QuerySet[ZoneProposal]:
    return ZoneProposal.objects.filter(of_place(user, May.SEE))


def proposals_made_by(user: Visitor) -> QuerySet[ZoneProposal]:
    return ZoneProposal.objects.filter(of_place(user, May.PROPOSE))


def proposals_decided_by(user: Visitor) -> QuerySet[ZoneProposal]:
    """Those the user may set or refuse."""
    return ZoneProposal.objects.filter(of_place(user, May.ZONES))


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
