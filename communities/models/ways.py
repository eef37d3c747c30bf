import pghistory
from django.db import models
from django.utils.translation import gettext_lazy as _

from communities.fields import EncryptedText
from communities.models.users import User
from communities.states import Topic

TOPICS = {
    Topic.CALLS: _("calls for volunteers"),
    Topic.RIDES: _("rides that wait for a driver"),
    Topic.NEWS: _("news of the community"),
    Topic.TEAMS: _("teams one is put into"),
    Topic.TOGETHER: _("people who ask to come with me"),
}


@pghistory.track(pghistory.InsertEvent(), pghistory.DeleteEvent())
class OptOut(models.Model):
    """Somebody wants to hear no more of a topic, by whatever way."""

    user = models.ForeignKey(User, models.CASCADE, related_name="opt_outs", verbose_name=_("account"))
    topic = models.CharField(_("topic"), max_length=10, choices=TOPICS)
    since = models.DateTimeField(_("since"))

    class Meta:
        verbose_name = _("topic somebody does not want")
        verbose_name_plural = _("topics somebody does not want")
        constraints = [models.UniqueConstraint(fields=["user", "topic"], name="opt_out_once")]

    def __str__(self) -> str:
        return f"#{self.user_id} {self.topic}"


@pghistory.track(pghistory.InsertEvent(), pghistory.DeleteEvent(), exclude=["subscription", "endpoint_hash"])
class Browser(models.Model):
    """A browser that shows somebody's messages. `subscription` is what the browser gave: endpoint, p256dh and auth."""

    user = models.ForeignKey(User, models.CASCADE, related_name="browsers", verbose_name=_("account"))
    subscription = EncryptedText(_("subscription"))
    endpoint_hash = models.CharField(max_length=64, unique=True, editable=False)
    since = models.DateTimeField(_("since"))

    class Meta:
        verbose_name = _("browser that shows messages")
        verbose_name_plural = _("browsers that show messages")

    def __str__(self) -> str:
        return f"#{self.user_id} {self.pk}"
