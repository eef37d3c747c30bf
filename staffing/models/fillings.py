import pghistory
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from communities.models import Area, User
from staffing.models.calls import CallUp
from staffing.models.shifts import Post
from staffing.models.signups import SignUp
from staffing.states import FillingStatus, Mark, MoveStatus
from volunteers.models import Volunteer

FILLING_STATUSES = {
    FillingStatus.SOLVING: pgettext_lazy("proposal", "being worked out"),
    FillingStatus.READY: pgettext_lazy("proposal", "ready"),
    FillingStatus.ADOPTED: pgettext_lazy("proposal", "adopted"),
    FillingStatus.STOPPED: pgettext_lazy("proposal", "put aside"),
    FillingStatus.FAILED: pgettext_lazy("proposal", "failed"),
    FillingStatus.UNDONE: pgettext_lazy("proposal", "undone"),
}
MARKS = {
    Mark.FREE: pgettext_lazy("proposed seat", "free to change"),
    Mark.PINNED: pgettext_lazy("proposed seat", "pinned"),
    Mark.BANNED: pgettext_lazy("proposed seat", "not wanted"),
}
MOVE_STATUSES = {
    MoveStatus.PROPOSED: pgettext_lazy("proposed seat", "proposed"),
    MoveStatus.INVITED: pgettext_lazy("proposed seat", "asked"),
    MoveStatus.PLACED: pgettext_lazy("proposed seat", "placed"),
    MoveStatus.GONE: pgettext_lazy("proposed seat", "did not hold any more"),
    MoveStatus.UNDONE: pgettext_lazy("proposed seat", "taken back"),
}


class Fillings(models.QuerySet["Filling"]):
    def unsolved(self) -> "Fillings":
        return self.filter(status=FillingStatus.SOLVING).order_by("pk")

    def unfinished(self) -> "Fillings":
        """Adopted, and not every seat has been given yet."""
        left = {"moves__status": MoveStatus.PROPOSED, "moves__mark__in": [Mark.FREE, Mark.PINNED]}
        return self.filter(**left, status=FillingStatus.ADOPTED).distinct().order_by("pk")


@pghistory.track(
    pghistory.InsertEvent(),
    pghistory.UpdateEvent(condition=pghistory.AnyChange("status", "stop_asked")),
    pghistory.DeleteEvent(),
)
class Filling(models.Model):
    """A proposal who could take the open seats of an area, or of one call, that start in [from, to).

    Nothing of it stands anywhere before it is adopted. The same seed over the same facts gives the same proposal.
    """

    area = models.ForeignKey(Area, models.PROTECT, related_name="fillings", verbose_name=_("area"))
    call_up = models.ForeignKey(
        CallUp, models.CASCADE, null=True, blank=True, related_name="fillings", verbose_name=_("call")
    )
    starts_at = models.DateTimeField(_("shifts from"))
    ends_at = models.DateTimeField(_("shifts until"))
    seconds = models.PositiveSmallIntegerField(_("seconds at most"), default=60)
    seed = models.PositiveIntegerField(_("seed"), default=1)
    status = models.CharField(_("status"), max_length=10, choices=FILLING_STATUSES, default=FillingStatus.SOLVING)
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("asked by"))
    made_at = models.DateTimeField(_("asked"))
    begun_at = models.DateTimeField(_("begun"))
    stop_asked = models.BooleanField(_("stop asked for"), default=False)
    progress = models.JSONField(_("progress"), default=dict)
    tries = models.PositiveSmallIntegerField(_("tries"), default=0)
    solved_at = models.DateTimeField(_("worked out"), null=True, blank=True)
    summary = models.JSONField(_("summary"), default=dict)
    adopted_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("adopted by")
    )
    adopted_at = models.DateTimeField(_("adopted"), null=True, blank=True)
    is_demo = models.BooleanField(default=False, editable=False)

    objects = Fillings.as_manager()

    class Meta:
        verbose_name = _("staffing proposal")
        verbose_name_plural = _("staffing proposals")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(name="filling_ends_after_start", condition=Q(ends_at__gt=F("starts_at"))),
            models.CheckConstraint(
                name="filling_adopted_by_somebody",
                condition=~Q(status=FillingStatus.ADOPTED) | Q(adopted_by__isnull=False, adopted_at__isnull=False),
            ),
        ]
        indexes = [
            models.Index(fields=["id"], name="fillings_unsolved", condition=Q(status=FillingStatus.SOLVING)),
            models.Index(fields=["area", "-id"], name="fillings_here"),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.area}"


