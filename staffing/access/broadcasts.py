"""Notices to many, and the texts that areas use again."""

from django.db.models import QuerySet

from communities.access import May, Visitor, area_paths, within
from communities.models import Area
from staffing.models import Broadcast, NoticeTemplate


def broadcasts_visible_to(user: Visitor) -> QuerySet[Broadcast]:
    return Broadcast.objects.filter(within(user, May.SEE, "area"))


def broadcasts_run_by(user: Visitor) -> QuerySet[Broadcast]:
    return Broadcast.objects.filter(within(user, May.RUN, "area"))


def notice_templates_visible_to(user: Visitor) -> QuerySet[NoticeTemplate]:
    """Those of one's areas, and of the areas above them."""
    above = {int(part) for path in area_paths(user, May.SEE) for part in path.split("/") if part}
    upper = NoticeTemplate.objects.filter(area__in=Area.objects.filter(pk__in=above))
    return NoticeTemplate.objects.filter(within(user, May.SEE, "area")) | upper


def notice_templates_kept_by(user: Visitor) -> QuerySet[NoticeTemplate]:
    return NoticeTemplate.objects.filter(within(user, May.PLAN, "area"))
