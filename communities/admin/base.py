"""What every page of the admin site has in common: who sees and changes which rows, and how a refusal is shown.

Being staff or superuser opens nothing: each page asks for a capability on the row's own area (communities.access).
A row outside that scope does not exist for the reader.
"""

from collections.abc import Iterable, Sequence
from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Case, Count, F, Model, OuterRef, Q, QuerySet, Subquery, Sum, Value, When
from django.db.models.functions import Coalesce, Concat
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from unfold.admin import ModelAdmin, TabularInline
from unfold.views import ChangeList

from communities.access import May, Visitor, granted, within
from communities.admin import history
from communities.errors import Busy, DomainError, Forbidden, Invalid, Refused
from communities.models import Grant, User
from communities.phrases import say

WAYS_TO_FILTER = {"", *(f"__{way}" for way in ("exact", "id__exact", "in", "id__in", "isnull", "isempty"))}
WAYS_TO_FILTER |= {f"__{way}" for way in ("year", "month", "day", "gte", "lt", "lte", "date")}
PREFERENCES = ("lang", "size", "theme")  # asked for in any address, no filter of a list


def sentences(error: DomainError) -> list[str]:
    match error:
        case Refused():
            return [say(reason) for reason in error.reasons]
        case Invalid():
            return [text for texts in error.fields.values() for text in texts]
        case Busy():
            return [_("Somebody else is changing this at the moment. Try again.")]
    return [str(error)]


def scope(user: Visitor, capabilities: Iterable[May], areas: Sequence[str] | None) -> Q:
    """Rows on which the user has one of the capabilities. `areas`: the ways from a row to its Area ("" for an Area
    itself); None for rows that belong to no area, which a holder sees all of.
    """
    if areas is None:
        return Q() if any(granted(user, may) for may in capabilities) else Q(pk__in=[])
    found = Q(pk__in=[])
    for may in capabilities:
        for area in areas:
            found |= within(user, may, area)
    return found


def summed(rows: QuerySet[Any], owner: str, field: str) -> Coalesce:
    """The sum of a column over the rows of each owner, as a subquery: lists stay cheap to count."""
    mine = rows.filter(**{owner: OuterRef("pk")}).order_by().values(owner)
    return Coalesce(Subquery(mine.annotate(sum=Sum(field)).values("sum")), 0)


def counted(rows: QuerySet[Any], owner: str) -> Coalesce:
    mine = rows.filter(**{owner: OuterRef("pk")}).order_by().values(owner)
    return Coalesce(Subquery(mine.annotate(count=Count("pk")).values("count")), 0)


def known_as(user: Visitor, area: str, volunteer: str = "volunteer__") -> Case:
    """The name of the row's volunteer where the user may see names, else the volunteer's random number."""
    return Case(
        When(within(user, May.NAMES, area), then=F(f"{volunteer}user__name")),
        default=Concat(Value("#"), F(f"{volunteer}number")),
        output_field=models.CharField(),
    )


def colleagues(user: Visitor, capability: May = May.RUN) -> QuerySet[User]:
    """Accounts that hold a grant in the areas where the user has the capability."""
    holders = Grant.objects.filter(within(user, capability, "area")).values("user")
    return User.objects.filter(Q(pk__in=holders) | Q(pk=user.pk), is_active=True)


class DomainForm(forms.ModelForm):  # type: ignore[type-arg]
    """A form that shows what the domain said no to, beside the fields it speaks of."""

    refusal: ClassVar[DomainError | None] = None

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        match self.refusal:
            case Invalid() as error:
                self.add_error(None, ValidationError(sentences(error)))
            case DomainError() as error:
                raise ValidationError(sentences(error))
        return cleaned


class ScopedList(ChangeList):
    def get_filters_params(self, params: dict[str, Any] | None = None) -> dict[str, Any]:
        found = super().get_filters_params(params)
        return {name: value for name, value in found.items() if name not in PREFERENCES}


