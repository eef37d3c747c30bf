from django.db.models import QuerySet

from communities.access import May, Visitor, granted
from staffing.models import Seal


def seals_visible_to(user: Visitor) -> QuerySet[Seal]:
    """They say nothing about anybody and belong to no area: for all who may read a history somewhere."""
    return Seal.objects.all() if granted(user, May.HISTORY) else Seal.objects.none()
