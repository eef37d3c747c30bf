from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, QuerySet
from rest_framework import serializers

from communities.access import Visitor
from communities.api.resources import Readable, Resource
from communities.api.rows import Plain, Row
from staffing.models import Role
from volunteers.models import Qualification


def slugs(relation: str) -> ArraySubquery:
    found = Qualification.objects.filter(**{relation: OuterRef("pk")}).order_by("id")
    return ArraySubquery(found.values("slug"))


class RoleRow(Row):
    """A kind of work: what it asks of a person, and how long in one go."""

    model = Role
    hidden = {"_requires": slugs("roles"), "_prefers": slugs("preferred_by")}  # the names are the model's own
    filled = frozenset({"requires", "prefers"})

    id = serializers.IntegerField()
    slug = serializers.CharField()
    name = serializers.CharField()
    name_en = serializers.CharField()
    note = serializers.CharField()
    note_en = serializers.CharField()
    icon = serializers.CharField()
    requires = serializers.ListField(child=serializers.CharField(), help_text="Slugs of qualifications.")
    prefers = serializers.ListField(child=serializers.CharField(), help_text="Slugs of qualifications.")
    max_block_minutes = serializers.IntegerField()
    risky = serializers.BooleanField(help_text="Needs a safety briefing and accident insurance.")
    leads = serializers.BooleanField()
    counted = serializers.BooleanField(help_text="Counts in the community's own posts.")

    @classmethod
    def visible(cls, user: Visitor) -> QuerySet[Any]:
        return Role.objects.order_by("id")

    @classmethod
    def shown(cls, rows: list[Plain], user: Visitor) -> list[Plain]:
        return [row | {"requires": row.pop("_requires"), "prefers": row.pop("_prefers")} for row in rows]


class Roles(Readable, Resource):
    row = RoleRow
    noun = "roles"
    orderings = ("id", "slug")
