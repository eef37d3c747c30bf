import json
import uuid
from typing import Any, Self

import pghistory
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from communities.fields import EncryptedText
from communities.models import Area, User
from staffing.models.calls import CallUp
from staffing.models.signups import SignUp
from staffing.states import ChainState
from volunteers.models import Volunteer

CHAIN_STATES = {
    ChainState.ENTERED: _("entered"),
    ChainState.ASKING: _("waits for an answer"),
    ChainState.ASIDE: _("put aside"),
    ChainState.TAKEN_BACK: _("taken back"),
}


@pghistory.track()
class ChainList(models.Model):
    """The chain list (接龙) of a call, as far as it has been pasted. It goes when the call goes."""

    call_up = models.OneToOneField(CallUp, models.CASCADE, related_name="chain", verbose_name=_("call"))
    title = models.CharField(_("title"), max_length=200, blank=True)
    pastes = models.PositiveIntegerField(_("pasted how often"), default=0)
    pasted_at = models.DateTimeField(_("last pasted"), default=timezone.now)
    pasted_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("pasted by")
    )

    class Meta:
        verbose_name = _("chain list")
        verbose_name_plural = _("chain lists")

    def __str__(self) -> str:
        return self.title or f"#{self.pk}"


class ChainRows(models.QuerySet["ChainRow"]):
    def current(self) -> Self:
        """What the list last said, in its order."""
        return self.exclude(state=ChainState.TAKEN_BACK, gone=True).order_by("line", "pk")

    def asking(self) -> Self:
        return self.filter(state=ChainState.ASKING)


@pghistory.track(exclude=["said"])
class ChainRow(models.Model):
    """One line of a chain list, and what has become of it. What people wrote about themselves is encrypted.

    `fingerprint` is a keyed hash of who it is about: the same line is never entered twice. `party` joins the seats of
    everybody the line brings. `reason` and `facts` say why it waits.
    """

    chain = models.ForeignKey(ChainList, models.CASCADE, related_name="rows", verbose_name=_("chain list"))
    fingerprint = models.CharField(max_length=64, editable=False)
    line = models.PositiveIntegerField(_("line"))
    said = EncryptedText(_("what was written"))
    state = models.CharField(_("state"), max_length=12, choices=CHAIN_STATES)
    gone = models.BooleanField(_("no longer in the list"), default=False)
    reason = models.CharField(_("reason"), max_length=30, blank=True)
    facts = models.JSONField(_("facts"), default=dict, blank=True)
    how = models.CharField(_("recognised by"), max_length=10, blank=True)
    building = models.CharField(_("building"), max_length=20, blank=True)
    party = models.UUIDField(_("signed up together"), default=uuid.uuid4, editable=False)
    volunteer = models.ForeignKey(
        Volunteer, models.SET_NULL, null=True, blank=True, related_name="chain_rows", verbose_name=_("volunteer")
    )
    sign_up = models.ForeignKey(
        SignUp, models.SET_NULL, null=True, blank=True, related_name="chain_rows", verbose_name=_("sign-up")
    )
    entered_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("entered by")
    )
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(_("changed"), auto_now=True)

    objects = ChainRows.as_manager()

    class Meta:
        verbose_name = _("line of a chain list")
        verbose_name_plural = _("lines of chain lists")
        constraints = [models.UniqueConstraint(fields=["chain", "fingerprint"], name="chain_row_once")]

    def __str__(self) -> str:
        return f"{self.line}. {self.state}"

    @property
    def stands(self) -> bool:
        """Somebody has been given a place by this line, and it has not been given back by the list."""
        return self.sign_up_id is not None and self.state != ChainState.TAKEN_BACK

    @property
    def document(self) -> dict[str, Any]:
        """What was written, field by field, as docs/chain.md has it."""
        found: dict[str, Any] = json.loads(self.said)
        return found


@pghistory.track(exclude=["name"])
class ChainAlias(models.Model):
    """What somebody calls themselves in the chats of a community, learned from an answer."""

    community = models.ForeignKey(Area, models.CASCADE, related_name="+", verbose_name=_("community"))
    name = EncryptedText(_("name"))
    name_hash = models.CharField(max_length=64, editable=False)
    volunteer = models.ForeignKey(Volunteer, models.CASCADE, related_name="chain_aliases", verbose_name=_("volunteer"))
    learned_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("learned from")
    )
    learned_at = models.DateTimeField(_("learned"), default=timezone.now)

    class Meta:
        verbose_name = _("name in the chat")
        verbose_name_plural = _("names in the chat")
        constraints = [models.UniqueConstraint(fields=["community", "name_hash"], name="chain_alias_once")]

    def __str__(self) -> str:
        return str(self.volunteer_id)