class Admin(ModelAdmin):  # type: ignore[misc]
    """Rows of one kind, scoped. `fills` is asked for a new row, `edits` may be changed later, `shows` is the page."""

    areas: Sequence[str] | None = None
    sees: Sequence[May] = (May.SEE,)
    changes: Sequence[May] = ()
    adds: Sequence[May] = ()
    deletes: Sequence[May] = ()
    parts: Sequence[type[Model]] = ()  # what may go with a row that is deleted; all else that hangs on it keeps it

    fills: Sequence[str] = ()
    edits: Sequence[str] = ()
    shows: Sequence[str] = ()
    people: Sequence[str] = ()  # foreign keys to accounts: chosen among the colleagues of one's areas

    form = DomainForm
    list_per_page = 50
    list_filter_submit = True
    show_full_result_count = False
    warn_unsaved_form = True
    object_history_template = "admin/history.html"

    def called(self, row: Any) -> str:
        """The row in a list to choose from, told apart from its like."""
        return str(row)

    # Who

    def scope(self, user: Visitor, capabilities: Iterable[May]) -> Q:
        return scope(user, capabilities, self.areas)

    def annotated(self, rows: QuerySet[Any], user: Visitor) -> QuerySet[Any]:
        """With what the pages show of each row to this user."""
        return rows

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows = super().get_queryset(request).filter(self.scope(request.user, self.sees))
        if self.list_select_related:
            rows = rows.select_related(*self.list_select_related)
        return self.annotated(rows, request.user)

    def holds(self, request: HttpRequest, capabilities: Iterable[May], row: Model | None = None) -> bool:
        """The user has one of the capabilities: somewhere, or on this row."""
        capabilities = tuple(capabilities)
        if not any(granted(request.user, may) for may in capabilities):
            return False
        if not isinstance(row, self.model) or row.pk is None or self.areas is None:
            return True
        known = row.__dict__.setdefault("held", {})
        if capabilities not in known:
            mine = self.scope(request.user, capabilities)
            known[capabilities] = self.model._base_manager.filter(mine, pk=row.pk).exists()
        return bool(known[capabilities])

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return self.holds(request, self.sees, obj)

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return bool(self.edits) and self.holds(request, self.changes, obj)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self.holds(request, self.adds)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return self.holds(request, self.deletes, obj)

    # What

    def get_fields(self, request: HttpRequest, obj: Model | None = None) -> Sequence[str]:
        return list(self.shows or self.fills) if obj else list(self.fills)

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> Sequence[str]:
        return [name for name in self.get_fields(request, obj) if name not in self.edits] if obj else []

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return ScopedList

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest | None = None) -> bool:
        """Rows can be asked for by the filters that the page shows, and by nothing else."""
        shown = [each[0] if isinstance(each, tuple) else each for each in self.list_filter]
        names = [name for name in (*shown, self.date_hierarchy) if isinstance(name, str)]
        if lookup in {getattr(one, "parameter_name", None) for one in shown}:
            return True
        return any(lookup.startswith(name) and lookup.removeprefix(name) in WAYS_TO_FILTER for name in names)

    def get_form(self, request: HttpRequest, obj: Model | None = None, change: bool = False, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, change=change, **kwargs)
        form.refusal = getattr(request, "refusal", None)
        return form

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Only rows that the user can see can be chosen."""
        target = self.admin_site._registry.get(db_field.remote_field.model)
        if db_field.name in self.people:
            kwargs["queryset"] = colleagues(request.user)
        elif target:
            kwargs["queryset"] = target.get_queryset(request)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    # Saving

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """As ever; what the domain refuses has changed nothing, and comes back as the same form with the reasons."""
        try:
            return super().changeform_view(request, *args, **kwargs)
        except DomainError as error:
            request.refusal = error  # type: ignore[attr-defined]
            return super().changeform_view(request, *args, **kwargs)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        self.refuse_foreign(request, form.instance, self.changes if change else self.adds)

    def refuse_foreign(self, request: HttpRequest, row: Model, capabilities: Iterable[May]) -> None:
        """Whatever was filled in, the row has to end up in the user's own scope; else all of it is undone."""
        if not self.model._base_manager.filter(self.scope(request.user, capabilities), pk=row.pk).exists():
            raise Forbidden

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> tuple[Any, Any, Any, Any]:
        """What still hangs on the rows keeps them from being deleted, even where the database would let it go too."""
        found, counts, lacking, protected = super().get_deleted_objects(objs, request)
        own = {model._meta.verbose_name_plural for model in (self.model, *self.parts, *self.own_links())}
        others = [f"{count} × {name}" for name, count in counts.items() if name not in own]
        return found, counts, lacking & own if not others else set(), [*protected, *others]

    def own_links(self) -> list[type[Model]]:
        return [field.remote_field.through for field in self.model._meta.many_to_many]

    # History: the trail the database keeps, not a second one

    def log_addition(self, *args: Any) -> None: ...

    def log_change(self, *args: Any) -> None: ...

    def log_deletions(self, *args: Any) -> None: ...

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        row = self.get_object(request, object_id)
        if row is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        return history.page(self, request, row)


class ReadOnlyInline(TabularInline):  # type: ignore[misc]
    """Rows beside their owner: whoever may open the owner's page sees them, and changes them on their own pages."""

    ordering = ("pk",)
    extra = 0
    can_delete = False
    show_title = False
    per_page = 30

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return True

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


def tell_refusals(request: HttpRequest, row: object, error: DomainError) -> None:
    messages.error(request, f"{row}: {' '.join(sentences(error))}")


display = admin.display
