import pghistory
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils.translation import gettext_lazy as _

from communities.models.areas import Area, Named

COMPOUND_KINDS = {
    "estate": _("residential compound"),
    "urban_village": _("urban village"),
    "courtyard": _("courtyard"),
    "stretch": _("stretch of a course"),
}
SITE_KINDS = {
    "sampling_point": _("sampling point"),
    "compound_post": _("compound post"),
    "door_beat": _("door-to-door beat"),
    "checkpoint": _("checkpoint"),
    "transport_hub": _("transport hub"),
    "supply_station": _("supply station"),
    "hospital": _("hospital"),
    "isolation_site": _("isolation site"),
    "care_home": _("care home"),
    "school": _("school"),
    "market": _("market"),
    "shelter": _("shelter"),
    "aid_station": _("aid station"),
    "sandbag_point": _("sandbag point"),
    "boat_landing": _("boat landing"),
    "office": _("office"),
}


@pghistory.track()
class Compound(Named):
    """Where people live behind one fence. Residents are a count at a time, never a list."""

    community = models.ForeignKey(Area, models.PROTECT, related_name="compounds", verbose_name=_("community"))
    kind = models.CharField(_("kind"), max_length=20, choices=COMPOUND_KINDS, default="estate")
    residents = models.PositiveIntegerField(_("residents"), null=True, blank=True)
    households = models.PositiveIntegerField(_("households"), null=True, blank=True)
    counted_at = models.DateField(_("counted on"), null=True, blank=True)
    is_demo = models.BooleanField(default=False, editable=False)

    class Meta:
        verbose_name = _("compound")
        verbose_name_plural = _("compounds")
        constraints = [models.UniqueConstraint(fields=["community", "name"], name="compound_name_once")]
        indexes = [GinIndex(fields=["name"], name="compound_name_alike", opclasses=["gin_trgm_ops"])]


@pghistory.track()
class Building(models.Model):
    compound = models.ForeignKey(Compound, models.CASCADE, related_name="buildings", verbose_name=_("compound"))
    no = models.CharField(_("number"), max_length=20)
    storeys = models.PositiveSmallIntegerField(_("storeys"), null=True, blank=True)
    has_lift = models.BooleanField(_("has a lift"), default=True)
    grid = models.ForeignKey(
        Area, models.SET_NULL, null=True, blank=True, related_name="buildings", verbose_name=_("grid")
    )

    class Meta:
        verbose_name = _("building")
        verbose_name_plural = _("buildings")
        constraints = [models.UniqueConstraint(fields=["compound", "no"], name="building_no_once")]

    def __str__(self) -> str:
        return self.no


@pghistory.track()
class Entrance(models.Model):
    building = models.ForeignKey(Building, models.CASCADE, related_name="entrances", verbose_name=_("building"))
    no = models.CharField(_("number"), max_length=20)

    class Meta:
        verbose_name = _("entrance")
        verbose_name_plural = _("entrances")
        constraints = [models.UniqueConstraint(fields=["building", "no"], name="entrance_no_once")]

    def __str__(self) -> str:
        return f"{self.building_id}/{self.no}"


@pghistory.track()
class Door(models.Model):
    entrance = models.ForeignKey(Entrance, models.CASCADE, related_name="doors", verbose_name=_("entrance"))
    number = models.CharField(_("number"), max_length=20)
    floor = models.SmallIntegerField(_("floor"), null=True, blank=True)

    class Meta:
        verbose_name = _("door")
        verbose_name_plural = _("doors")
        constraints = [models.UniqueConstraint(fields=["entrance", "number"], name="door_number_once")]

    def __str__(self) -> str:
        return self.number


@pghistory.track()
class Site(Named):
    """Any place where a shift happens."""

    area = models.ForeignKey(Area, models.PROTECT, related_name="sites", verbose_name=_("area"))
    compound = models.ForeignKey(
        Compound, models.PROTECT, null=True, blank=True, related_name="sites", verbose_name=_("compound")
    )
    kind = models.CharField(_("kind"), max_length=20, choices=SITE_KINDS)
    no = models.PositiveSmallIntegerField(_("number"), null=True, blank=True)
    gate = models.CharField(_("how to get in"), max_length=200, blank=True)
    gate_en = models.CharField(_("how to get in (English)"), max_length=200, blank=True)
    lanes = models.PositiveSmallIntegerField(_("lanes"), null=True, blank=True)
    priority_lane = models.BooleanField(_("has a priority lane"), default=False)
    is_demo = models.BooleanField(default=False, editable=False)

    class Meta:
        verbose_name = _("site")
        verbose_name_plural = _("sites")
        ordering = ["area_id", "no", "id"]
        constraints = [models.UniqueConstraint(fields=["area", "kind", "name"], name="site_name_once")]


class SamplingPoints(models.Manager["SamplingPoint"]):
    def get_queryset(self) -> models.QuerySet["SamplingPoint"]:
        return super().get_queryset().filter(kind="sampling_point")


class SamplingPoint(Site):
    objects = SamplingPoints()

    class Meta:
        proxy = True
        verbose_name = _("sampling point")
        verbose_name_plural = _("sampling points")
