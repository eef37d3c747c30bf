"""Pages of a list by keyset: each starts after the last row of the one before, however deep and whatever was added."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError as Unreadable
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from rest_framework.exceptions import ValidationError
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param

PAGE_SIZE = 50
MOST = 200


@dataclass(frozen=True, slots=True)
class Position:
    """Between which rows a page starts: after (or before, going back) this value of the ordering and this id."""

    ordering: str
    value: Any
    pk: int
    back: bool = False

    def text(self) -> str:
        value = self.value.isoformat() if isinstance(self.value, datetime) else self.value
        plain = json.dumps([self.ordering, value, self.pk, self.back])
        return urlsafe_b64encode(plain.encode()).decode().rstrip("=")

    @classmethod
    def read(cls, text: str, ordering: str) -> "Position":
        try:
            found = cls(*json.loads(urlsafe_b64decode(text + "=" * (-len(text) % 4))))
        except (ValueError, TypeError):
            raise wrong("cursor", _("This is not a cursor of this list.")) from None
        if found.ordering != ordering or isinstance(found.pk, bool) or not isinstance(found.pk, int):
            raise wrong("cursor", _("This is not a cursor of this list."))
        return found

    def rows(self, queryset: QuerySet[Any], name: str, *, descending: bool) -> QuerySet[Any]:
        """The rows on the far side of it. Raises ValidationError for a value that its column cannot have."""
        side = "lt" if descending != self.back else "gt"
        if name == "id":
            return queryset.filter(**{f"id__{side}": self.pk})
        try:
            tie = Q(**{name: self.value, f"id__{side}": self.pk})
            return queryset.filter(Q(**{f"{name}__{side}": self.value}) | tie)
        except (Unreadable, ValueError, TypeError):
            raise wrong("cursor", _("This is not a cursor of this list.")) from None


class Cursor(BasePagination):
    """`next` and `previous` are addresses, or null at the ends."""

    def paginate_queryset(self, queryset: QuerySet[Any], request: Request, view: Any = None) -> list[Any]:
        ordering = asked_ordering(request, view.orderings)
        name, descending = ordering.removeprefix("-"), ordering.startswith("-")
        cursor, size = request.query_params.get("cursor"), asked_size(request)
        here = Position.read(cursor, ordering) if cursor else None
        if here:
            queryset = here.rows(queryset, name, descending=descending)
        back = bool(here and here.back)
        rows = list(queryset.order_by(*order(name, descending=descending != back))[: size + 1])
        more, rows = len(rows) > size, rows[:size]
        if back:
            rows.reverse()
        self.next = link(request, ordering, rows[-1]) if rows and (more or back) else None
        self.previous = link(request, ordering, rows[0], back=True) if rows and (more if back else here) else None
        return rows

    def get_paginated_response(self, rows: list[Any]) -> Response:
        return Response({"next": self.next, "previous": self.previous, "results": rows})

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        link = {"type": ["string", "null"], "format": "uri"}
        return {
            "type": "object",
            "required": ["next", "previous", "results"],
            "properties": {"next": link, "previous": link, "results": schema},
        }

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        size = {"type": "integer", "minimum": 1, "maximum": MOST, "default": PAGE_SIZE}
        return [
            {
                "name": "cursor",
                "in": "query",
                "description": "From `next` or `previous`.",
                "schema": {"type": "string"},
            },
            {"name": "page_size", "in": "query", "description": "Rows on a page.", "schema": size},
        ]


def link(request: Request, ordering: str, row: dict[str, Any], *, back: bool = False) -> str:
    position = Position(ordering, row[ordering.removeprefix("-")], row["id"], back)
    return replace_query_param(request.build_absolute_uri(), "cursor", position.text())


def wrong(parameter: str, text: str) -> ValidationError:
    return ValidationError({parameter: [text]})


def asked_ordering(request: Request, allowed: tuple[str, ...]) -> str:
    ordering = request.query_params.get("ordering", allowed[0])
    if ordering.removeprefix("-") not in {name.removeprefix("-") for name in allowed}:
        raise wrong("ordering", _("This list cannot be ordered by that."))
    return ordering


def asked_size(request: Request) -> int:
    size = request.query_params.get("page_size", str(PAGE_SIZE))
    if not size.isascii() or not size.isdigit() or not 1 <= int(size[:6]) <= MOST:
        raise wrong("page_size", _("A whole number from 1 to %s.") % MOST)
    return int(size)


def order(name: str, *, descending: bool) -> list[str]:
    sign = "-" if descending else ""
    return [sign + name] if name == "id" else [sign + name, f"{sign}id"]
