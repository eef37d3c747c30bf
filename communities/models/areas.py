from datetime import time
from typing import Any, Self
from zoneinfo import ZoneInfo

import pghistory
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from communities.states import Level

LEVELS = {
    Level.CITY: _("city"),
    Level.DISTRICT: _("district"),
    Level.SUBDISTRICT: _("subdistrict"),
    Level.COMMUNITY: _("community"),
    Level.GRID: _("grid"),
}


class Named(models.Model):
    """Something with a Chinese name and, where there is one, an English name."""

    name = models.CharField(_("name"), max_length=120)
    name_en = models.CharField(_("English name"), max_length=120, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name_en if self.name_en and get_language() == "en" else self.name


class TreeQuerySet(models.QuerySet[Any]):
    def under(self, *nodes: "Node") -> Self:
        """The nodes themselves and everything below them."""
        wanted = models.Q(pk__in=[])
        for node in nodes:
            wanted |= models.Q(path__startswith=node.path)
        return self.filter(wanted)


class Node(Named):
    """A node of a tree. `path` is "/1/5/9/": the ids from the root down to the node itself."""

    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("parent")
    )
    path = models.CharField(max_length=200, editable=False, default="")

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        super().save(*args, **kwargs)
        path = f"{self.parent.path if self.parent else '/'}{self.pk}/"
        if path != self.path:
            type(self)._base_manager.filter(pk=self.pk).update(path=path)
            self.path = path
            for child in type(self)._base_manager.filter(models.Q(parent=self)):
                child.save()

    @property
    def ancestor_ids(self) -> list[int]:
        """From the root down, with the node itself."""
        return [int(part) for part in self.path.split("/") if part]


@pghistory.track()
class Area(Node):
    """A place that can decide, from the city down to the grid. Settings left empty come from the nearest ancestor."""

    level = models.CharField(_("level"), max_length=12, choices=LEVELS)
    code = models.CharField(_("GB/T 2260 code"), max_length=12, null=True, blank=True, unique=True)
    code_verified = models.BooleanField(_("code verified"), default=False)
    time_zone = models.CharField(_("time zone"), max_length=40, blank=True)
    reminder_leads = ArrayField(
        models.PositiveIntegerField(), verbose_name=_("reminder leads (minutes)"), null=True, blank=True
    )
    evening_before = models.TimeField(_("evening reminder at"), null=True, blank=True)
    quiet_from = models.TimeField(_("quiet from"), null=True, blank=True)
    quiet_to = models.TimeField(_("quiet to"), null=True, blank=True)
    is_demo = models.BooleanField(default=False, editable=False)

    objects = TreeQuerySet.as_manager()

    class Meta:
        verbose_name = _("area")
        verbose_name_plural = _("areas")
        indexes = [models.Index(fields=["path"], name="area_path", opclasses=["varchar_pattern_ops"])]


class Communities(models.Manager["Community"].from_queryset(TreeQuerySet)):  # type: ignore[misc]
    def get_queryset(self) -> TreeQuerySet:
        return super().get_queryset().filter(level=Level.COMMUNITY)


class Community(Area):
    objects = Communities()

    class Meta:
        proxy = True
        verbose_name = _("community")
        verbose_name_plural = _("communities")


DEFAULT_ZONE = ZoneInfo("Asia/Shanghai")
DEFAULT_LEADS = (24 * 60, 2 * 60)
DEFAULT_EVENING = time(20, 0)
DEFAULT_QUIET = (time(22, 0), time(6, 0))
