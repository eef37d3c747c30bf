from datetime import datetime, timedelta
from typing import Self

import pghistory
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Greatest, Least
from django.utils.translation import gettext_lazy as _

from volunteers.models.people import Volunteer

ASKED_FOR = timedelta(days=14)  # so long a question waits for its answer


class Companionships(models.QuerySet["Companionship"]):
    def together(self) -> Self:
        """Both have said so, and neither has ended it."""
        return self.filter(confirmed_at__isnull=False, over_at=None)

    def waiting(self, now: datetime) -> Self:
        return self.filter(confirmed_at=None, over_at__gt=now)

    def of(self, volunteer_id: int) -> Self:
        return self.filter(Q(asker=volunteer_id) | Q(asked=volunteer_id))

    def shown_to(self, volunteer_id: int, now: datetime) -> Self:
        """What the person has asked, whom they are asked by, and whom they come with. A no is not shown to who asked."""
        alive = Q(over_at=None) | Q(over_at__gt=now)
        return self.filter(alive, Q(asker=volunteer_id) | Q(asked=volunteer_id, declined_at=None))


@pghistory.track()
class Companionship(models.Model):
    """Two people who come together. One gives the other's volunteer number, the other says yes; either ends it.

    What was asked is a row whether or not somebody has that number; `asked` is found out later, by the clock.
    `over_at`: when it ended, or will lapse unanswered.
    """

    asker = models.ForeignKey(Volunteer, models.CASCADE, related_name="companions_asked", verbose_name=_("who asked"))
    number = models.CharField(_("number asked"), max_length=10)
    asked = models.ForeignKey(
        Volunteer, models.CASCADE, null=True, blank=True, related_name="asked_by", verbose_name=_("who was asked")
    )
    asked_at = models.DateTimeField(_("asked"))
    looked_up_at = models.DateTimeField(_("number looked up"), null=True, blank=True)
    declined_at = models.DateTimeField(_("declined"), null=True, blank=True)
    confirmed_at = models.DateTimeField(_("confirmed"), null=True, blank=True)
    over_at = models.DateTimeField(_("over"), null=True, blank=True, db_index=True)

    objects = Companionships.as_manager()

    class Meta:
        verbose_name = _("people who come together")
        verbose_name_plural = _("people who come together")
        constraints = [
            models.CheckConstraint(name="companion_of_another", condition=~Q(asker=F("asked"))),
            models.CheckConstraint(
                name="companions_are_two",
                condition=Q(over_at__isnull=False) | Q(confirmed_at__isnull=False, asked__isnull=False),
            ),
            models.UniqueConstraint(
                Least("asker", "asked"),
                Greatest("asker", "asked"),
                condition=Q(confirmed_at__isnull=False, over_at=None),
                name="companions_once",
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.asker_id} + #{self.asked_id}"

    @property
    def together(self) -> bool:
        return self.confirmed_at is not None and self.over_at is None
