import pghistory
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from communities.models import User
from staffing.models.door_rounds import OUTCOMES, Beat, RoundDoor
from staffing.models.signups import SignUp
from staffing.states import HOME_LIVE, HomeStatus, Need

NEEDS = {
    Need.SAMPLING: _("sampling at home"),
    Need.MEDICINE: _("medicine"),
    Need.FOOD: _("food"),
    Need.CARE: _("care"),
    Need.REPAIR: _("water, power, repair"),
}
HOME_STATUSES = {
    HomeStatus.OPEN: _("to be planned"),
    HomeStatus.PLANNED: _("planned"),
    HomeStatus.DONE: _("done"),
    HomeStatus.CANCELLED: _("cancelled"),
}


@pghistory.track()
class BeatHolding(models.Model):
    """A seat holds a beat, from when it was given until it is taken back."""

    beat = models.ForeignKey(Beat, models.CASCADE, related_name="holdings", verbose_name=_("beat"))
    sign_up = models.ForeignKey(SignUp, models.CASCADE, related_name="beats", verbose_name=_("sign-up"))
    since = models.DateTimeField(_("from"))
    until = models.DateTimeField(_("until"), null=True, blank=True)
    given_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+", verbose_name=_("given by"))

    class Meta:
        verbose_name = _("holder of a beat")
        verbose_name_plural = _("holders of beats")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["beat", "sign_up"], condition=Q(until=None), name="beat_held_once")
        ]

    def __str__(self) -> str:
        return f"{self.beat_id}: #{self.sign_up_id}"


class DoorVisit(models.Model):
    """One tap at a door. Never changed, only undone; so the rows are their own history.

    `client_id` is the phone's: the same tap sent twice is one. `made_at` is when it was made, `received_at` when it
    came. `desk`: the word of somebody at the desk, which replaces those before.
    """

    door = models.ForeignKey(RoundDoor, models.CASCADE, related_name="visits", verbose_name=_("door"))
    by = models.ForeignKey(User, models.PROTECT, related_name="door_visits", verbose_name=_("by"))
    client_id = models.UUIDField(editable=False)
    outcome = models.CharField(_("outcome"), max_length=12, choices=OUTCOMES)
    need = models.CharField(_("need"), max_length=10, choices=NEEDS, blank=True)
    desk = models.BooleanField(_("at the desk"), default=False)
    made_at = models.DateTimeField(_("made"))
    received_at = models.DateTimeField(_("received"))
    undone_at = models.DateTimeField(_("undone"), null=True, blank=True)

    class Meta:
        verbose_name = _("door visit")
        verbose_name_plural = _("door visits")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["by", "client_id"], name="tap_once"),
            models.CheckConstraint(name="visit_has_outcome", condition=~Q(outcome="pending")),
            models.CheckConstraint(name="need_of_home_service", condition=Q(need="") | Q(outcome="home_service")),
        ]

    def __str__(self) -> str:
        return f"{self.door_id}: {self.outcome}"


@pghistory.track()
class HomeService(models.Model):
    """Somebody has to come to a door: what for, who sees to it, and by when."""

    door = models.ForeignKey(RoundDoor, models.CASCADE, related_name="homes", verbose_name=_("door"))
    need = models.CharField(_("need"), max_length=10, choices=NEEDS)
    status = models.CharField(_("status"), max_length=10, choices=HOME_STATUSES, default=HomeStatus.OPEN)
    owner = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("owner"))
    due_at = models.DateTimeField(_("due"))
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    created_at = models.DateTimeField(_("asked for"))

    class Meta:
        verbose_name = _("home service")
        verbose_name_plural = _("home services")
        ordering = ["due_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["door", "need"], condition=Q(status__in=sorted(HOME_LIVE)), name="home_service_once"
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.need}"
