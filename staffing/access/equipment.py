"""Things that are handed out, and who was handed what."""

from django.db.models import Q, QuerySet

from communities.access import May, Visitor, within
from communities.models import User
from staffing.access.whose import NOBODY, led_by
from staffing.models import Equipment, EquipmentIssue


def equipment_visible_to(user: Visitor) -> QuerySet[Equipment]:
    """What one's own areas keep."""
    return Equipment.objects.filter(within(user, May.SEE, "area"))


def equipment_run_by(user: Visitor) -> QuerySet[Equipment]:
    """What the user may list, change and count: who runs the area that keeps it."""
    return Equipment.objects.filter(within(user, May.RUN, "area"))


def held_by(user: Visitor) -> Q:
    return Q(sign_up__volunteer__user=user) if isinstance(user, User) else NOBODY


def issues_visible_to(user: Visitor) -> QuerySet[EquipmentIssue]:
    """One's own, those of areas where one may see names, and those of a shift one leads or stands in on."""
    here = within(user, May.NAMES, "sign_up__shift__site__area")
    return EquipmentIssue.objects.filter(held_by(user) | here | led_by(user, "sign_up__shift__"))


def issues_run_by(user: Visitor) -> QuerySet[EquipmentIssue]:
    """Those the user may take back or write off: who takes attendance there, and who runs the place."""
    place = "sign_up__shift__site__area"
    here = within(user, May.CHECK_IN, place) | within(user, May.RUN, place)
    return EquipmentIssue.objects.filter(here | led_by(user, "sign_up__shift__"))
