from collections.abc import Iterable
from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Model, Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from unfold.admin import TabularInline
from unfold.contrib.filters.admin import AutocompleteSelectFilter, ChoicesDropdownFilter
from unfold.widgets import UnfoldAdminSelectMultipleWidget

from communities.access import May, Visitor, granted
from communities.admin.base import Admin
from staffing.actions import norms
from staffing.models import NormProfile, PostRule
from volunteers.models.people import PERSON_KINDS

WRITE = [May.PLAN, May.ADMINISTER]
RULE = [
    "role", "basis", "quantity", "per", "site_kind", "counts", "person_kinds", "agency", "block_hours", "low", "high",
    "source",
]  # fmt: skip


class RuleForm(forms.ModelForm):  # type: ignore[type-arg]
    person_kinds = forms.MultipleChoiceField(
        label=_("open to"), choices=PERSON_KINDS, required=False, widget=UnfoldAdminSelectMultipleWidget
    )


class RuleInline(TabularInline):  # type: ignore[misc]
    """The rules of a norm. All of them together make the next version (norms.revise)."""

    model = PostRule
    form = RuleForm
    fields = RULE
    autocomplete_fields = ["role", "agency"]
    extra = 0
    show_title = False

    def may_write(self, request: HttpRequest, norm: Model | None) -> bool:
        page = self.admin_site._registry[self.parent_model]
        return bool(page.has_change_permission(request, norm) if norm else page.has_add_permission(request))

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return True

    has_add_permission = has_change_permission = has_delete_permission = lambda self, request, obj=None: self.may_write(
        request, obj
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).select_related("role", "agency").order_by("pk")


def presets_for(user: Visitor, capabilities: Iterable[May]) -> Q:
    """A preset belongs to no area: whoever plans somewhere may read it, the system's keeper may change it."""
    return Q(area=None) if any(granted(user, may) for may in {*capabilities} - {May.PLAN}) else Q(pk__in=[])


@admin.register(NormProfile)
class NormProfileAdmin(Admin):
    """Saving makes a new version; the old ones stay, and so do the plans that were made with them."""

    areas = ["area"]
    sees = [May.SEE, May.PLAN, May.ADMINISTER]
    changes = adds = WRITE
    fills = ["area", "slug", *norms.FIELDS]
    edits = norms.FIELDS
    shows = ["area", "slug", "version", "current", *norms.FIELDS, "changed_by", "created_at"]
    list_display = ["name", "slug", "area", "version", "current", "lane_rate", "created_at"]
    list_select_related = ["area"]
    list_filter = [("area", AutocompleteSelectFilter), "current"]
    search_fields = ["name", "name_en", "slug"]
    autocomplete_fields = ["area"]
    ordering = ["slug", "-version", "id"]
    inlines = [RuleInline]

    def scope(self, user: Visitor, capabilities: Iterable[May]) -> Q:
        return super().scope(user, capabilities) | presets_for(user, capabilities)

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return super().has_change_permission(request, obj) and (obj is None or obj.current)  # type: ignore[attr-defined]

    def save_model(self, request: HttpRequest, obj: NormProfile, form: Any, change: bool) -> None:
        """Saved with its rules, below."""

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        norm: NormProfile = form.instance
        rules = [rule for formset in formsets for rule in rules_in(formset)]
        by, now = request.user, timezone.now()
        if change:
            said = {name: form.cleaned_data[name] for name in form.changed_data}
            norm.pk = norms.revise(norm.pk, said, rules, by=by, now=now).pk
        else:
            fields = {name: getattr(norm, name) for name in norms.FIELDS}
            norm.pk = norms.write(norm.slug, fields, rules, area_id=norm.area_id, by=by).pk
        self.refuse_foreign(request, norm, self.changes)


def rules_in(formset: Any) -> list[norms.RulePlan]:
    formset.save(commit=False)  # for the message that says what has changed
    kept = [form for form in formset.forms if form not in formset.deleted_forms]
    rules = [form.instance for form in kept if form.instance.pk or form.has_changed()]
    return [norms.rule_plan(rule) for rule in rules]


@admin.register(PostRule)
class PostRuleAdmin(Admin):
    """The rules of all norms, to be searched; they are changed with their norm."""

    areas = ["profile__area"]
    sees = [May.SEE, May.PLAN, May.ADMINISTER]
    shows = ["profile", *RULE]
    list_display = ["profile", "role", "basis", "quantity", "per", "counts", "source"]
    list_select_related = ["profile", "role"]
    list_filter = [("role", AutocompleteSelectFilter), ("basis", ChoicesDropdownFilter), "profile__current"]
    search_fields = ["profile__name", "profile__slug", "role__name", "source"]
    ordering = ["-profile", "id"]

    def scope(self, user: Visitor, capabilities: Iterable[May]) -> Q:
        some = any(granted(user, may) for may in capabilities)
        return super().scope(user, capabilities) | (Q(profile__area=None) if some else Q(pk__in=[]))
