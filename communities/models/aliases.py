import pghistory
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from communities.models.places import Compound
from communities.models.users import User


@pghistory.track()
class PlaceAlias(models.Model):
    """What people write for a compound, learned from somebody's decision. `text` is as rules.residence.place_of cuts it."""

    text = models.CharField(_("what people write"), max_length=200, unique=True)
    compound = models.ForeignKey(Compound, models.CASCADE, related_name="aliases", verbose_name=_("compound"))
    learned_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("decided by")
    )
    learned_at = models.DateTimeField(_("decided"), default=timezone.now)

    class Meta:
        verbose_name = _("other name of a place")
        verbose_name_plural = _("other names of places")
        ordering = ["text"]

    def __str__(self) -> str:
        return f"{self.text} → {self.compound}"
