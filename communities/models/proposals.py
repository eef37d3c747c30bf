from typing import Self

import pghistory
from django.db import models
from django.utils.translation import gettext_lazy as _

from communities.models.areas import Area
from communities.models.places import Compound
from communities.models.users import User
from communities.models.zones import ONE_PLACE, ZONE_REASONS, ZoneStatus
from communities.states import ProposalStatus, ZoneReason

PROPOSAL_STATUSES = {
    ProposalStatus.PROPOSED: _("proposed"),
    ProposalStatus.SET: _("set"),
    ProposalStatus.REFUSED: _("refused"),
    ProposalStatus.WITHDRAWN: _("withdrawn"),
}


class ZoneProposals(models.QuerySet["ZoneProposal"]):
    def waiting(self) -> Self:
        return self.filter(status=ProposalStatus.PROPOSED)


@pghistory.track()
class ZoneProposal(models.Model):
    """A level that the community asks for. Somebody else, of the district or above, sets it under a notice or refuses."""

    compound = models.ForeignKey(
        Compound, models.CASCADE, null=True, blank=True, related_name="zone_proposals", verbose_name=_("compound")
    )
    area = models.ForeignKey(
        Area, models.CASCADE, null=True, blank=True, related_name="zone_proposals", verbose_name=_("area")
    )
    level = models.SlugField(_("level"), max_length=30)
    group = models.CharField(_("zone group"), max_length=40, blank=True)
    since = models.DateTimeField(_("valid from"))
    reason = models.CharField(_("reason"), max_length=20, choices=ZONE_REASONS, default=ZoneReason.ROUND_RESULT)
    status = models.CharField(_("status"), max_length=10, choices=PROPOSAL_STATUSES, default=ProposalStatus.PROPOSED)
    proposed_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("proposed by"))
    proposed_at = models.DateTimeField(_("proposed"))
    decided_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("decided by")
    )
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    answer = models.CharField(_("answer"), max_length=200, blank=True)
    made = models.OneToOneField(
        ZoneStatus, models.SET_NULL, null=True, blank=True, related_name="proposal", verbose_name=_("zone status")
    )

    objects = ZoneProposals.as_manager()

    class Meta:
        verbose_name = _("zone proposal")
        verbose_name_plural = _("zone proposals")
        ordering = ["-proposed_at", "-pk"]
        constraints = [
            models.CheckConstraint(name="proposal_of_compound_or_area", condition=ONE_PLACE),
            models.UniqueConstraint(
                fields=["compound"], condition=models.Q(status="proposed"), name="proposal_once_per_compound"
            ),
            models.UniqueConstraint(
                fields=["area"], condition=models.Q(status="proposed"), name="proposal_once_per_area"
            ),
            models.CheckConstraint(
                name="proposal_set_by_another",
                condition=~models.Q(status__in=["set", "refused"]) | ~models.Q(decided_by=models.F("proposed_by")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.level} #{self.pk}"

    @property
    def place(self) -> Compound | Area:
        place = self.compound or self.area
        assert place
        return place
