from django.contrib import admin
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import ChoicesDropdownFilter

from communities.access import May
from communities.admin.base import Admin
from communities.admin.steps import Ask, Step, Stepping
from staffing.actions import task_forces
from staffing.admin.calls import is_in
from staffing.models import Extension, HandOver, Posting, TaskForce
from staffing.states import ExtensionStatus


@admin.register(TaskForce)
class TaskForceAdmin(Admin):
    """Bodies for a time; founded, staffed and ended at the desk."""

    areas = ["area"]
    sees = [May.SEE]
    shows = ["name", "name_en", "parent", "area", "purpose", "period", "founded_by", "founded_at"]
    list_display = ["name", "area", "purpose", "period", "parent"]
    list_select_related = ["area", "parent"]
    search_fields = ["name", "name_en", "area__name", "purpose"]
    ordering = ["path"]


@admin.register(Posting)
class PostingAdmin(Admin):
    """Who had which duty in a task force, from when to when. The rights are a grant that ends with it."""

    areas = ["task_force__area"]
    sees = [May.SEE, May.HISTORY]
    shows = ["task_force", "user", "duty", "grant", "given_by", "joined_at", "left_at"]
    list_display = ["user", "task_force", "duty", "joined_at", "left_at"]
    list_select_related = ["user", "task_force"]
    list_filter = [("duty", ChoicesDropdownFilter)]
    search_fields = ["task_force__name"]
    ordering = ["-id"]


def agree(row: Extension, ask: Ask) -> None:
    task_forces.answer_extension(row.pk, yes=True, by=ask.by, now=ask.now)


def refuse(row: Extension, ask: Ask) -> None:
    task_forces.answer_extension(row.pk, yes=False, by=ask.by, now=ask.now)


@admin.register(Extension)
class ExtensionAdmin(Stepping):
    """More time for a task force: asked for by one person, agreed to by another."""

    areas = ["task_force__area"]
    sees = [May.SEE, May.HISTORY]
    shows = ["task_force", "until", "reason", "status", "asked_by", "asked_at", "answered_by", "answered_at"]
    list_display = ["task_force", "until", "status", "asked_by", "answered_by"]
    list_select_related = ["task_force", "asked_by", "answered_by"]
    list_filter = [("status", ChoicesDropdownFilter)]
    search_fields = ["task_force__name", "reason"]
    ordering = ["-id"]
    steps = [
        Step(
            "agree",
            _("Agree to more time"),
            agree,
            (May.COMMAND,),
            "check",
            when=is_in(ExtensionStatus.ASKED),
            foresee=lambda _rows: [str(_("It goes on, and so do the rights of everybody in it."))],
        ),
        Step(
            "refuse",
            _("Refuse more time"),
            refuse,
            (May.COMMAND,),
            "close",
            when=is_in(ExtensionStatus.ASKED),
            foresee=lambda _rows: [str(_("It ends when it was to end."))],
            danger=True,
        ),
    ]


@admin.register(HandOver)
class HandOverAdmin(Admin):
    """What leads have left to those after them."""

    areas = ["shift__site__area", "task_force__area"]
    sees = [May.RUN, May.HISTORY]
    shows = ["shift", "task_force", "text", "written_by", "written_at", "read_by", "read_at"]
    list_display = ["id", "shift", "task_force", "written_by", "written_at", "read_at"]
    list_select_related = ["shift__site", "task_force", "written_by"]
    search_fields = ["task_force__name"]
    ordering = ["-id"]
