from typing import Any, ClassVar

from django.db.models import QuerySet
from rest_framework import serializers

from communities.access import May, Visitor, areas
from communities.api.filters import Filters, text, under, word
from communities.api.filters import of as by_id
from communities.api.resources import Readable, Resource
from communities.api.rows import Row
from communities.api.words import Choice
from communities.models import Area, Community
from communities.states import Level


class AreaRow(Row):
    """A place that can decide, from the city down to the grid."""

    model = Area
    id = serializers.IntegerField()
    level = Choice(Level)
    name = serializers.CharField()
    name_en = serializers.CharField()
    code = serializers.CharField(allow_null=True, help_text="GB/T 2260, where it is known.")
    code_verified = serializers.BooleanField()
    parent = serializers.IntegerField(allow_null=True)
    time_zone = serializers.CharField(help_text="Empty: as the nearest area above that has one.")

    @classmethod
    def visible(cls, user: Visitor) -> QuerySet[Any]:
        return cls.model.objects.order_by("id")


class CommunityRow(AreaRow):
    """A community: the area that calls for people and runs shifts."""

    model = Community


class DutyAreaRow(Row):
    """An area by what one may do there; a subclass says what that is."""

    model = Area
    may: ClassVar[May]
    id = serializers.IntegerField()
    name = serializers.CharField()
    name_en = serializers.CharField()
    level = Choice(Level)
    parent = serializers.IntegerField(allow_null=True)

    @classmethod
    def visible(cls, user: Visitor) -> QuerySet[Any]:
        return areas(user, cls.may)


class DutyAreaFilters(Filters):
    level = word("level", Level)
    under = under("path")


class AreaFilters(Filters):
    level = word("level", Level)
    parent = by_id("parent")
    under = under("path")
    code = text("code")


class CommunityFilters(Filters):
    under = under("path")
    code = text("code")


class Areas(Readable, Resource):
    row = AreaRow
    noun = "areas"
    orderings = ("id", "name")
    filterset_class = AreaFilters


class Communities(Readable, Resource):
    row = CommunityRow
    noun = "communities"
    orderings = ("id", "name")
    filterset_class = CommunityFilters
