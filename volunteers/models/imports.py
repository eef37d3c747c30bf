from typing import Self

import pghistory
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from communities.fields import EncryptedText
from communities.models import Compound, Organisation, User
from communities.rules.residence import SURE, How
from volunteers.models.people import Volunteer
from volunteers.states import IMPORT_WORKS, ImportStatus, RowState

IMPORT_STATUSES = {
    ImportStatus.UPLOADED: _("being read"),
    ImportStatus.READ: _("read, not taken over"),
    ImportStatus.DECIDED: _("being taken over"),
    ImportStatus.DONE: _("taken over"),
    ImportStatus.CANCELLED: _("cancelled"),
    ImportStatus.FAILED: _("cannot be read"),
}
ROW_STATES = {
    RowState.NEW: _("new on the list"),
    RowState.KNOWN: _("on the list already"),
    RowState.WRONG: _("cannot be taken over"),
    RowState.TAKEN: _("taken over"),
}
HOWS = {
    How.ALIAS: _("decided before"),
    How.NAME_AND_AREA: _("name and area"),
    How.NAME: _("the only one of that name"),
    How.BUILDING: _("the building"),
    How.STEM: _("a short form of the name"),
    How.COMMUNITY: _("the only compound of the community"),
    How.AREA_DIFFERS: _("the name is elsewhere"),
    How.SEVERAL: _("several of that name"),
    How.NEAR: _("sounds alike"),
    How.NOTHING: _("nothing alike"),
}


class StaffImports(models.QuerySet["StaffImport"]):
    def at_work(self) -> Self:
        return self.filter(status__in=IMPORT_WORKS).order_by("pk")


@pghistory.track(exclude=["content", "rows", "read", "changed_at"])
class StaffImport(models.Model):
    """A staff list that an organisation uploads: read row by row, reported, then taken over as a whole or not at all.

    `read` counts the rows with a report, so that a reader who was killed goes on there. `content` is the encrypted
    file, kept only until it has been read.
    """

    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="imports", verbose_name=_("organisation")
    )
    file_name = models.CharField(_("file"), max_length=120)
    ending = models.CharField(max_length=4, editable=False)
    content = models.BinaryField(null=True, editable=False)
    status = models.CharField(_("status"), max_length=10, choices=IMPORT_STATUSES, default=ImportStatus.UPLOADED)
    problem = models.CharField(_("problem"), max_length=30, blank=True)
    strange = ArrayField(models.CharField(max_length=40), verbose_name=_("columns not read"), default=list, blank=True)
    rows = models.PositiveIntegerField(_("rows"), default=0)
    read = models.PositiveIntegerField(_("rows read"), default=0)
    taken = models.PositiveIntegerField(_("rows taken over"), default=0)
    uploaded_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("uploaded by"))
    uploaded_at = models.DateTimeField(_("uploaded"))
    decided_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("decided by")
    )
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)
    changed_at = models.DateTimeField(auto_now=True)

    objects = StaffImports.as_manager()

    class Meta:
        verbose_name = _("staff list")
        verbose_name_plural = _("staff lists")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation"],
                condition=Q(status__in=[ImportStatus.UPLOADED, ImportStatus.READ, ImportStatus.DECIDED]),
                name="one_staff_list_at_a_time",
            )
        ]

    def __str__(self) -> str:
        return self.file_name


class StaffImportRows(models.QuerySet["StaffImportRow"]):
    def wrong(self) -> Self:
        return self.filter(state=RowState.WRONG)

    def unsure(self) -> Self:
        """Nobody knows yet where they live, though something is written."""
        return self.exclude(state=RowState.WRONG).filter(confidence__lt=SURE).exclude(place="")


class StaffImportRow(models.Model):
    """One row with its report: what is wrong with it, whom it means, where they live and how sure that is.

    It goes once the list is taken over, unless somebody still has to say where the person lives.
    """

    staff_import = models.ForeignKey(StaffImport, models.CASCADE, related_name="lines", verbose_name=_("staff list"))
    line = models.PositiveIntegerField(_("line"))
    state = models.CharField(_("state"), max_length=6, choices=ROW_STATES)
    problems = ArrayField(models.CharField(max_length=30), verbose_name=_("problems"), default=list)
    external_id = models.CharField(_("staff number"), max_length=40, blank=True)
    name = models.CharField(_("name"), max_length=120)
    phone_cipher = EncryptedText(null=True)
    phone_hash = models.CharField(max_length=64, blank=True)
    address = EncryptedText(_("address"), blank=True)
    place = models.CharField(_("place as written"), max_length=200, blank=True)
    compound = models.ForeignKey(
        Compound, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("compound")
    )
    confidence = models.PositiveSmallIntegerField(_("confidence"), default=0)
    how = models.CharField(_("recognised by"), max_length=14, choices=HOWS, default=How.NOTHING)
    choices = ArrayField(models.BigIntegerField(), default=list)
    skills = ArrayField(models.BigIntegerField(), verbose_name=_("skills"), default=list)
    volunteer = models.ForeignKey(
        Volunteer, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("volunteer")
    )

    objects = StaffImportRows.as_manager()

    class Meta:
        verbose_name = _("row of a staff list")
        verbose_name_plural = _("rows of staff lists")
        ordering = ["staff_import", "line"]
        constraints = [models.UniqueConstraint(fields=["staff_import", "line"], name="staff_row_once")]

    def __str__(self) -> str:
        return f"{self.line}: {self.state}"
