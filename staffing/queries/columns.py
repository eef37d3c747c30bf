"""Whether columns say something: which tables and columns is data (`rules/retention.py`), so they come by name."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Q


def empty(table: Any, name: str) -> Any:
    """What a column holds when it says nothing."""
    field = table._meta.get_field(name)
    return None if field.null else field.get_default()


def said(table: Any, names: Iterable[str]) -> Q:
    """Rows in which one of the columns still says something."""
    found = Q(pk__in=[])
    for name in names:
        nothing = empty(table, name)
        found |= Q(**{f"{name}__isnull": False}) if nothing is None else ~Q(**{name: nothing})
    return found
