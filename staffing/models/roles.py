import pghistory
from django.db import models
from django.utils.translation import gettext_lazy as _

from communities.models.areas import Named
from volunteers.models import Qualification


@pghistory.track()
class Role(Named):
    """A kind of work: what it asks of a person, and how long in one go."""

    slug = models.SlugField(_("code"), unique=True)
    icon = models.CharField(_("icon"), max_length=20, default="user")
    note = models.CharField(_("in a few words"), max_length=200, blank=True)
    note_en = models.CharField(_("in a few words (English)"), max_length=200, blank=True)
    requires = models.ManyToManyField(Qualification, blank=True, related_name="roles", verbose_name=_("requires"))
    prefers = models.ManyToManyField(Qualification, blank=True, related_name="preferred_by", verbose_name=_("prefers"))
    max_block_minutes = models.PositiveSmallIntegerField(_("longest block (minutes)"), default=240)
    risky = models.BooleanField(_("risky: briefing and insurance needed"), default=False)
    leads = models.BooleanField(_("leads a site"), default=False)
    counted = models.BooleanField(_("counts in the community's own posts"), default=True)

    class Meta:
        verbose_name = _("role")
        verbose_name_plural = _("roles")
        ordering = ["id"]
