"""Rotas."""

from django.db.models import QuerySet

from communities.access import May, Visitor, within
from staffing.models import Rota, RotaMember


def rotas_visible_to(user: Visitor) -> QuerySet[Rota]:
    return Rota.objects.filter(within(user, May.SEE, "area"))


def rotas_run_by(user: Visitor) -> QuerySet[Rota]:
    return Rota.objects.filter(within(user, May.RUN, "area"))


def rotas_named_to(user: Visitor) -> QuerySet[Rota]:
    """Those whose people the user may know by name."""
    return Rota.objects.filter(within(user, May.NAMES, "area"))


def rota_members_visible_to(user: Visitor) -> QuerySet[RotaMember]:
    return RotaMember.objects.filter(within(user, May.NAMES, "rota__area"))


def rota_members_run_by(user: Visitor) -> QuerySet[RotaMember]:
    return RotaMember.objects.filter(within(user, May.RUN, "rota__area"))
