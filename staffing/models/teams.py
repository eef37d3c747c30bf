from typing import Self

import pghistory
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from communities.models import Area, Organisation, User
from communities.models.areas import Named
from staffing.models.taskforces import TaskForce
from staffing.states import TeamPart
from volunteers.models import Volunteer

TEAM_PARTS = {
    TeamPart.LEADER: pgettext_lazy("of a team", "leader"),
    TeamPart.DEPUTY: pgettext_lazy("of a team", "deputy"),
    TeamPart.MEMBER: pgettext_lazy("of a team", "member"),
}


class Teams(models.QuerySet["Team"]):
    def standing(self) -> Self:
        return self.filter(dissolved_at=None)


@pghistory.track()
class Team(Named):
    """People of an area who are called and placed together (工作队)."""

    area = models.ForeignKey(Area, models.PROTECT, related_name="teams", verbose_name=_("area"))
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="teams", verbose_name=_("lending unit")
    )
    task_force = models.ForeignKey(
        TaskForce, models.SET_NULL, null=True, blank=True, related_name="teams", verbose_name=_("task force")
    )
    formed_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("formed by"))
    formed_at = models.DateTimeField(_("formed"))
    dissolved_at = models.DateTimeField(_("dissolved"), null=True, blank=True)
    is_demo = models.BooleanField(default=False, editable=False)

    objects = Teams.as_manager()

    class Meta:
        verbose_name = _("team")
        verbose_name_plural = _("teams")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["area", "name"], condition=Q(dissolved_at=None), name="team_once")
        ]


class TeamMembers(models.QuerySet["TeamMember"]):
    def present(self) -> Self:
        return self.filter(left_at=None)


@pghistory.track()
class TeamMember(models.Model):
    """Somebody in a team, until they leave it. `area` repeats the team's: nobody is in two teams of one area."""

    team = models.ForeignKey(Team, models.CASCADE, related_name="members", verbose_name=_("team"))
    area = models.ForeignKey(Area, models.PROTECT, related_name="+", verbose_name=_("area"), editable=False)
    volunteer = models.ForeignKey(Volunteer, models.CASCADE, related_name="teams", verbose_name=_("person"))
    part = models.CharField(_("part"), max_length=10, choices=TEAM_PARTS, default=TeamPart.MEMBER)
    joined_at = models.DateTimeField(_("since"))
    left_at = models.DateTimeField(_("left"), null=True, blank=True)

    objects = TeamMembers.as_manager()

    class Meta:
        verbose_name = _("member of a team")
        verbose_name_plural = _("members of teams")
        ordering = ["team_id", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["area", "volunteer"], condition=Q(left_at=None), name="one_team_of_an_area"
            ),
            models.UniqueConstraint(
                fields=["team"], condition=Q(left_at=None, part=TeamPart.LEADER), name="team_has_one_leader"
            ),
            models.UniqueConstraint(
                fields=["team"], condition=Q(left_at=None, part=TeamPart.DEPUTY), name="team_has_one_deputy"
            ),
            models.CheckConstraint(
                name="left_after_joining", condition=Q(left_at=None) | Q(left_at__gte=F("joined_at"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.team_id}: {self.volunteer_id}"
