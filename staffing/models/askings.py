import pghistory
from django.db import models
from django.utils.translation import gettext_lazy as _

from communities.models import User
from staffing.models.calls import CallUp
from staffing.states import CallReply

CALL_REPLIES = {
    CallReply.REMIND_ME: _("tell me when it opens"),
    CallReply.NOT_THIS_TIME: _("not this time"),
}


@pghistory.track()
class Asking(models.Model):
    """A call told to people: by whom, when, to how many. Who has not answered may be asked again in a later round."""

    call_up = models.ForeignKey(CallUp, models.CASCADE, related_name="askings", verbose_name=_("call"))
    again = models.BooleanField(_("again"), default=False)
    people = models.PositiveIntegerField(_("people"))
    groups = models.PositiveIntegerField(_("chat groups"), default=0)
    asked_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("asked by")
    )
    asked_at = models.DateTimeField(_("asked"))

    class Meta:
        verbose_name = _("round of messages")
        verbose_name_plural = _("rounds of messages")
        ordering = ["asked_at", "id"]

    def __str__(self) -> str:
        return f"{self.call_up_id}: {self.people}"


@pghistory.track()
class Reply(models.Model):
    """What somebody says to a call without signing up: tell me when it opens, or not this time."""

    call_up = models.ForeignKey(CallUp, models.CASCADE, related_name="replies", verbose_name=_("call"))
    user = models.ForeignKey(User, models.CASCADE, related_name="+", verbose_name=_("account"))
    said = models.CharField(_("answer"), max_length=14, choices=CALL_REPLIES)
    said_at = models.DateTimeField(_("at"))
    told_at = models.DateTimeField(_("told"), null=True, blank=True)

    class Meta:
        verbose_name = _("reply to a call")
        verbose_name_plural = _("replies to calls")
        constraints = [models.UniqueConstraint(fields=["call_up", "user"], name="reply_once")]
        indexes = [
            models.Index(
                fields=["call_up"],
                name="reply_untold",
                condition=models.Q(said="remind_me", told_at=None),
            )
        ]

    def __str__(self) -> str:
        return f"{self.call_up_id}: {self.said}"
