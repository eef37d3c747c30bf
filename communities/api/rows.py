"""What an API answer shows: declared once, for the query, the answer and the documentation."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, ClassVar, Self

from django.db.models import F, Model, QuerySet
from django.utils.module_loading import import_string
from rest_framework import serializers

from communities.access import Visitor

type Plain = dict[str, Any]


class Row(serializers.Serializer):
    """One row of a resource, read with `.values()`: a field's source is a lookup, `computed` holds expressions.

    A field with required=False may be absent: it was not asked for, or is not the reader's to see.
    """

    model: ClassVar[type[Model]]
    computed: ClassVar[Mapping[str, Any]] = {}
    hidden: ClassVar[Mapping[str, Any]] = {}  # read for `shown`, which takes them off again
    filled: ClassVar[frozenset[str]] = frozenset()  # put in by `shown`

    @classmethod
    def visible(cls, user: Visitor) -> QuerySet[Any]:
        """The rows that the user may see at all."""
        raise NotImplementedError

    @classmethod
    def shown(cls, rows: list[Plain], user: Visitor) -> list[Plain]:
        """The rows with nothing in them that the user may not see."""
        return rows

    @classmethod
    def selected(cls, queryset: QuerySet[Any]) -> QuerySet[Any]:
        plain, other = [], dict(cls.computed)
        for name, field in cls._declared_fields.items():
            if name in cls.computed or name in cls.filled or isinstance(field, Many):
                continue
            source = field.source or name
            if source == name:
                plain.append(name)
            else:
                other[name] = F(source)
        hidden = {name: F(source) if isinstance(source, str) else source for name, source in cls.hidden.items()}
        return queryset.values(*plain, **other | hidden)

    @classmethod
    def read(cls, queryset: QuerySet[Any], user: Visitor) -> list[Plain]:
        return cls.shown(list(cls.selected(queryset)), user)

    @classmethod
    def one(cls, pk: int, user: Visitor) -> Plain:
        """The row as it is now, of something the user has just acted on."""
        return cls.read(cls.model._default_manager.filter(pk=pk), user)[0]

    @classmethod
    def includes(cls) -> dict[str, "Ref | Many"]:
        return {name: field for name, field in cls._declared_fields.items() if isinstance(field, Ref | Many)}

    @classmethod
    def embed(cls, rows: list[Plain], names: Iterable[str], user: Visitor) -> list[Plain]:
        """The rows with these relations written out: one query each, however many rows there are."""
        for name in names:
            cls.includes()[name].embed(rows, name, user)
        return rows


class Ref(serializers.IntegerField):
    """The id of one other row, or on `include` that row itself. A row further up is named by its dotted path."""

    def __init__(self, row: type[Row] | str, **kwargs: Any) -> None:
        self.named = row
        super().__init__(**kwargs)

    @property
    def row(self) -> type[Row]:
        return import_string(self.named) if isinstance(self.named, str) else self.named

    def __deepcopy__(self, memo: Mapping[int, Any]) -> Self:
        return type(self)(*self._args, **self._kwargs)

    def embed(self, rows: Sequence[Plain], name: str, user: Visitor) -> None:
        ids = {row[name] for row in rows if row[name] is not None}
        found = {other["id"]: other for other in self.row.read(self.row.visible(user).filter(pk__in=ids), user)}
        for row in rows:
            row[name] = found.get(row[name], row[name])


class Many(serializers.Field):
    """On `include`, the other rows that point here by their field `by`."""

    def __init__(self, row: type[Row], by: str, **kwargs: Any) -> None:
        self.row, self.by = row, by
        super().__init__(**{"required": False} | kwargs)

    def __deepcopy__(self, memo: Mapping[int, Any]) -> Self:
        return type(self)(*self._args, **self._kwargs)

    def embed(self, rows: Sequence[Plain], name: str, user: Visitor) -> None:
        groups = defaultdict(list)
        wanted = {f"{self.by}__in": [row["id"] for row in rows]}
        for other in self.row.read(self.row.visible(user).filter(**wanted).order_by("id"), user):
            groups[other[self.by]].append(other)
        for row in rows:
            row[name] = groups[row["id"]]