class FillingFacts(models.Model):
    """All that was read for one proposal, as arrays (.npz): who begins again after a killed worker reads the same.

    Gone as soon as the proposal is there.
    """

    filling = models.OneToOneField(Filling, models.CASCADE, related_name="facts", verbose_name=_("staffing proposal"))
    data = models.BinaryField(_("arrays"))
    chosen = models.BinaryField(_("chosen pairs"), null=True)
    draft = models.JSONField(_("proposed seats"), default=dict)

    class Meta:
        verbose_name = _("facts of a staffing proposal")
        verbose_name_plural = _("facts of staffing proposals")

    def __str__(self) -> str:
        return f"#{self.filling_id}"


class FillingPart(models.Model):
    """People and posts of a proposal that share nothing with the others: worked out by any worker, in any order."""

    filling = models.ForeignKey(Filling, models.CASCADE, related_name="parts", verbose_name=_("staffing proposal"))
    no = models.PositiveIntegerField(_("number"))
    people = models.PositiveIntegerField(_("people"))
    pairs = models.BinaryField(_("chosen pairs"), null=True)
    objective = models.BigIntegerField(_("objective"), null=True)
    bound = models.BigIntegerField(_("bound"), null=True)
    tries = models.PositiveSmallIntegerField(_("tries"), default=0)

    class Meta:
        verbose_name = _("part of a staffing proposal")
        verbose_name_plural = _("parts of staffing proposals")
        constraints = [models.UniqueConstraint(fields=["filling", "no"], name="filling_part_once")]

    def __str__(self) -> str:
        return f"#{self.filling_id}/{self.no}"


class FillingChunk(models.Model):
    """Some of the posts that a proposal leaves short: why is found out by any worker, in any order."""

    filling = models.ForeignKey(Filling, models.CASCADE, related_name="chunks", verbose_name=_("staffing proposal"))
    no = models.PositiveIntegerField(_("number"))
    found = models.JSONField(_("what stays empty, and why"), null=True)
    tries = models.PositiveSmallIntegerField(_("tries"), default=0)

    class Meta:
        verbose_name = _("posts of a staffing proposal")
        verbose_name_plural = _("posts of staffing proposals")
        constraints = [models.UniqueConstraint(fields=["filling", "no"], name="filling_chunk_once")]

    def __str__(self) -> str:
        return f"#{self.filling_id}/{self.no}"


@pghistory.track()
class Move(models.Model):
    """One person proposed for one post, why, and what became of it. A banned one stays so when it is worked out again."""

    filling = models.ForeignKey(Filling, models.CASCADE, related_name="moves", verbose_name=_("staffing proposal"))
    post = models.ForeignKey(Post, models.CASCADE, related_name="moves", verbose_name=_("post"))
    volunteer = models.ForeignKey(Volunteer, models.CASCADE, related_name="moves", verbose_name=_("volunteer"))
    asked = models.BooleanField(_("is asked first"), default=True)
    reasons = models.JSONField(_("reasons"), default=list)
    mark = models.CharField(_("mark"), max_length=8, choices=MARKS, default=Mark.FREE)
    status = models.CharField(_("status"), max_length=10, choices=MOVE_STATUSES, default=MoveStatus.PROPOSED)
    code = models.CharField(_("reason"), max_length=30, blank=True)
    sign_up = models.OneToOneField(
        SignUp, models.SET_NULL, null=True, blank=True, related_name="move", verbose_name=_("sign-up")
    )

    class Meta:
        verbose_name = _("proposed seat")
        verbose_name_plural = _("proposed seats")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["filling", "post", "volunteer"], name="move_once")]

    def __str__(self) -> str:
        return f"#{self.filling_id}: {self.post_id}"


class Gap(models.Model):
    """Seats of a post that a proposal leaves empty, and the rule that binds."""

    filling = models.ForeignKey(Filling, models.CASCADE, related_name="gaps", verbose_name=_("staffing proposal"))
    post = models.ForeignKey(Post, models.CASCADE, related_name="+", verbose_name=_("post"))
    seats = models.PositiveSmallIntegerField(_("seats"))
    binding = models.CharField(_("reason"), max_length=30)
    eligible = models.PositiveIntegerField(_("people who may"), default=0)
    near = models.JSONField(_("kept away by one rule alone"), default=dict)

    class Meta:
        verbose_name = _("seat left empty")
        verbose_name_plural = _("seats left empty")
        ordering = ["-seats", "pk"]
        constraints = [models.UniqueConstraint(fields=["filling", "post"], name="gap_once")]

    def __str__(self) -> str:
        return f"#{self.filling_id}: {self.post_id} -{self.seats}"
