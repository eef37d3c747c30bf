from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from communities.access import May, Visitor, areas
from communities.api.areas import AreaRow
from communities.api.filters import Filters, of, under, word
from communities.api.resources import Readable, Resource, deed, dry_run, load, made, says
from communities.api.rows import Plain, Ref, Row
from communities.api.words import Choice, Id, Instant, Integer, Said, Text
from communities.errors import Refused
from communities.models import User
from communities.phrases import reasons
from staffing import access
from staffing.actions import closeouts
from staffing.actions.closeouts import Incident
from staffing.api.posts import ReasonRow
from staffing.models import CloseOut
from staffing.papers import LANGUAGES, name_of, pdf
from staffing.queries.closeouts import Report, Scope, certificate, report, scope_of
from staffing.rules.closeouts import LONGEST_NOTICE, SHORTEST_NOTICE, USUAL_NOTICE, refusals
from staffing.states import CloseOutStatus


class CloseOutRow(Row):
    """An incident that is closed out: its names go, its hours stay. Those of areas that you may close, or whose history you read."""

    model = CloseOut
    id = serializers.IntegerField()
    area = Ref(AreaRow)
    title = serializers.CharField()
    starts_at = serializers.DateTimeField()
    ends_at = serializers.DateTimeField()
    status = Choice(CloseOutStatus)
    notice_days = serializers.IntegerField()
    proposed_at = serializers.DateTimeField()
    agreed_at = serializers.DateTimeField(allow_null=True)
    purge_at = serializers.DateTimeField(allow_null=True, help_text="When the names go.")
    finished_at = serializers.DateTimeField(allow_null=True)
    digest = serializers.CharField(help_text="Of the certificate, once it is done.")

    @classmethod
    def visible(cls, user: Visitor) -> QuerySet[Any]:
        return access.close_outs_visible_to(user)


class CloseOutFilters(Filters):
    status = word("status", CloseOutStatus)
    area = of("area")
    under = under("area__path")


class ForeseenRow(serializers.Serializer):
    """What closing out would do now."""

    people = serializers.IntegerField(help_text="Accounts that had to do with it.")
    goes = serializers.IntegerField(help_text="Of them, those that lose their name.")
    kept = serializers.DictField(child=serializers.IntegerField(), help_text="Who stays, by reason.")
    rows = serializers.DictField(child=serializers.IntegerField(), help_text="Rows that go or are emptied, by table.")
    totals = serializers.DictField(help_text="What stands afterwards as before.")
    reasons = ReasonRow(many=True, help_text="Why it cannot be closed out yet.")


class CertificateOfDestructionRow(serializers.Serializer):
    """`digest` is the SHA-256 of `certificate` as JSON: keys sorted, no spaces, UTF-8."""

    certificate = serializers.DictField()
    digest = serializers.CharField()


class Paper(Response):
    """A PDF, whatever the client would rather have."""

    def __init__(self, content: bytes, name: str) -> None:
        super().__init__(content, headers={"Content-Disposition": f'attachment; filename="{name}"'})

    @property
    def rendered_content(self) -> bytes:
        self["Content-Type"] = "application/pdf"
        content: bytes = self.data
        return content


class ProposingToClose(Said):
    area = Id()
    title = Text(max_length=120)
    starts_at = Instant()
    ends_at = Instant(help_text="What was over by then belongs to it.")
    notice_days = Integer(min_value=SHORTEST_NOTICE, max_value=LONGEST_NOTICE, default=USUAL_NOTICE)


class CloseOuts(Readable, Resource):
    row = CloseOutRow
    noun = "close-outs"
    orderings = ("id", "proposed_at")
    filterset_class = CloseOutFilters

    @says(ProposingToClose, parameters=["dry_run"])
    def create(self, request: Request) -> Response:
        """Propose to close out an incident; a second person has to agree.

        With dry_run nothing is stored, and the answer is the report of what it would do (as under `report`).
        """
        said, user, now = ProposingToClose.read(request.data), request.user, timezone.now()
        area = load(AreaRow.visible(user), areas(user, May.CLOSE), said["area"])
        incident = Incident(area.pk, said["title"], said["starts_at"], said["ends_at"], said["notice_days"])
        if dry_run(request):
            closeouts.check(incident)
            return Response(shown(report(Scope(area.path, incident.start, incident.end), now)))
        return made(CloseOutRow, closeouts.propose(incident, by=user, now=now), user)

    @deed(allowed=access.close_outs_visible_to, methods=("get",), gives=ForeseenRow)
    def report(self, found: CloseOut, *, by: User, now: datetime) -> Response:
        """What it would do now: nothing is changed by looking."""
        return Response(shown(report(scope_of(found), now)))

    @deed(allowed=access.close_outs_run_by)
    def agree(self, found: CloseOut, *, by: User, now: datetime) -> CloseOut:
        """Agree, as a second person: the people are told, and their names go when the notice is over."""
        return closeouts.agree(found.pk, by=by, now=now)

    @deed(allowed=access.close_outs_run_by)
    def withdraw(self, found: CloseOut, *, by: User, now: datetime) -> CloseOut:
        """Take it back before it runs."""
        return closeouts.withdraw(found.pk, by=by, now=now)

    @deed(allowed=access.close_outs_visible_to, methods=("get",), gives=CertificateOfDestructionRow)
    def certificate(self, found: CloseOut, *, by: User, now: datetime) -> Response:
        """The certificate of destruction, once it is done."""
        if found.status != CloseOutStatus.DONE:
            raise Refused("not_over_yet")
        return Response({"certificate": certificate(found), "digest": found.digest})

    @deed(
        allowed=access.close_outs_visible_to,
        methods=("get",),
        gives={(200, "application/pdf"): OpenApiTypes.BINARY},
        parameters=("language",),
    )
    def paper(self, found: CloseOut, *, by: User, now: datetime) -> Response:
        """The certificate on paper, once it is done: in Chinese, or with `language=en` in English."""
        language = paper_language(self.request)
        if found.status != CloseOutStatus.DONE:
            raise Refused("not_over_yet")
        return Paper(pdf(found, language), name_of(found, language))


def paper_language(request: Request) -> str:
    language: str = request.query_params.get("language", "zh")
    if language not in LANGUAGES:
        raise serializers.ValidationError({"language": [", ".join(LANGUAGES)]})
    return language


def shown(found: Report) -> Plain:
    told = asdict(found)
    told.pop("open")
    return told | {"reasons": reasons(refusals(found.open))}
