import pghistory
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from communities.models import User
from staffing.models.signups import SignUp
from staffing.states import ProposalKind

PROPOSAL_KINDS = {
    ProposalKind.CHECK_OUT: _("a long check-out"),
    ProposalKind.CORRECT: _("was there after all"),
}


@pghistory.track()
class Proposal(models.Model):
    """One person's word about somebody's hours, which counts once a second person agrees."""

    sign_up = models.ForeignKey(SignUp, models.CASCADE, related_name="proposals", verbose_name=_("sign-up"))
    kind = models.CharField(_("kind"), max_length=10, choices=PROPOSAL_KINDS)
    started_at = models.DateTimeField(_("from"))
    ended_at = models.DateTimeField(_("until"))
    proposed_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("proposed by"))
    proposed_at = models.DateTimeField(_("proposed"))
    agreed_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("agreed by")
    )
    agreed_at = models.DateTimeField(_("agreed"), null=True, blank=True)

    class Meta:
        verbose_name = _("proposal")
        verbose_name_plural = _("proposals")
        constraints = [
            models.UniqueConstraint(fields=["sign_up"], condition=Q(agreed_at=None), name="proposal_once"),
            models.CheckConstraint(name="proposal_by_two", condition=~Q(agreed_by=F("proposed_by"))),
            models.CheckConstraint(name="proposal_ends_after_start", condition=Q(ended_at__gt=F("started_at"))),
        ]

    def __str__(self) -> str:
        return f"{self.kind} #{self.sign_up_id}"
