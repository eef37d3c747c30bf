from typing import Any

from django.db.models import QuerySet
from rest_framework import serializers

from communities.access import Visitor
from communities.api.filters import Filters, word
from communities.api.resources import Readable, Resource
from communities.api.rows import Row
from communities.api.words import Choice
from volunteers.models import Qualification
from volunteers.models.qualifications import QUALIFICATION_KINDS


class QualificationRow(Row):
    """Something a post can ask for: a skill, a language, a training, a licence or an insurance."""

    model = Qualification
    id = serializers.IntegerField()
    slug = serializers.CharField()
    kind = Choice(QUALIFICATION_KINDS, name="QualificationKind")
    name = serializers.CharField()
    name_en = serializers.CharField()
    self_declared = serializers.BooleanField(help_text="A person's own word is enough.")

    @classmethod
    def visible(cls, user: Visitor) -> QuerySet[Any]:
        return Qualification.objects.order_by("id")


class QualificationFilters(Filters):
    kind = word("kind", QUALIFICATION_KINDS)


class Qualifications(Readable, Resource):
    row = QualificationRow
    noun = "volunteers"
    filterset_class = QualificationFilters
