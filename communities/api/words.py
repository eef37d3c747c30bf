"""What an API request may say: strict types, known fields only, instants with their zone."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time
from enum import StrEnum
from functools import cache
from typing import Any, Self

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from communities.days import FAR, is_near
from communities.rules.words import clean_name, clean_phone

BIGGEST = 2**63 - 1


class Said(serializers.Serializer):
    """The body of a request. A field that is not declared is an error, so that nothing is assigned by accident."""

    default_error_messages = {"unknown": _("There is no such field.")}

    @classmethod
    def read(cls, body: Any, *, partial: bool = False) -> dict[str, Any]:
        """The words by name. Raises ValidationError."""
        try:
            return dict(reader(cls, partial).run_validation(body))
        except serializers.ValidationError:
            said: Self = cls(data=body, partial=partial)  # which tells of the errors in DRF's own form
            said.is_valid(raise_exception=True)
            return dict(said.validated_data)

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, Mapping) and (unknown := sorted(set(data) - set(self.fields))):
            raise serializers.ValidationError({name: [self.error_messages["unknown"]] for name in unknown})
        said = super().to_internal_value(data)
        if far := [name for name, value in said.items() if not all(map(is_near, days_in(value)))]:
            raise serializers.ValidationError({name: [FAR] for name in far})
        return said


@cache
def reader(said: type[Said], partial: bool) -> Said:
    """Made once: its fields are copied anew with each serializer, which costs more than to read a body."""
    return said(partial=partial)


def days_in(value: Any) -> list[date]:
    """Of a field: its day or instant, or those in its list."""
    return [one for one in (value if isinstance(value, list) else [value]) if isinstance(one, date)]


class Nothing(Said):
    """An empty body."""


class Integer(serializers.IntegerField):
    """A JSON integer: "17", 17.0 and true are none."""

    def to_internal_value(self, data: Any) -> int:
        if isinstance(data, bool) or not isinstance(data, int):
            self.fail("invalid")
        return data


class Id(Integer):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"min_value": 1, "max_value": BIGGEST} | kwargs)


class Seats(Integer):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"min_value": 1, "max_value": 500} | kwargs)


class Flag(serializers.BooleanField):
    """true or false, not their names."""

    def to_internal_value(self, data: Any) -> bool:
        if not isinstance(data, bool):
            self.fail("invalid", input=data)
        return data


class Consent(Flag):
    """Only true will do: without the person's consent nothing is stored."""

    default_error_messages = {"missing": _("This needs the person's consent.")}

    def to_internal_value(self, data: Any) -> bool:
        if not super().to_internal_value(data):
            self.fail("missing")
        return True


class Text(serializers.CharField):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"max_length": 5000} | kwargs)

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        return super().to_internal_value(data)


class Name(Text):
    """A person's name in any script, as communities.rules.words reads it."""

    default_error_messages = {"bad_name": _("Write the name with letters, at most 120 of them.")}

    def to_internal_value(self, data: Any) -> str:
        return clean_name(super().to_internal_value(data)) or self.fail("bad_name")


class Phone(Text):
    """A phone number in any spelling; kept as E.164."""

    default_error_messages = {"bad_phone": _("This is not a phone number.")}

    def to_internal_value(self, data: Any) -> str:
        return clean_phone(super().to_internal_value(data), demo=settings.DEMO) or self.fail("bad_phone")


class Instant(serializers.DateTimeField):
    """An ISO 8601 date and time with its offset: what has none means a different instant to every reader."""

    default_error_messages = {"naive_time": _("Give the time with its time zone.")}

    def to_internal_value(self, value: Any) -> datetime:
        if not isinstance(value, str):
            self.fail("invalid", format="ISO 8601")
        return super().to_internal_value(value)

    def enforce_timezone(self, value: datetime) -> datetime:
        if value.tzinfo is None:
            self.fail("naive_time")
        return super().enforce_timezone(value)


class Day(serializers.DateField):
    def to_internal_value(self, value: Any) -> date:
        if not isinstance(value, str):
            self.fail("invalid", format="YYYY-MM-DD")
        return super().to_internal_value(value)


class Clock(serializers.TimeField):
    """A time of day, as 05:30."""

    def to_internal_value(self, value: Any) -> time:
        if not isinstance(value, str):
            self.fail("invalid", format="hh:mm")
        return super().to_internal_value(value)


class Choice(serializers.ChoiceField):
    """One of an enumeration, which the documentation calls `name`."""

    def __init__(self, words: type[StrEnum] | Iterable[str], *, name: str = "", **kwargs: Any) -> None:
        self.name = name or getattr(words, "__name__", "")
        super().__init__(choices=[(str(word), str(word)) for word in words], **kwargs)

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid_choice", input=data)
        return super().to_internal_value(data)


class Several(serializers.ListField):
    """A JSON list, each item once."""

    def __init__(self, child: serializers.Field, **kwargs: Any) -> None:
        super().__init__(child=child, **{"max_length": 500} | kwargs)

    def to_internal_value(self, data: Any) -> list[Any]:
        return list(dict.fromkeys(super().to_internal_value(data)))
