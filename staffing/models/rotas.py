from datetime import date
from typing import Self

import pghistory
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from communities.models import Area, Site, User
from staffing.models.calls import CallUp
from staffing.models.roles import Role
from volunteers.models import Volunteer


@pghistory.track()
class Rota(models.Model):
    """Posts that are held round the clock by the same people in turn. Its shifts are those of its call.

    `changes` are the hours at which people change over, `pattern` which of the shifts somebody has on which day
    (rules/rota_patterns.py). Phases count from `first_day`.
    """

    area = models.ForeignKey(Area, models.PROTECT, related_name="rotas", verbose_name=_("area"))
    call_up = models.OneToOneField(CallUp, models.PROTECT, related_name="rota", verbose_name=_("call"))
    role = models.ForeignKey(Role, models.PROTECT, related_name="+", verbose_name=_("role"))
    changes = ArrayField(models.TimeField(), verbose_name=_("people change over at"))
    pattern = models.CharField(_("pattern"), max_length=60)
    first_day = models.DateField(_("first day"))
    briefing = models.TextField(_("safety briefing"), blank=True)
    briefing_en = models.TextField(_("safety briefing (English)"), blank=True)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    created_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+", editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    is_demo = models.BooleanField(default=False, editable=False)

    class Meta:
        verbose_name = _("rota")
        verbose_name_plural = _("rotas")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return str(self.call_up)


@pghistory.track()
class RotaSite(models.Model):
    """Seats of the rota at one site, the same in every shift."""

    rota = models.ForeignKey(Rota, models.CASCADE, related_name="sites", verbose_name=_("rota"))
    site = models.ForeignKey(Site, models.PROTECT, related_name="rotas", verbose_name=_("site"))
    seats = models.PositiveSmallIntegerField(_("seats"))

    class Meta:
        verbose_name = _("site of a rota")
        verbose_name_plural = _("sites of rotas")
        ordering = ["site__no", "site_id"]
        constraints = [
            models.UniqueConstraint(fields=["rota", "site"], name="rota_site_once"),
            models.CheckConstraint(name="rota_seats_in_range", condition=Q(seats__gte=1, seats__lte=500)),
        ]

    def __str__(self) -> str:
        return f"{self.site} × {self.seats}"


class RotaMembers(models.QuerySet["RotaMember"]):
    def on(self, day: date) -> Self:
        return self.filter(Q(until_day=None) | Q(until_day__gte=day), from_day__lte=day)

    def staying(self, day: date) -> Self:
        return self.filter(Q(until_day=None) | Q(until_day__gte=day))


@pghistory.track()
class RotaMember(models.Model):
    """Somebody of a rota: from where in the pattern they go on, and where they usually stand."""

    rota = models.ForeignKey(Rota, models.CASCADE, related_name="members", verbose_name=_("rota"))
    volunteer = models.ForeignKey(Volunteer, models.CASCADE, related_name="rotas", verbose_name=_("person"))
    phase = models.PositiveSmallIntegerField(_("phase"))
    site = models.ForeignKey(
        Site, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("usual site")
    )
    from_day = models.DateField(_("from"))
    until_day = models.DateField(_("last day"), null=True, blank=True)

    objects = RotaMembers.as_manager()

    class Meta:
        verbose_name = _("person of a rota")
        verbose_name_plural = _("people of rotas")
        ordering = ["phase", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["volunteer"], condition=Q(until_day__isnull=True), name="in_one_rota_at_a_time"
            ),
            models.CheckConstraint(
                name="rota_member_leaves_later", condition=Q(until_day=None) | Q(until_day__gte=F("from_day"))
            ),
        ]

    def __str__(self) -> str:
        return str(self.volunteer)


@pghistory.track()
class RotaDayOff(models.Model):
    """A day off besides the pattern's; `instead` is the pattern's own that the person would serve on for it."""

    member = models.ForeignKey(RotaMember, models.CASCADE, related_name="days_off", verbose_name=_("person"))
    day = models.DateField(_("day off"))
    instead = models.DateField(_("instead of"), null=True, blank=True)
    given_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+", verbose_name=_("given by"))
    given_at = models.DateTimeField(_("given"))

    class Meta:
        verbose_name = _("changed day off")
        verbose_name_plural = _("changed days off")
        ordering = ["day", "pk"]
        constraints = [models.UniqueConstraint(fields=["member", "day"], name="rota_day_off_once")]

    def __str__(self) -> str:
        return f"{self.member_id} {self.day}"


@pghistory.track()
class RotaDay(models.Model):
    """A day of the rota that stands. `gaps` are the seats nobody was left for then, with the reasons."""

    rota = models.ForeignKey(Rota, models.CASCADE, related_name="days", verbose_name=_("rota"))
    day = models.DateField(_("day"))
    seats = models.PositiveIntegerField(_("seats"))
    placed = models.PositiveIntegerField(_("people placed"))
    gaps = models.JSONField(_("left empty"), default=list, blank=True)
    published_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+", verbose_name=_("published by"))
    published_at = models.DateTimeField(_("published"))

    class Meta:
        verbose_name = _("day of a rota")
        verbose_name_plural = _("days of rotas")
        ordering = ["day"]
        constraints = [models.UniqueConstraint(fields=["rota", "day"], name="rota_day_once")]

    def __str__(self) -> str:
        return f"{self.rota_id} {self.day}"
