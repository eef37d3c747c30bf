import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _


class Seal(models.Model):
    """A stretch of one table's history, fixed: the rows after the table's seal before, up to `last`.

    `rows` holds the number and the mark of each, `columns` what the marks are made of, `digest` covers all of it and
    the seal before, whatever table that is of.
    """

    table = models.CharField(_("table"), max_length=60)
    columns = ArrayField(models.CharField(max_length=63), verbose_name=_("columns"))
    last = models.BigIntegerField(_("last row"))
    count = models.PositiveIntegerField(_("rows"))
    rows = models.BinaryField(_("marks"))
    previous = models.CharField(_("digest before"), max_length=64, unique=True)
    digest = models.CharField(_("digest"), max_length=64, unique=True)
    at = models.DateTimeField(_("sealed"))

    class Meta:
        verbose_name = _("seal of the history")
        verbose_name_plural = _("seals of the history")
        constraints = [models.UniqueConstraint(fields=["table", "last"], name="seal_stretch_once")]
        triggers = [pgtrigger.Protect(name="seals_stay", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.table} {self.last}"
