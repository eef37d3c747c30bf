from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from unfold.admin import TabularInline
from unfold.contrib.filters.admin import AutocompleteSelectFilter
from unfold.widgets import UnfoldAdminSelectMultipleWidget

from communities.access import May
from communities.admin.base import Admin, DomainForm, ReadOnlyInline, known_as
from staffing.actions import shifts
from staffing.actions.shifts import PostPlan
from staffing.models import Post, SignUp
from volunteers.models.people import PERSON_KINDS


def plan_of(post: Post) -> PostPlan:
    return PostPlan(post.role_id, post.seats, post.agency_id, tuple(post.person_kinds or ()), post.auto_confirm)


class PostForm(DomainForm):
    person_kinds = forms.MultipleChoiceField(
        label=_("open to"),
        choices=PERSON_KINDS,
        required=False,
        widget=UnfoldAdminSelectMultipleWidget,
        help_text=_("Nothing chosen: open to everybody."),
    )


class PostRow(forms.ModelForm):  # type: ignore[type-arg]
    """Once it is there only the seats of a post can be changed."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.disabled = bool(self.instance.pk) and name in ("role", "agency", "auto_confirm")


class PostInline(TabularInline):  # type: ignore[misc]
    """The posts of a shift. Each change is one action (shifts.add_post, set_seats, remove_post)."""

    model = Post
    form = PostRow
    fields = ["role", "agency", "seats", "auto_confirm", "taken", "pledged", "waiting"]
    readonly_fields = ["taken", "pledged", "waiting"]
    autocomplete_fields = ["role", "agency"]
    extra = 0
    show_title = False

    def may_run(self, request: HttpRequest, shift: Model | None) -> bool:
        return bool(self.admin_site._registry[self.parent_model].holds(request, [May.RUN], shift))

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return True

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return self.may_run(request, obj)

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return self.may_run(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return self.may_run(request, obj)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).select_related("role", "agency")


def save_posts(shift_id: int, formset: Any, by: Any) -> None:
    now = timezone.now()
    formset.save(commit=False)
    for post in formset.deleted_objects:
        shifts.remove_post(post.pk, by=by, now=now)
    for post, changed in formset.changed_objects:
        if "seats" in changed:
            shifts.set_seats(post.pk, post.seats, by=by, now=now)
    for post in formset.new_objects:
        post.pk = shifts.add_post(shift_id, plan_of(post), by=by, now=now).pk


class SignUpInline(ReadOnlyInline):
    model = SignUp
    fields = ["person", "status", "seat_no", "position", "checked_in_at", "checked_out_at"]
    readonly_fields = fields
    ordering = ["seat_no", "position", "id"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows = super().get_queryset(request)
        return rows.annotate(person_name=known_as(request.user, "shift__site__area"))

    @admin.display(description=_("volunteer"))
    def person(self, row: Any) -> str:
        return str(row.person_name)


@admin.register(Post)
class PostAdmin(Admin):
    areas = ["shift__site__area"]
    changes = adds = deletes = [May.RUN]
    form = PostForm
    fills = ["shift", "role", "agency", "seats", "person_kinds", "auto_confirm"]
    edits = ["seats"]
    shows = ["shift", "role", "agency", "seats", "taken", "pledged", "waiting", "kinds", "auto_confirm"]
    list_display = ["role", "shift", "agency", "seats", "taken", "pledged", "waiting", "auto_confirm"]
    list_select_related = ["role", "shift__site", "agency"]
    list_filter = [("role", AutocompleteSelectFilter), ("agency", AutocompleteSelectFilter), "auto_confirm"]
    search_fields = ["role__name", "role__name_en", "shift__site__name"]
    autocomplete_fields = ["shift", "role", "agency"]
    date_hierarchy = "shift__starts_at"
    ordering = ["-shift__starts_at", "id"]
    inlines = [SignUpInline]

    def called(self, row: Post) -> str:
        return f"{row.shift} · {row}"

    def save_model(self, request: HttpRequest, obj: Post, form: Any, change: bool) -> None:
        now = timezone.now()
        if not change:
            obj.pk = shifts.add_post(obj.shift_id, plan_of(obj), by=request.user, now=now).pk
        elif "seats" in form.changed_data:
            shifts.set_seats(obj.pk, obj.seats, by=request.user, now=now)

    def delete_model(self, request: HttpRequest, obj: Post) -> None:
        shifts.remove_post(obj.pk, by=request.user, now=timezone.now())

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        for post in queryset:
            self.delete_model(request, post)

    @admin.display(description=_("open to"))
    def kinds(self, row: Post) -> str:
        names = dict(PERSON_KINDS)
        return ", ".join(str(names.get(kind, kind)) for kind in row.person_kinds) or str(_("everybody"))
