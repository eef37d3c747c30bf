from collections.abc import Sequence

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from communities.models.areas import Area

NEW, OLD = "new_values", "old_values"


class Happening(models.Model):
    """Something that has become of something: written by the database in the statement that did it.

    `at` is the clock's time at that statement, whose row is locked until the commit, so of one object the later instant is
    the newer state. `area` and `data` are read when it is spread to the webhooks; ids alone, nothing personal.
    """

    topic = models.CharField(_("topic"), max_length=30)
    target = models.BigIntegerField(_("of what"))
    state = models.CharField(_("state"), max_length=30)
    version = models.PositiveIntegerField(_("version"), null=True)
    at = models.DateTimeField(_("at"))
    area = models.ForeignKey(Area, models.CASCADE, null=True, related_name="+", verbose_name=_("area"))
    data = models.JSONField(null=True)
    spread_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("happening")
        verbose_name_plural = _("happenings")
        indexes = [
            models.Index(F("id"), name="happening_unspread", condition=Q(spread_at=None)),
            models.Index(fields=["at"], name="happening_at"),
        ]

    def __str__(self) -> str:
        return f"{self.topic} #{self.target} {self.state}"


def tells(
    topic: str, *, state: str = "status", also: Sequence[str] = (), version: str = "null", hidden: Sequence[str] = ()
) -> tuple[pgtrigger.Trigger, pgtrigger.Trigger]:
    """Triggers that write down what becomes of a table's rows, for the topic: new rows, another `state`, and "changed" where one
    of the columns `also` has another value. Rows in a `hidden` state are nobody's business yet.

    They run once a statement and look first whether any webhook wants to know.
    """
    changed = [f"n.{name} is distinct from o.{name}" for name in (state, *also)]
    what = f"case when n.{state} is distinct from o.{state} then n.{state} else 'changed' end"
    seen = f"n.{state} not in ({', '.join(f"'{one}'" for one in hidden)})" if hidden else "true"
    on_insert = writing(topic, f"n.{state}", version, f"{NEW} n where {seen}")
    on_update = writing(
        topic, what, version, f"{NEW} n join {OLD} o on o.id = n.id where ({' or '.join(changed)}) and {seen}"
    )
    return (
        trigger("happening_insert", pgtrigger.Insert, on_insert, pgtrigger.Referencing(new=NEW)),
        trigger("happening_update", pgtrigger.Update, on_update, pgtrigger.Referencing(old=OLD, new=NEW)),
    )


def tells_new(topic: str, state: str) -> pgtrigger.Trigger:
    """A trigger that writes down new rows alone, under one word."""
    func = writing(topic, f"'{state}'", "null", f"{NEW} n")
    return trigger("happening_insert", pgtrigger.Insert, func, pgtrigger.Referencing(new=NEW))


def writing(topic: str, state: str, version: str, rows: str) -> str:
    return f"""
        if exists (select from communities_webhook where active and topics @> array['{topic}']::varchar[]) then
            insert into communities_happening (topic, target, state, version, at)
            select '{topic}', n.id, {state}, {version}, clock_timestamp() from {rows};
        end if;
        return null;
    """


def trigger(
    name: str, operation: pgtrigger.core.Operation, func: str, referencing: pgtrigger.Referencing
) -> pgtrigger.Trigger:
    return pgtrigger.Trigger(
        name=name,
        level=pgtrigger.Statement,
        when=pgtrigger.After,
        operation=operation,
        func=" ".join(func.split()),
        referencing=referencing,
    )
