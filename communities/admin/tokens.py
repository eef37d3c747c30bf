from django.contrib import admin
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import AutocompleteSelectFilter

from communities.access import May
from communities.actions import tokens
from communities.admin.steps import Ask, Step, Stepping
from communities.models import ApiToken


def revoke(row: ApiToken, ask: Ask) -> None:
    tokens.revoke(row.pk, now=ask.now)


@admin.register(ApiToken)
class ApiTokenAdmin(Stepping):
    """Keys of machines. They are issued on the command line and shown there once; here they can only be ended."""

    sees = [May.ADMINISTER]
    shows = ["name", "user", "scopes", "created_at", "expires_at", "revoked_at", "last_used_at"]
    list_display = ["name", "user", "scopes", "created_at", "expires_at", "revoked_at", "last_used_at"]
    list_select_related = ["user"]
    list_filter = [("user", AutocompleteSelectFilter), ("revoked_at", admin.EmptyFieldListFilter)]
    search_fields = ["name", "user__name"]
    date_hierarchy = "created_at"
    ordering = ["-created_at"]
    steps = [
        Step(
            "revoke",
            _("Revoke"),
            revoke,
            (May.ADMINISTER,),
            "block",
            when=lambda row: row.revoked_at is None,
            foresee=lambda _rows: [str(_("From the next request on these tokens open nothing."))],
            danger=True,
        )
    ]
