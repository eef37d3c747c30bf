from django.contrib import admin
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import ChoicesDropdownFilter

from communities.access import May
from communities.admin.base import Admin
from communities.admin.steps import Ask, Step, Stepping
from staffing.actions import closeouts
from staffing.models import CloseOut, Erasure
from staffing.states import CloseOutStatus


def agree(row: CloseOut, ask: Ask) -> None:
    closeouts.agree(row.pk, by=ask.by, now=ask.now)


def withdraw(row: CloseOut, ask: Ask) -> None:
    closeouts.withdraw(row.pk, by=ask.by, now=ask.now)


def waits(row: CloseOut) -> bool:
    return row.status == CloseOutStatus.PROPOSED


def open_yet(row: CloseOut) -> bool:
    return row.status in (CloseOutStatus.PROPOSED, CloseOutStatus.AGREED)


@admin.register(CloseOut)
class CloseOutAdmin(Stepping):
    """Incidents that are closed out; proposed at the desk, where it is shown what would go."""

    areas = ["area"]
    sees = [May.CLOSE, May.HISTORY]
    shows = [
        "area", "title", "starts_at", "ends_at", "status", "notice_days", "proposed_by", "proposed_at", "agreed_by",
        "agreed_at", "withdrawn_by", "purge_at", "begun_at", "finished_at", "digest",
    ]  # fmt: skip
    list_display = ["title", "area", "starts_at", "ends_at", "status", "purge_at", "finished_at"]
    list_select_related = ["area"]
    list_filter = [("status", ChoicesDropdownFilter)]
    search_fields = ["title", "area__name"]
    ordering = ["-id"]
    steps = [
        Step("agree", _("Agree"), agree, (May.CLOSE,), "check", when=waits),
        Step("withdraw", _("Take back"), withdraw, (May.CLOSE,), "undo", when=open_yet),
    ]


@admin.register(Erasure)
class ErasureAdmin(Admin):
    """Accounts whose identity is gone; nothing here says whose it was."""

    areas = None
    sees = [May.ADMINISTER]
    shows = ["account", "at", "cause", "close_out"]
    list_display = ["account", "at", "cause", "close_out"]
    list_select_related = ["close_out__area"]
    list_filter = [("cause", ChoicesDropdownFilter)]
    search_fields = ["account"]
    ordering = ["-at", "-id"]
