"""What a call, a role or a site says in the reader's language, where it was written in it."""

from collections.abc import Iterable

from django.db.models import Model
from django.utils.translation import get_language, pgettext


def said(row: Model, name: str) -> str:
    english = getattr(row, f"{name}_en") if get_language() == "en" else ""
    return str(english or getattr(row, name))


def lines(row: Model, name: str) -> list[str]:
    return [line.strip() for line in said(row, name).splitlines() if line.strip()]


def listed(things: Iterable[object]) -> str:
    """东苑、西苑; East Court, West Court"""
    return pgettext("between the items of a list", ", ").join(map(str, things))
