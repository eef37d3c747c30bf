from typing import Any

from django.db.models import QuerySet
from rest_framework import serializers

from communities.access import Visitor
from communities.api.filters import Filters, word
from communities.api.resources import Readable, Resource
from communities.api.rows import Row
from staffing import access
from staffing.models import Seal
from staffing.rules.seals import SEALED


class SealRow(Row):
    """A stretch of the history, fixed. Keep the newest digest elsewhere: `manage.py verify_history --known` asks for it."""

    model = Seal
    id = serializers.IntegerField()
    table = serializers.CharField()
    last = serializers.IntegerField(help_text="Number of the last row.")
    count = serializers.IntegerField(help_text="Rows that it covers.")
    previous = serializers.CharField(help_text="Digest of the seal before; zeros for the first.")
    digest = serializers.CharField(help_text="SHA-256 in hex over this seal and the one before.")
    at = serializers.DateTimeField()

    @classmethod
    def visible(cls, user: Visitor) -> QuerySet[Any]:
        return access.seals_visible_to(user)


class SealFilters(Filters):
    table = word("table", SEALED)


class HistorySeals(Readable, Resource):
    row = SealRow
    noun = "history-seals"
    orderings = ("id", "at")
    filterset_class = SealFilters
