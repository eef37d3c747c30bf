from typing import Any

from django.db.models import QuerySet
from rest_framework import serializers

from communities.access import Visitor
from communities.api.filters import Filters, of, under, word
from communities.api.resources import Readable, Resource
from communities.api.rows import Row
from communities.api.words import Choice
from communities.models import Organisation
from communities.models.organisations import ORGANISATION_KINDS


class OrganisationRow(Row):
    """A body that employs, sends or gathers people."""

    model = Organisation
    id = serializers.IntegerField()
    kind = Choice(ORGANISATION_KINDS, name="OrganisationKind")
    name = serializers.CharField()
    name_en = serializers.CharField()
    parent = serializers.IntegerField(allow_null=True)

    @classmethod
    def visible(cls, user: Visitor) -> QuerySet[Any]:
        return Organisation.objects.order_by("id")


class OrganisationFilters(Filters):
    kind = word("kind", ORGANISATION_KINDS)
    parent = of("parent")
    under = under("path", Organisation)


class Organisations(Readable, Resource):
    row = OrganisationRow
    noun = "organisations"
    orderings = ("id", "name")
    filterset_class = OrganisationFilters
