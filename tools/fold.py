"""python -m tools.fold APP NAME: a new migration with each table made in one step.

makemigrations adds foreign keys, constraints and triggers to a table one by one, and Django draws up every model
around it anew after each. Folded into CreateModel, and all tables made together: the same, many times as fast.
"""

import os
import sys
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import Any

import django
from django.apps import apps
from django.db import migrations
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations.base import Operation
from django.db.migrations.writer import MigrationWriter
from pgtrigger.migrations import AddTrigger

from communities.together import Together
from deploy import keys

LISTS = {migrations.AddConstraint: ("constraints", "constraint"), migrations.AddIndex: ("indexes", "index")}
LISTS |= {AddTrigger: ("triggers", "trigger")}
BLOCKING = (migrations.DeleteModel, migrations.RenameModel, migrations.RenameField)


def fold(app: str, operations: list[Operation]) -> list[Operation]:
    """What comes before the first new table; all new tables, each after those it points to; what is left, in order."""
    if any(isinstance(one, BLOCKING) for one in operations):
        return operations
    operations = [part for one in operations for part in getattr(one, "operations", [one])]
    created = {one.name_lower: one for one in operations if isinstance(one, migrations.CreateModel)}
    left = [one for one in operations if one not in created.values() and not taken_in(one, created)]
    graph = {name: pointed_to(app, model) & created.keys() - {name} for name, model in created.items()}
    first = next((no for no, one in enumerate(operations) if one in created.values()), 0)
    before, after = (
        [one for one in operations[:first] if one in left],
        [one for one in operations[first:] if one in left],
    )
    tables = [created[name] for name in TopologicalSorter(graph).static_order()]
    return [*before, Together(tables) if len(tables) > 1 else tables[0], *after]


def taken_in(operation: Operation, created: dict[str, migrations.CreateModel]) -> bool:
    model = created.get(getattr(operation, "model_name_lower", getattr(operation, "model_name", "").lower()))
    if not model:
        return False
    if isinstance(operation, migrations.AddField):
        model.fields.append((operation.name, operation.field))
        return True
    for kind, (option, attribute) in LISTS.items():
        if isinstance(operation, kind):
            model.options.setdefault(option, []).append(getattr(operation, attribute))
            return True
    return False


def pointed_to(app: str, model: migrations.CreateModel) -> set[str]:
    """Names of models of the app that the table refers to."""
    return {name.lower() for label, name in map(target, model.fields) if label.lower() == app}


def target(named: tuple[str, Any]) -> tuple[str, str]:
    relation = getattr(named[1], "remote_field", None)
    if not relation or relation.model == "self":
        return "", ""
    label, _, name = str(getattr(relation.model, "_meta", None) or relation.model).rpartition(".")
    return label, name


def main(app: str, name: str) -> None:
    migration = MigrationLoader(None).get_migration_by_prefix(app, name)
    try:
        migration.operations = fold(app, list(migration.operations))
    except CycleError:
        sys.exit(f"{migration}: its tables point to each other; it stays as it is.")
    file = Path(apps.get_app_config(app).path) / "migrations" / f"{migration.name}.py"
    writer = MigrationWriter(migration)
    writer.include_header = False
    file.write_text(writer.as_string())


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    for name, value in keys.fresh().items():
        os.environ.setdefault(name, value)
    django.setup()
    main(*sys.argv[1:])
