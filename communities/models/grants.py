from datetime import datetime
from typing import Self

import pghistory
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from communities.models.areas import Area
from communities.models.organisations import Organisation
from communities.models.users import User
from communities.states import RoleName

ROLES = {
    RoleName.CITY_COMMAND: _("city command"),
    RoleName.DISTRICT_LEAD: _("district lead"),
    RoleName.SUBDISTRICT_LEAD: _("subdistrict lead"),
    RoleName.COMMUNITY_LEAD: _("community lead"),
    RoleName.GRID_MEMBER: _("grid member"),
    RoleName.POINT_LEAD: _("point leader"),
    RoleName.ORG_HR: _("personnel officer of an organisation"),
    RoleName.AGENCY_LEAD: _("agency lead"),
    RoleName.TASKFORCE_LEAD: _("task force lead"),
    RoleName.ACTING_LEAD: _("acting lead"),
    RoleName.AUDITOR: _("auditor"),
    RoleName.SYSTEM_ADMIN: _("system administrator"),
}


class Grants(models.QuerySet["Grant"]):
    def in_force(self, now: datetime) -> Self:
        return self.filter(models.Q(ends_at__isnull=True) | models.Q(ends_at__gt=now), starts_at__lte=now)

    def of(self, user: User) -> Self:
        return self.filter(user=user)


@pghistory.track()
class Grant(models.Model):
    """One role on one node of a tree, reaching down the subtree, until it ends."""

    user = models.ForeignKey(User, models.CASCADE, related_name="grants", verbose_name=_("account"))
    role = models.CharField(_("role"), max_length=20, choices=ROLES)
    area = models.ForeignKey(Area, models.PROTECT, null=True, blank=True, related_name="grants", verbose_name=_("area"))
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="grants", verbose_name=_("organisation")
    )
    starts_at = models.DateTimeField(_("from"), default=timezone.now)
    ends_at = models.DateTimeField(_("until"), null=True, blank=True)
    given_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("given by")
    )

    objects = Grants.as_manager()

    class Meta:
        verbose_name = _("grant")
        verbose_name_plural = _("grants")
        constraints = [
            models.CheckConstraint(
                name="grant_on_one_node",
                condition=models.Q(area__isnull=False, organisation__isnull=True)
                | models.Q(area__isnull=True, organisation__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()} @ {self.area or self.organisation}"
