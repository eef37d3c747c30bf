"""Steps a row can take (publish, cancel, confirm …): buttons that call the same actions as every other door.

Each row is its own transaction. What is refused changes nothing and is told; the others go on.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin import helpers
from django.contrib.admin.options import IS_POPUP_VAR, Action, ActionLocation
from django.contrib.admin.utils import unquote
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import ngettext
from unfold.enums import ActionVariant
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminSplitDateTimeWidget, UnfoldAdminTextInputWidget

from communities.access import May, granted
from communities.admin.base import Admin, tell_refusals
from communities.errors import DomainError, Forbidden
from communities.models import User


@dataclass(frozen=True, slots=True)
class Ask:
    """Who asks for the step, and when."""

    by: User
    now: datetime


@dataclass(frozen=True, slots=True)
class Step:
    """`run` calls one action on one row, with the answers of `form` where the step asks something.

    `foresee` says in a sentence or two what it will do to people; `preview` says it once the answers are known, and
    is shown before anything happens. `single` steps are taken by one row at a time.
    """

    name: str
    label: Any
    run: Callable[..., object]
    may: tuple[May, ...]  # one of these, on the row
    icon: str
    when: Callable[[Any], bool] = lambda _row: True
    form: type[forms.Form] | None = None
    initial: Callable[[Any], dict[str, Any]] = lambda _row: {}
    foresee: Callable[[Sequence[Any]], list[str]] | None = None
    preview: Callable[[Any, dict[str, Any]], list[str]] | None = None
    single: bool = False
    danger: bool = False

    @property
    def asks(self) -> bool:
        return bool(self.form or self.foresee)


class TextInput(forms.CharField):
    widget = UnfoldAdminTextInputWidget


class Choice(forms.ChoiceField):
    widget = UnfoldAdminSelectWidget


class Moment(forms.SplitDateTimeField):
    widget = UnfoldAdminSplitDateTimeWidget


class Stepping(Admin):
    steps: Sequence[Step] = ()

    def get_urls(self) -> list[URLPattern]:
        name = f"{self.opts.app_label}_{self.opts.model_name}_step"
        view = self.admin_site.admin_view(self.step_view)
        return [path("<path:object_id>/step/<slug:step>/", view, name=name), *super().get_urls()]

    def allowed_steps(self, request: HttpRequest) -> list[Step]:
        return [step for step in self.steps if any(granted(request.user, may) for may in step.may)]

    # On the list: many rows

    def get_actions(
        self, request: HttpRequest, action_location: ActionLocation = ActionLocation.CHANGE_LIST
    ) -> dict[str, Any]:
        actions: dict[str, Any] = super().get_actions(request, action_location)
        if IS_POPUP_VAR in request.GET or action_location != ActionLocation.CHANGE_LIST:
            return actions
        return actions | {step.name: on_list(step) for step in self.allowed_steps(request) if not step.single}

    # On the page of one row

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        if row := kwargs.get("obj"):
            context["actions_detail"] = [self.button(step, row) for step in self.open_steps(request, row)]
        return super().render_change_form(request, context, *args, **kwargs)

    def open_steps(self, request: HttpRequest, row: Model) -> list[Step]:
        return [step for step in self.allowed_steps(request) if step.when(row) and self.holds(request, step.may, row)]

    def button(self, step: Step, row: Model) -> dict[str, Any]:
        return {
            "title": step.label,
            "icon": step.icon,
            "variant": ActionVariant.DANGER if step.danger else ActionVariant.DEFAULT,
            "attrs": {},
            "dialog": None,
            "path": reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_step", args=[row.pk, step.name]),
        }

    def step_view(self, request: HttpRequest, object_id: str, step: str) -> HttpResponse:
        row = self.get_object(request, unquote(object_id))
        found = next((each for each in self.allowed_steps(request) if each.name == step), None)
        if row is None or found is None:
            raise Http404
        page = reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_change", args=[row.pk])
        answer = self.take(request, found, [row], sure=request.method == "POST", back=page)
        return answer or HttpResponseRedirect(page)

    # Both

    def take(self, request: HttpRequest, step: Step, rows: Sequence[Any], *, sure: bool, back: str) -> Any:
        """Do it, or ask first: a page with what will happen, the questions of the step, and the way back."""
        form = step.form(request.POST if sure else None, initial=step.initial(rows[0])) if step.form else None
        ready = sure and (form is None or form.is_valid())
        if ready and (step.preview is None or "seen" in request.POST):
            return self.run_all(request, step, rows, form.cleaned_data if form else {})
        effects = step.foresee(rows) if step.foresee else []
        if ready and form and step.preview:
            effects = step.preview(rows[0], form.cleaned_data)
        return self.ask(request, step, rows, form, back, effects, seen=ready)

    def ask(
        self,
        request: HttpRequest,
        step: Step,
        rows: Sequence[Any],
        form: forms.Form | None,
        back: str,
        effects: Sequence[str],
        *,
        seen: bool,
    ) -> HttpResponse:
        context = self.admin_site.each_context(request) | {
            "opts": self.opts,
            "title": step.label,
            "step": step,
            "rows": rows,
            "form": form,
            "media": self.media,
            "effects": effects,
            "seen": seen,
            "back": back,
            "checkbox": helpers.ACTION_CHECKBOX_NAME,
        }
        return TemplateResponse(request, "admin/step.html", context)

    def run_all(self, request: HttpRequest, step: Step, rows: Sequence[Any], answers: dict[str, Any]) -> None:
        assert isinstance(request.user, User)
        done = sum(self.run_one(request, step, row, answers) for row in rows)
        if done:
            text = ngettext("%(step)s: %(count)d done.", "%(step)s: %(count)d done.", done)
            messages.success(request, text % {"step": step.label, "count": done})

    def run_one(self, request: HttpRequest, step: Step, row: Any, answers: dict[str, Any]) -> bool:
        try:
            if not self.holds(request, step.may, row):
                raise Forbidden
            step.run(row, Ask(request.user, timezone.now()), **answers)
        except DomainError as error:
            tell_refusals(request, row, error)
            return False
        return True


def on_list(step: Step) -> Action:
    return Action(many(step), step.name, step.label, step.label, [ActionLocation.CHANGE_LIST])


def many(step: Step) -> Callable[[Stepping, HttpRequest, QuerySet[Any]], HttpResponse | None]:
    def act(page: Stepping, request: HttpRequest, rows: QuerySet[Any]) -> HttpResponse | None:
        sure = not step.asks or "sure" in request.POST
        return page.take(request, step, list(rows), sure=sure, back=request.get_full_path())

    return act
