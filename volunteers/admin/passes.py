from django.contrib import admin
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import AutocompleteSelectFilter

from communities.access import May
from communities.admin.steps import Ask, Step, Stepping
from volunteers.actions import passes
from volunteers.models import AccessPass


def issue(row: AccessPass, ask: Ask) -> None:
    passes.issue(row.pk, by=ask.by, now=ask.now)


def refuse(row: AccessPass, ask: Ask) -> None:
    passes.refuse(row.pk, by=ask.by, now=ask.now)


def revoke(row: AccessPass, ask: Ask) -> None:
    passes.revoke(row.pk, by=ask.by, now=ask.now)


def waits(row: AccessPass) -> bool:
    return not (row.issued_at or row.refused_at)


def in_force(row: AccessPass) -> bool:
    return bool(row.issued_at) and not row.revoked_at


@admin.register(AccessPass)
class AccessPassAdmin(Stepping):
    """Passes through the fence of a zone. They are asked for and given on the desk; here they are read and ended."""

    areas = ["compound__community", "area"]
    sees = [May.NAMES]
    shows = [
        "volunteer",
        "compound",
        "area",
        "period",
        "reason",
        "closed_loop",
        "asked_by",
        "asked_at",
        "issued_by",
        "issued_at",
        "refused_by",
        "refused_at",
        "revoked_by",
        "revoked_at",
    ]
    list_display = ["volunteer", "compound", "area", "period", "closed_loop", "issued_at", "revoked_at"]
    list_select_related = ["volunteer__user", "compound", "area"]
    list_filter = [("compound", AutocompleteSelectFilter), "closed_loop"]
    search_fields = ["volunteer__number", "volunteer__user__name", "compound__name", "area__name"]
    date_hierarchy = "asked_at"
    steps = [
        Step("issue", _("Give the pass"), issue, (May.ZONES,), "badge", when=waits),
        Step("refuse", _("Refuse"), refuse, (May.ZONES,), "block", when=waits, danger=True),
        Step(
            "revoke",
            _("Revoke"),
            revoke,
            (May.ZONES, May.PROPOSE),
            "key_off",
            when=in_force,
            foresee=lambda _rows: [str(_("Future seats that need the pass are given to others; the people are told."))],
            danger=True,
        ),
    ]
