"""Norms: the numbers that plans are reckoned with."""

from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from rest_framework import serializers
from rest_framework.response import Response

from communities.access import May, Visitor, areas
from communities.api.areas import AreaRow
from communities.api.filters import Filters, flag, of, text
from communities.api.resources import Readable, Resource, deed, load, made
from communities.api.rows import Many, Ref, Row
from communities.api.words import Choice, Flag, Id, Integer, Said, Several, Text
from communities.errors import Forbidden, Invalid
from communities.models import Organisation, User
from communities.models.places import SITE_KINDS
from staffing import access
from staffing.actions import norms
from staffing.api.roles import RoleRow
from staffing.models import NormProfile, PostRule, Role
from staffing.phrases import field_error
from staffing.states import Basis
from volunteers.states import PersonKind

TEXTS = ("activity", "risks", "protection", "briefing", "bring")


class Number(serializers.FloatField):
    """A JSON number, not a numeral in quotes."""

    def to_internal_value(self, data: Any) -> float:
        if isinstance(data, bool) or not isinstance(data, int | float):
            self.fail("invalid")
        return super().to_internal_value(data)


class PostRuleRow(Row):
    """So many people of a role for every so many of the basis begun."""

    model = PostRule
    id = serializers.IntegerField()
    profile = serializers.IntegerField()
    role = Ref(RoleRow)
    basis = Choice(Basis)
    quantity = serializers.IntegerField()
    per = serializers.IntegerField()
    site_kind = serializers.CharField(help_text="Where they stand; empty: as the basis has it.")
    counts = serializers.BooleanField(help_text="false: sent by others, the community need not find them.")
    person_kinds = serializers.ListField(child=serializers.CharField())
    agency = serializers.IntegerField(allow_null=True)
    block_hours = Number(allow_null=True)
    low = Number(allow_null=True)
    high = Number(allow_null=True)
    source = serializers.CharField()

    @classmethod
    def visible(cls, user: Visitor) -> QuerySet[Any]:
        return PostRule.objects.order_by("id")


class NormProfileRow(Row):
    """The numbers a plan is reckoned with, in one version. Without an area it is a preset; an area's own holds below it."""

    model = NormProfile
    id = serializers.IntegerField()
    slug = serializers.CharField()
    version = serializers.IntegerField()
    current = serializers.BooleanField()
    area = Ref(AreaRow, allow_null=True)
    name = serializers.CharField()
    name_en = serializers.CharField()
    lane_rate = Number(allow_null=True, help_text="People an hour on one lane; null: no lanes.")
    home_share = Number()
    block_hours = Number()
    day_hours = Number()
    break_hours = Number()
    standby_share = Number()
    household_size = Number()
    lanes_per_point = serializers.IntegerField()
    point_kind = Choice(SITE_KINDS, name="SiteKind")
    common_kind = Choice(SITE_KINDS, name="SiteKind")
    checks = serializers.JSONField(help_text="Figures of a guide to compare with.")
    ranges = serializers.JSONField(help_text="Usual range and source, by name of the number.")
    activity = serializers.CharField()
    activity_en = serializers.CharField()
    risks = serializers.CharField()
    risks_en = serializers.CharField()
    protection = serializers.CharField()
    protection_en = serializers.CharField()
    briefing = serializers.CharField()
    briefing_en = serializers.CharField()
    bring = serializers.CharField()
    bring_en = serializers.CharField()
    rules = Many(PostRuleRow, by="profile")

    @classmethod
    def visible(cls, user: Visitor) -> QuerySet[Any]:
        return NormProfile.objects.order_by("id")


class NormFilters(Filters):
    area = of("area")
    slug = text("slug")
    current = flag("current")


class RuleSaid(Said):
    role = Text(max_length=50, help_text="The slug of a role.")
    basis = Choice(Basis)
    quantity = Integer(min_value=1, max_value=500, required=False)
    per = Integer(min_value=1, max_value=1_000_000, required=False)
    site_kind = Choice(SITE_KINDS, name="SiteKind", required=False)
    counts = Flag(required=False)
    person_kinds = Several(Choice(PersonKind), required=False)
    agency = Id(required=False, allow_null=True)
    block_hours = Number(min_value=0.25, max_value=24, required=False, allow_null=True)
    low = Number(min_value=0, max_value=99_999, required=False, allow_null=True)
    high = Number(min_value=0, max_value=99_999, required=False, allow_null=True)
    source = Text(max_length=200, required=False, allow_blank=True)


class Revising(Said):
    """What is not said stays as it is."""

    area = Id(required=False, help_text="Make it this area's own norm, and leave the one it is made from.")
    name = Text(max_length=120, required=False)
    name_en = Text(max_length=120, required=False, allow_blank=True)
    lane_rate = Number(min_value=0.01, max_value=99_999, required=False, allow_null=True)
    home_share = Number(min_value=0, max_value=1, required=False)
    block_hours = Number(min_value=0.25, max_value=24, required=False)
    day_hours = Number(min_value=0.25, max_value=24, required=False)
    break_hours = Number(min_value=0, max_value=24, required=False)
    standby_share = Number(min_value=0, max_value=1, required=False)
    household_size = Number(min_value=0.1, max_value=99, required=False)
    lanes_per_point = Integer(min_value=1, max_value=100, required=False)
    rules = serializers.ListField(child=RuleSaid(), required=False, max_length=60, help_text="All of them.")


class NormProfiles(Readable, Resource):
    row = NormProfileRow
    noun = "norm-profiles"
    orderings = ("id", "slug")
    filterset_class = NormFilters

    @deed(allowed=NormProfileRow.visible, takes=Revising, gives={201: NormProfileRow})
    def revise(self, norm: NormProfile, *, by: User, now: datetime, **said: Any) -> Response:
        """Make a new version of the norm.

        Plans keep the version they were made with. What changes nothing makes no version.
        """
        area = self.area_for(norm, said.pop("area", None))
        rules = [rule_plan(rule) for rule in said.pop("rules")] if "rules" in said else None
        done = norms.revise(norm.pk, said, rules, area_id=area, by=by, now=now)
        return made(NormProfileRow, done, by, new=done.pk != norm.pk)

    def area_for(self, norm: NormProfile, area: int | None) -> int | None:
        user = self.request.user
        if area is not None:
            return load(AreaRow.visible(user), areas(user, May.PLAN), area).pk
        if not access.norms_changed_by(user).filter(pk=norm.pk).exists():
            raise Forbidden
        return norm.area_id


def rule_plan(said: dict[str, Any]) -> norms.RulePlan:
    role = Role.objects.filter(slug=said.pop("role")).first()
    if not role:
        raise Invalid(rules=field_error("unknown_role"))
    if (agency := said.pop("agency", None)) and not Organisation.objects.filter(pk=agency).exists():
        raise Invalid(rules=field_error("unknown_organisation"))
    return norms.RulePlan(role_id=role.pk, agency_id=agency, **said)
