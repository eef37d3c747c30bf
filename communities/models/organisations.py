import pghistory
from django.db import models
from django.utils.translation import gettext_lazy as _

from communities.models.areas import Node, TreeQuerySet

ORGANISATION_KINDS = {
    "government": _("government office"),
    "police": _("police"),
    "transport": _("transport"),
    "health": _("health"),
    "township": _("township"),
    "enterprise": _("enterprise"),
    "school": _("school"),
    "volunteer_group": _("volunteer group"),
    "fleet": _("vehicle fleet"),
    "utility": _("utility"),
}


@pghistory.track()
class Organisation(Node):
    """A body that employs, sends or gathers people."""

    kind = models.CharField(_("kind"), max_length=20, choices=ORGANISATION_KINDS, default="government")
    code = models.CharField(_("code"), max_length=40, null=True, blank=True, unique=True)
    is_demo = models.BooleanField(default=False, editable=False)

    objects = TreeQuerySet.as_manager()

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        indexes = [models.Index(fields=["path"], name="organisation_path", opclasses=["varchar_pattern_ops"])]
