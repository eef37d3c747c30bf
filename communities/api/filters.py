"""Filters of lists: an allow-list per resource, strictly read."""

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum
from typing import Any

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field

from communities.api.words import BIGGEST
from communities.days import FAR, is_near
from communities.models import Area, Organisation

HOW = _("Write it as 2022-04-04T05:30:00+08:00, with + as %(plus)s in an address.")


class Filters(django_filters.FilterSet):
    """A filter that is not declared is refused by the resource."""


class IdField(forms.IntegerField):
    def __init__(self, **kwargs: Any) -> None:
        kwargs.pop("min_value", None)
        super().__init__(min_value=1, max_value=BIGGEST, **kwargs)


class IdFilter(django_filters.Filter):
    field_class = IdField


class InstantField(forms.Field):
    def to_python(self, value: str) -> datetime | None:
        if not value:
            return None
        try:
            found = datetime.fromisoformat(value)
        except ValueError:
            raise ValidationError(HOW, params={"plus": "%2B"}) from None
        if found.tzinfo is None:
            raise ValidationError(_("Give the time with its time zone."))
        if not is_near(found):
            raise ValidationError(FAR)
        return found


class InstantFilter(django_filters.Filter):
    field_class = InstantField


class FlagFilter(django_filters.ChoiceFilter):
    """true or false."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(choices=[("true", "true"), ("false", "false")], **kwargs)

    def filter(self, queryset: Any, value: str) -> Any:
        if not value:
            return queryset
        wanted = queryset.filter if (value == "true") != self.exclude else queryset.exclude
        return wanted(**{self.field_name: True})


class OneOfFilter(django_filters.ChoiceFilter):
    """One of the words; what is none of them is refused. (A ChoiceFilter would read "null" as a value.)"""

    def __init__(self, words: type[StrEnum] | Iterable[str], **kwargs: Any) -> None:
        super().__init__(choices=[(str(word), str(word)) for word in words], null_value=None, **kwargs)


def described[Kind: django_filters.Filter](found: Kind, schema: dict[str, Any], text: str) -> Kind:
    found.extra["help_text"] = text
    return extend_schema_field(schema | ({"description": text} if text else {}))(found)


def of(lookup: str, text: str = "") -> IdFilter:
    """Rows of one other thing, by its id."""
    return described(IdFilter(field_name=lookup), {"type": "integer"}, text)


def word(lookup: str, words: type[StrEnum] | Iterable[str], text: str = "") -> OneOfFilter:
    names = [str(name) for name in words]
    return described(OneOfFilter(names, field_name=lookup), {"type": "string", "enum": names}, text)


def text(lookup: str, said: str = "") -> django_filters.CharFilter:
    return described(django_filters.CharFilter(field_name=lookup, max_length=80), {"type": "string"}, said)


def flag(lookup: str, text: str = "") -> FlagFilter:
    return described(FlagFilter(field_name=lookup), {"type": "boolean"}, text)


def since(lookup: str) -> InstantFilter:
    return described(
        InstantFilter(field_name=lookup, lookup_expr="gte"),
        {"type": "string", "format": "date-time"},
        "At or after this instant.",
    )


def before(lookup: str) -> InstantFilter:
    return described(
        InstantFilter(field_name=lookup, lookup_expr="lt"),
        {"type": "string", "format": "date-time"},
        "Before this instant.",
    )


class UnderFilter(IdFilter):
    """Everything at or below a node of a tree."""

    def __init__(self, node: type[Area] | type[Organisation], **kwargs: Any) -> None:
        self.node = node
        super().__init__(**kwargs)

    def filter(self, queryset: Any, value: int | None) -> Any:
        if value is None:
            return queryset
        path = self.node.objects.filter(pk=value).values_list("path", flat=True).first()
        return queryset.filter(**{f"{self.field_name}__startswith": path}) if path else queryset.none()


def under(lookup: str, node: type[Area] | type[Organisation] = Area) -> UnderFilter:
    return described(UnderFilter(node, field_name=lookup), {"type": "integer"}, "This node and everything below it.")
