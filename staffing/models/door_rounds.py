from datetime import datetime
from typing import Self

import pghistory
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from communities.models import Area, Door, Entrance, User
from staffing.models.shifts import Shift
from staffing.states import DoorOutcome

OUTCOMES = {
    DoorOutcome.PENDING: pgettext_lazy("door", "not knocked yet"),
    DoorOutcome.NOTIFIED: pgettext_lazy("door", "told"),
    DoorOutcome.NO_ANSWER: pgettext_lazy("door", "no answer"),
    DoorOutcome.HOME_SERVICE: pgettext_lazy("door", "needs a visit"),
    DoorOutcome.VACANT: pgettext_lazy("door", "vacant"),
    DoorOutcome.REFUSED: pgettext_lazy("door", "refused"),
}
COUNTED = ("notified", "no_answer", "home_service", "vacant", "refused")


class DoorRounds(models.QuerySet["DoorRound"]):
    def open(self) -> Self:
        return self.filter(closed_at=None)

    def to_forget(self, before: datetime) -> Self:
        """Closed by then, with doors still kept."""
        return self.filter(closed_at__lte=before, purged_at=None)


@pghistory.track()
class DoorRound(models.Model):
    """Every door of some entrances is knocked at once, until each has an outcome.

    `shift` is the one whose seats do it; `owner` the one to whom the needs that are found are given.
    """

    area = models.ForeignKey(Area, models.PROTECT, related_name="door_rounds", verbose_name=_("community"))
    title = models.CharField(_("title"), max_length=120)
    title_en = models.CharField(_("title (English)"), max_length=120, blank=True)
    script = models.TextField(_("what to say"), blank=True)
    script_en = models.TextField(_("what to say (English)"), blank=True)
    shift = models.ForeignKey(
        Shift, models.SET_NULL, null=True, blank=True, related_name="door_rounds", verbose_name=_("shift")
    )
    owner = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("takes the needs"))
    begins_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("until"))
    waiver = models.CharField(_("closed with open doors because"), max_length=200, blank=True)
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)
    closed_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("closed by")
    )
    purged_at = models.DateTimeField(_("doors forgotten"), null=True, blank=True)
    created_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+", editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    is_demo = models.BooleanField(default=False, editable=False)

    objects = DoorRounds.as_manager()

    class Meta:
        verbose_name = _("door round")
        verbose_name_plural = _("door rounds")
        ordering = ["-begins_at", "-pk"]
        constraints = [
            models.CheckConstraint(name="door_round_ends_later", condition=Q(ends_at__gt=F("begins_at"))),
            models.CheckConstraint(
                name="door_round_purged_after_closing", condition=Q(purged_at=None) | Q(closed_at__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return self.title_en if self.title_en and get_language() == "en" else self.title


@pghistory.track()
class Beat(models.Model):
    """Entrances of a round that go together; held by one seat or more."""

    round = models.ForeignKey(DoorRound, models.CASCADE, related_name="beats", verbose_name=_("round"))
    no = models.PositiveSmallIntegerField(_("number"))

    class Meta:
        verbose_name = _("beat")
        verbose_name_plural = _("beats")
        ordering = ["round_id", "no"]
        constraints = [models.UniqueConstraint(fields=["round", "no"], name="beat_no_once")]

    def __str__(self) -> str:
        return f"{self.round_id}/{self.no}"


class RoundEntrance(models.Model):
    """An entrance in a round, with the counts of its doors; they stay when the doors are forgotten.

    `no_answer` counts doors that were tried often enough; `again` those to be tried once more.
    """

    round = models.ForeignKey(DoorRound, models.CASCADE, related_name="entrances", verbose_name=_("round"))
    entrance = models.ForeignKey(Entrance, models.PROTECT, related_name="rounds", verbose_name=_("entrance"))
    beat = models.ForeignKey(
        Beat, models.SET_NULL, null=True, blank=True, related_name="entrances", verbose_name=_("beat")
    )
    doors_count = models.PositiveIntegerField(_("doors"), default=0)
    notified = models.PositiveIntegerField(OUTCOMES[DoorOutcome.NOTIFIED], default=0)
    no_answer = models.PositiveIntegerField(OUTCOMES[DoorOutcome.NO_ANSWER], default=0)
    home_service = models.PositiveIntegerField(OUTCOMES[DoorOutcome.HOME_SERVICE], default=0)
    vacant = models.PositiveIntegerField(OUTCOMES[DoorOutcome.VACANT], default=0)
    refused = models.PositiveIntegerField(OUTCOMES[DoorOutcome.REFUSED], default=0)
    again = models.PositiveIntegerField(_("to be tried again"), default=0)
    disputed = models.PositiveIntegerField(_("told differently"), default=0)

    class Meta:
        verbose_name = _("entrance of a round")
        verbose_name_plural = _("entrances of rounds")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["round", "entrance"], name="entrance_once_a_round"),
            models.CheckConstraint(
                name="no_more_outcomes_than_doors",
                condition=Q(
                    doors_count__gte=F("notified")
                    + F("no_answer")
                    + F("home_service")
                    + F("vacant")
                    + F("refused")
                    + F("again")
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.round_id}/{self.entrance_id}"

    @property
    def done(self) -> int:
        return sum(getattr(self, name) for name in COUNTED)

    @property
    def pending(self) -> int:
        """Doors without an outcome, those to be tried again among them."""
        return self.doors_count - self.done


class RoundDoor(models.Model):
    """A door in a round and where it stands: the sum of its visits. Forgotten 14 days after the round is closed."""

    stairs = models.ForeignKey(RoundEntrance, models.CASCADE, related_name="doors", verbose_name=_("entrance"))
    door = models.ForeignKey(Door, models.PROTECT, related_name="rounds", verbose_name=_("door"))
    outcome = models.CharField(_("outcome"), max_length=12, choices=OUTCOMES, default=DoorOutcome.PENDING)
    needs = ArrayField(models.CharField(max_length=10), verbose_name=_("needs"), default=list, blank=True)
    tries = models.PositiveSmallIntegerField(_("times without an answer"), default=0)
    said = ArrayField(models.CharField(max_length=12), verbose_name=_("said"), default=list, blank=True)
    last_at = models.DateTimeField(_("last visit"), null=True, blank=True)

    class Meta:
        verbose_name = _("door of a round")
        verbose_name_plural = _("doors of rounds")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["stairs", "door"], name="door_once_a_round")]

    def __str__(self) -> str:
        return f"{self.stairs_id}/{self.door_id}"

    @property
    def disputed(self) -> bool:
        return len(self.said) > 1
