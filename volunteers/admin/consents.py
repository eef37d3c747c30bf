from django.contrib import admin
from unfold.contrib.filters.admin import ChoicesDropdownFilter

from volunteers.admin.people import OfPerson
from volunteers.models import Consent


@admin.register(Consent)
class ConsentAdmin(OfPerson):
    """What people agreed to. Only they give and take back; staff record it on the form that enters a person."""

    shows = ["volunteer", "purpose", "text_version", "channel", "recorded_by", "given_at", "withdrawn_at"]
    list_display = ["volunteer", "purpose", "text_version", "channel", "given_at", "withdrawn_at"]
    list_filter = [
        ("purpose", ChoicesDropdownFilter),
        ("channel", ChoicesDropdownFilter),
        ("withdrawn_at", admin.EmptyFieldListFilter),
    ]
    date_hierarchy = "given_at"
