"""A day in a form."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from communities.days import FAR, is_near


class NearDayField(forms.DateField):
    def to_python(self, value: Any) -> date | None:
        found = super().to_python(value)
        if found and not is_near(found):
            raise ValidationError(FAR, code="far")
        return found
