"""Who changed what, from where: written by the database itself, with what is told here about the one who acts."""

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import uuid4

import pghistory
import pgtrigger
from django.db import connection, models
from django.db.backends.postgresql.base import ServerBindingCursor
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from pghistory import runtime
from pghistory.runtime import Context as Context
from psycopg.types.range import Range

from communities.models import User

MASKED = {"email", "phone_hash", "token_hash", "url", "secret", "password"}
UNSPOKEN = {"id", "path", "version"}


class Told(pghistory.context):
    """pghistory's context, told to the database once a transaction.

    pghistory puts it before each statement that writes, whose text is then another each time and planned anew.
    """

    def __enter__(self) -> Any:
        if not hasattr(runtime._tracker, "value"):
            hook = connection.execute_wrapper(telling)
            hook.__enter__()
            self._pre_execute_hook = hook  # type: ignore[assignment]
            runtime._tracker.value = Context(id=uuid4(), metadata=self.metadata)
        return runtime._tracker.value


def telling(execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: dict[str, Any]) -> Any:
    """Outside a transaction a setting lasts for one statement: there it is pghistory that tells, but for statements that
    are planned once, which write nothing then that has a history.
    """
    if connection.in_atomic_block:
        if runtime._can_inject_variable(context["cursor"], sql):  # type: ignore[no-untyped-call]
            connection.settle(settings_of_who_acts())  # type: ignore[attr-defined]
    elif not isinstance(context["cursor"].cursor, ServerBindingCursor):
        return runtime._inject_history_context(execute, sql, params, many, context)
    return execute(sql, params, many, context)


def settings_of_who_acts() -> dict[str, str]:
    """What pghistory's triggers read of it; empty if nobody was named."""
    if not (told := current()):
        return {}
    return {"pghistory.context_id": str(told.id), "pghistory.context_metadata": json.dumps(told.metadata)}


def told_by(task: str) -> pghistory.context:
    """Around what a task or a command does: `with history.told_by("reminders"): …` (also a decorator)."""
    return Told(task=task)


def acts(user: User) -> None:
    """From here on in this request it is this person who acts."""
    Told(user=user.pk)


def current() -> Context | None:
    """Who acts here, and from where."""
    return getattr(runtime._tracker, "value", None)


def of_each(model: type[models.Model], rows: str, told: str, key: str) -> str:
    """CTEs for one statement that writes rows for many, each in their own name: what the trigger would keep of the new
    `rows`, under the context_id and about (JSON as text) that `told` has beside their `key`. The transaction has to have
    `silenced(model)`.
    """
    event = model.events.rel.related_model._meta  # type: ignore[attr-defined]
    columns = sorted(field.column for field in event.concrete_fields if not field.name.startswith("pgh_"))
    names, values = (", ".join(f'{of}"{column}"' for column in columns) for of in ("", f"{rows}."))
    return f"""
        acting as (
            insert into pghistory_context (id, metadata, created_at, updated_at)
            select distinct on (context_id) context_id, about::jsonb, now(), now() from {told} join {rows} using ({key})
            on conflict (id) do update set metadata = excluded.metadata, updated_at = excluded.updated_at
            where pghistory_context.metadata != excluded.metadata
        ),
        kept as (
            insert into {event.db_table} ({names}, pgh_context_id, pgh_created_at, pgh_label, pgh_obj_id)
            select {values}, {told}.context_id, now(), 'insert', {rows}.id from {told} join {rows} using ({key})
        )"""


def silenced(model: type[models.Model]) -> dict[str, str]:
    """The setting with which the history of new rows is left to whoever writes them (`of_each`)."""
    ((_model, trigger),) = pgtrigger.registered(f"{model._meta.label}:insert_insert")
    return {"pgtrigger.ignore": f"{{{trigger.get_pgid(model)}}}"}  # type: ignore[arg-type]


def told_of(cases: Sequence[Context]) -> dict[str, list[str]]:
    """The ids and the words of these contexts, as `of_each` reads them."""
    return {"contexts": [str(told.id) for told in cases], "about": [json.dumps(told.metadata) for told in cases]}


@dataclass(frozen=True, slots=True)
class Change:
    """One field, in words."""

    field: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One moment of an object's life. `route` is a page's or task's name; `origin` is the same for the same address."""

    at: datetime
    who: User | None
    route: str
    method: str
    origin: str
    created: bool
    changes: tuple[Change, ...]


def log(thing: Any) -> list[Entry]:
    """Everything that happened to the object, newest first: two queries, and one per kind of object it points to."""
    events = list(thing.events.select_related("pgh_context").order_by("pgh_id"))
    told = [event.pgh_context.metadata if event.pgh_context else {} for event in events]
    people = User.objects.in_bulk({told["user"] for told in told if told.get("user")})
    fields = spoken(thing)
    names = pointed_at(fields, events)
    entries = [
        entry(event, before, facts, people, [Field(field, names) for field in fields])
        for before, event, facts in zip([None, *events], events, told, strict=False)
    ]
    return [found for found in reversed(entries) if found.created or found.changes]


def entry(event: Any, before: Any, told: dict[str, Any], people: dict[int, User], fields: Sequence["Field"]) -> Entry:
    return Entry(
        at=event.pgh_created_at,
        who=people.get(told.get("user", 0)),
        route=told.get("route") or told.get("task", ""),
        method=told.get("method", ""),
        origin=told.get("origin", "")[:8],
        created=event.pgh_label == "insert",
        changes=tuple(field.change(before, event) for field in fields if before and field.differs(before, event)),
    )


def spoken(thing: Any) -> "list[models.Field[Any, Any]]":
    """The object's own fields that its events keep."""
    kept = {field.attname for field in type(thing).events.rel.related_model._meta.concrete_fields}
    return [field for field in thing._meta.concrete_fields if field.attname in kept and field.name not in UNSPOKEN]


def pointed_at(fields: "Iterable[models.Field[Any, Any]]", events: Sequence[Any]) -> dict[str, dict[Any, str]]:
    """For each foreign key: the words for the ids that occur."""
    return {
        field.attname: {
            pk: str(found)
            for pk, found in field.related_model._base_manager.in_bulk(  # type: ignore[union-attr]
                {getattr(event, field.attname) for event in events} - {None}
            ).items()
        }
        for field in fields
        if field.is_relation
    }


@dataclass(frozen=True, slots=True)
class Field:
    field: "models.Field[Any, Any]"
    names: dict[str, dict[Any, str]]

    def differs(self, before: Any, event: Any) -> bool:
        return bool(getattr(before, self.field.attname) != getattr(event, self.field.attname))

    def change(self, before: Any, event: Any) -> Change:
        return Change(str(self.field.verbose_name), self.words(before), self.words(event))

    def words(self, event: Any) -> str:
        value = getattr(event, self.field.attname)
        if value is None or value == "" or value == [] or value == {}:
            return "–"
        if self.field.name in MASKED:
            return "***"
        if self.field.is_relation:
            return self.names[self.field.attname].get(value, f"#{value}")
        if self.field.flatchoices:
            return str(dict(self.field.flatchoices).get(value, value))
        return written(value)


def written(value: Any) -> str:
    """A value in words; instants by the clock of the time zone that is in force."""
    match value:
        case bool():
            return _("yes") if value else _("no")
        case datetime():
            return date_format(timezone.localtime(value), "SHORT_DATETIME_FORMAT")
        case date():
            return date_format(value, "SHORT_DATE_FORMAT")
        case Range():
            return f"{written(value.lower)} – {written(value.upper)}"
        case list():
            return ", ".join(map(written, value))
        case None:
            return "–"
    return str(value)
