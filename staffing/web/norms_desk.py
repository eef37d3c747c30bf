"""The norms of an area: every number with its range and source; another number makes a new version."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from communities.access import May, may, within
from communities.models import Area
from staffing.actions import norms
from staffing.actions.norms import RulePlan
from staffing.models import NormProfile, PostRule
from staffing.queries.norms import norm_of, norms_at
from staffing.rules.norms import NUMBERS, Norm
from staffing.web.calls_desk import page_and_post
from staffing.web.norm_words import source_of
from staffing.web.pages import attempt, show, staff_only
from staffing.web.plan_forms import KNOBS, PERCENT, UNITS, count, digits, knob, plain
from staffing.web.plans_desk import area_of


class NormForm(forms.Form):
    """The numbers of a norm, and of each of its rules the people and for how many of what."""

    reason = forms.CharField(
        label=gettext_lazy("Why, or where the new number comes from"), max_length=200, widget=digits(inputmode="text"),
        help_text=gettext_lazy("It stands beside the number from now on."),
    )  # fmt: skip

    def __init__(self, *args: Any, profile: NormProfile, rules: Sequence[PostRule], **kwargs: Any) -> None:
        super().__init__(*args, use_required_attribute=False, **kwargs)
        self.profile, self.rules, self.norm = profile, rules, norm_of(profile, rules)
        for name in known(self.norm):
            self.fields[name] = knob(name, shown(self.norm, name), {})
            self.fields[name].required = True
        for rule in rules:
            for part, label in (("quantity", _("%(role)s: people")), ("per", _("%(role)s: for every"))):
                field = count(label % {"role": rule.role}, min_value=1, max_value=30_000, required=True)
                field.initial = getattr(rule, part)
                field.widget.attrs["aria-label"] = field.label
                self.fields[f"{part}.{rule.role.slug}"] = field

    def said(self) -> tuple[dict[str, Any], list[RulePlan]]:
        """What changes, with the reason as the new source; and all rules."""
        found = self.cleaned_data
        new = {name: value for name, value in values(found, known(self.norm)).items() if self.differs(name, value)}
        change: dict[str, Any] = dict(new)
        if new:
            change["ranges"] = self.profile.ranges | {name: self.range_of(name) for name in new}
        return change, [self.plan_of(rule) for rule in self.rules]

    def differs(self, name: str, value: Decimal) -> bool:
        return bool(value != getattr(self.profile, name))

    def range_of(self, name: str) -> dict[str, Any]:
        return self.profile.ranges.get(name, {}) | {"source": self.cleaned_data["reason"]}

    def plan_of(self, rule: PostRule) -> RulePlan:
        plan = norms.rule_plan(rule)
        new = replace(plan, **{part: self.cleaned_data[f"{part}.{rule.role.slug}"] for part in ("quantity", "per")})
        return plan if new == plan else replace(new, source=self.cleaned_data["reason"])


def shown(norm: Norm, name: str) -> Fraction:
    return Fraction(getattr(norm, name)) * (100 if name in PERCENT else 1)


def known(norm: Norm) -> list[str]:
    return [name for name in NUMBERS if getattr(norm, name) is not None]


def values(found: Mapping[str, Any], names: Sequence[str]) -> dict[str, Decimal]:
    return {name: found[name] / 100 if name in PERCENT else found[name] for name in names}


def usable(area: Area) -> QuerySet[NormProfile]:
    """The norms that hold, or have held, in the area."""
    return NormProfile.objects.filter(Q(area=None) | Q(area__in=area.ancestor_ids)).select_related("area", "changed_by")


@require_safe
@staff_only
def norms_list(request: HttpRequest) -> HttpResponse:
    area = area_of(request)
    return show(request, "plan/norms.html", area, current="plan_new", found=norms_at(area))


@page_and_post
@staff_only
def norm(request: HttpRequest, pk: int) -> HttpResponse:
    """One version. The newest can be changed; what comes from further up becomes the area's own by that."""
    area = area_of(request)
    mine = NormProfile.objects.filter(within(request.user, May.PLAN, "area")).select_related("area", "changed_by")
    profile = get_object_or_404(usable(area) | mine, pk=pk)
    if profile.area and may(request.user, May.PLAN, profile.area):
        area = profile.area
    rules = list(profile.rules.select_related("role").order_by("pk"))
    form = NormForm(request.POST or None, profile=profile, rules=rules)
    if request.method == "POST" and form.is_valid():
        change, plans = form.said()
        how = {"area_id": area.pk, "by": request.user, "now": timezone.now()}
        made = attempt(form, lambda: norms.revise(profile.pk, change, plans, **how))
        if made:
            messages.success(request, _("Saved as version %(n)s.") % {"n": made.version})
            return HttpResponseRedirect(f"{reverse('norm', args=[made.pk])}?area={area.pk}", status=303)
    context = {
        "profile": profile,
        "numbers": list(numbers_of(form)),
        "rules": list(rules_of(form)),
        "versions": list(usable(area).filter(area=profile.area_id, slug=profile.slug).order_by("-version")[:20]),
        "own": profile.area_id == area.pk,
    }
    status = 400 if form.errors else 200
    return show(request, "plan/norm.html", area, current="plan_new", status=status, form=form, **context)


def numbers_of(form: NormForm) -> Iterator[dict[str, Any]]:
    for name in known(form.norm):
        usual = form.norm.ranges.get(name)
        yield {
            "field": form[name],
            "name": KNOBS[name],
            "unit": UNITS[name],
            "low": bound_of(usual.low if usual else None, name),
            "high": bound_of(usual.high if usual else None, name),
            "source": source_of(usual.source) if usual else "",
        }


def bound_of(value: Fraction | None, name: str) -> str:
    return "" if value is None else plain(value * 100 if name in PERCENT else value)


def rules_of(form: NormForm) -> Iterator[dict[str, Any]]:
    for rule in form.rules:
        yield {
            "rule": rule,
            "source": source_of(rule.source),
            "quantity": form[f"quantity.{rule.role.slug}"],
            "per": form[f"per.{rule.role.slug}"],
            "low": "" if rule.low is None else plain(Fraction(rule.low)),
            "high": "" if rule.high is None else plain(Fraction(rule.high)),
        }
