"""A copy of everything about oneself, and being forgotten."""

from django.utils import timezone
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from communities.api.resources import says
from communities.api.words import Consent, Nothing, Said
from communities.limits import Limit, spend
from staffing.actions import erasing
from staffing.queries.exports import PARTS, export_of
from volunteers.api.me import MeRow, Mine

COPIES = Limit("copies of one's data", 10, 3600)


class CopyRow(serializers.Serializer):
    """Everything about you, list by list; docs/api.md says what the columns mean."""

    version = serializers.IntegerField()
    made_at = serializers.DateTimeField()


for _part in PARTS:
    CopyRow._declared_fields[_part.name] = serializers.ListField(child=serializers.DictField())


class Forgetting(Said):
    sure = Consent(help_text="true: it cannot be undone.")


class ForgottenRow(serializers.Serializer):
    forgotten_at = serializers.DateTimeField()


class MyData(Mine):
    row = MeRow

    @says(Nothing, CopyRow)
    def show(self, request: Request) -> Response:
        """Show everything that is kept about you."""
        spend((COPIES, str(request.user.pk)))
        return Response(export_of(request.user, timezone.now()))

    @says(Forgetting, ForgottenRow)
    def forget(self, request: Request) -> Response:
        """Be forgotten: coming seats go to who is next in line, your identity goes, your hours stay without it.

        409 with everything that has to end first. Your token and every session end with it.
        """
        Forgetting.read(request.data)
        done = erasing.erase(request.user.pk, now=timezone.now())
        return Response({"forgotten_at": done.at})
