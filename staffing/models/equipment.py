from typing import Self

import pghistory
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from communities.models import Area, User
from communities.models.areas import Named
from staffing.models.roles import Role
from staffing.models.signups import SignUp

SETTLED = F("good") + F("damaged") + F("lost")


class Things(models.QuerySet["Equipment"]):
    def listed(self) -> Self:
        return self.filter(retired_at=None)

    def at(self, area: Area) -> Self:
        """What is handed out at the sites of the area: its own things, and those of the areas above."""
        return self.filter(area__in=area.ancestor_ids)


@pghistory.track(
    pghistory.InsertEvent(),
    pghistory.UpdateEvent(condition=pghistory.AnyChange(exclude=["stock"])),
    pghistory.DeleteEvent(),
)
class Equipment(Named):
    """A kind of thing that an area keeps and its points hand out: red vests, radios, masks.

    `stock` is what lies there now, if somebody counts it; every handing out and taking back changes it. `counts` is how
    often it was counted by hand: each of these is in the history, and a low stock is told once between two of them.
    """

    area = models.ForeignKey(Area, models.PROTECT, related_name="equipment", verbose_name=_("area"))
    comes_back = models.BooleanField(_("comes back"), default=True)
    each = models.PositiveSmallIntegerField(_("for each person"), default=1)
    everybody = models.BooleanField(_("for everybody"), default=False)
    risky = models.BooleanField(_("for all risky roles"), default=False)
    roles = models.ManyToManyField(Role, blank=True, related_name="equipment", verbose_name=_("for these roles"))
    stock = models.IntegerField(_("in stock"), null=True, blank=True)
    low = models.PositiveIntegerField(_("low at"), null=True, blank=True)
    counts = models.PositiveIntegerField(_("times counted"), default=0, editable=False)
    retired_at = models.DateTimeField(_("not handed out since"), null=True, blank=True)
    is_demo = models.BooleanField(default=False, editable=False)

    objects = Things.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("equipment", "thing to hand out")
        verbose_name_plural = pgettext_lazy("equipment", "things to hand out")
        ordering = ["area_id", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["area", "name"], name="equipment_once"),
            models.CheckConstraint(name="equipment_each_in_range", condition=Q(each__gte=1, each__lte=99)),
            models.CheckConstraint(name="equipment_never_below_nothing", condition=Q(stock__gte=0)),
        ]


class Issues(models.QuerySet["EquipmentIssue"]):
    def out(self) -> Self:
        """Expected back, and not all of it settled."""
        return self.filter(thing__comes_back=True, number__gt=SETTLED)


@pghistory.track()
class EquipmentIssue(models.Model):
    """What somebody was handed of one thing on a shift, in all, and what became of it.

    Of a thing that comes back, `good` and `damaged` came back and `lost` never will; what is left is still out. Of a
    thing that is used up, `good` came back unused.
    """

    thing = models.ForeignKey(Equipment, models.PROTECT, related_name="issues", verbose_name=_("thing"))
    sign_up = models.ForeignKey(SignUp, models.CASCADE, related_name="equipment", verbose_name=_("sign-up"))
    number = models.PositiveSmallIntegerField(_("handed out"))
    good = models.PositiveSmallIntegerField(_("back in order"), default=0)
    damaged = models.PositiveSmallIntegerField(_("back damaged"), default=0)
    lost = models.PositiveSmallIntegerField(pgettext_lazy("equipment", "lost"), default=0)
    issued_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+", verbose_name=_("handed out by"))
    issued_at = models.DateTimeField(_("handed out at"))
    settled_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("taken back by")
    )
    settled_at = models.DateTimeField(_("taken back at"), null=True, blank=True)
    changed_at = models.DateTimeField(_("changed"), auto_now=True)

    objects = Issues.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("equipment", "hand-out")
        verbose_name_plural = pgettext_lazy("equipment", "hand-outs")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["sign_up", "thing"], name="equipment_issued_once"),
            models.CheckConstraint(name="equipment_number_in_range", condition=Q(number__lte=99)),
            models.CheckConstraint(
                name="equipment_no_more_back_than_out", condition=Q(number__gte=F("good") + F("damaged") + F("lost"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.thing_id} × {self.number}"

    @property
    def out(self) -> int:
        """Still expected back."""
        return self.number - self.good - self.damaged - self.lost if self.thing.comes_back else 0

    @property
    def held(self) -> int:
        """In the person's hands, whether it is expected back or used up."""
        return self.number - self.good - self.damaged - self.lost
