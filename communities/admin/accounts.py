from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import UnfoldAdminTextInputWidget

from communities.access import May
from communities.actions import accounts
from communities.admin.base import Admin, DomainForm, ReadOnlyInline
from communities.errors import Forbidden
from communities.fields import keyed_hash
from communities.models import ApiToken, Grant, User
from communities.rules.words import clean_name, clean_phone, masked


class AccountForm(DomainForm):
    phone = forms.CharField(label=gettext_lazy("phone"), required=False, widget=UnfoldAdminTextInputWidget)

    def clean_name(self) -> str:
        if (name := clean_name(self.cleaned_data["name"])) is None:
            raise ValidationError(_("Write the name with letters, at most 120 of them."))
        return name

    def clean_email(self) -> str | None:
        return (self.cleaned_data["email"] or "").lower() or None

    def clean_phone(self) -> str | None:
        typed = self.cleaned_data["phone"]
        phone = clean_phone(typed, demo=settings.DEMO) if typed else None
        if typed and phone is None:
            raise ValidationError(_("This is not a phone number."))
        if phone and User.objects.by_phone(phone):
            raise ValidationError(_("There is an account with this phone."))
        return phone

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if self.instance.pk is None and not (cleaned.get("phone") or cleaned.get("email")):
            self.add_error("phone", _("A phone or an e-mail address is needed."))
        return cleaned


class GrantInline(ReadOnlyInline):
    model = Grant
    fk_name = "user"
    fields = ["role", "area", "organisation", "starts_at", "ends_at"]
    readonly_fields = fields


class TokenInline(ReadOnlyInline):
    model = ApiToken
    fields = ["name", "scopes", "created_at", "expires_at", "revoked_at"]
    readonly_fields = fields


@admin.register(User)
class UserAdmin(Admin):
    """Accounts. Of phones only the last digits are shown, and no password at all."""

    sees = changes = adds = [May.ADMINISTER]
    form = AccountForm
    fills = ["name", "phone", "email", "language", "is_staff"]
    edits = ["name", "email", "language", "is_staff", "is_active"]
    shows = [
        "name",
        "phone_end",
        "phone_verified",
        "email",
        "language",
        "is_staff",
        "is_active",
        "urgent_calls",
        "muted_at",
        "last_login",
        "joined",
    ]
    list_display = ["name", "phone_end", "email", "language", "is_staff", "is_active", "joined"]
    list_filter = ["is_staff", "is_active", "language", "phone_verified"]
    search_fields = ["name", "email"]
    search_help_text = gettext_lazy("A part of the name or address, or the whole phone number")
    date_hierarchy = "date_joined"
    ordering = ["-id"]
    inlines = [GrantInline, TokenInline]

    def get_search_results(self, request: HttpRequest, queryset: QuerySet[Any], search_term: str) -> Any:
        if phone := clean_phone(search_term, demo=settings.DEMO):
            return queryset.filter(phone_hash=keyed_hash(phone)), False
        return super().get_search_results(request, queryset, search_term)

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        if change:
            if obj == request.user and not (obj.is_active and obj.is_staff):
                raise Forbidden("same_person")
            return super().save_model(request, obj, form, change)
        said = {name: form.cleaned_data[name] for name in ("name", "phone", "email", "language", "is_staff")}
        obj.pk = accounts.enter(**said, now=timezone.now()).pk
        return None

    @admin.display(description=gettext_lazy("phone ends in"))
    def phone_end(self, row: User) -> str:
        return masked(row.phone)

    @admin.display(description=gettext_lazy("since"), ordering="date_joined")
    def joined(self, row: User) -> Any:
        return row.date_joined
