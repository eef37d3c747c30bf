import csv
import io
from base64 import b64decode
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from communities.access import May, Visitor, organisations
from communities.api.filters import Filters, of, word
from communities.api.organisations import OrganisationRow
from communities.api.resources import Readable, Resource, deed, made, says
from communities.api.rows import Ref, Row
from communities.api.words import Choice, Id, Said, Text
from communities.errors import Forbidden
from communities.models import Compound, Organisation, User
from communities.rules.cells import harmless
from communities.rules.residence import How
from volunteers import access
from volunteers.actions import imports
from volunteers.models import StaffImport, StaffImportRow
from volunteers.phrases import PROBLEMS
from volunteers.states import ImportStatus, RowState

MOST_MEMBERS = 5000
COLUMNS = ("external_id", "name", "phone", "address", "skills")


class ReportLineRow(serializers.Serializer):
    line = serializers.IntegerField()
    id = serializers.IntegerField()
    external_id = serializers.CharField()
    state = Choice(RowState)
    problems = serializers.ListField(child=Choice(PROBLEMS, name="RowProblem"))
    place = serializers.CharField(help_text="What the address says of the place, down to the compound.")
    compound = serializers.IntegerField(source="compound_id", allow_null=True)
    confidence = serializers.IntegerField(help_text="0 to 100; from 80 on nobody is asked.")
    how = Choice(How)
    choices = serializers.ListField(child=serializers.IntegerField(), help_text="Compounds it may mean.")


class StaffListRow(Row):
    """A staff list of an organisation whose people you may lend: read, reported row by row, then taken over or not."""

    model = StaffImport
    id = serializers.IntegerField()
    organisation = Ref(OrganisationRow)
    file_name = serializers.CharField()
    status = Choice(ImportStatus)
    problem = serializers.CharField()
    strange = serializers.ListField(child=serializers.CharField(), help_text="Columns that nobody reads.")
    rows = serializers.IntegerField()
    read = serializers.IntegerField(help_text="Rows read so far.")
    taken = serializers.IntegerField(help_text="Rows taken over.")
    uploaded_at = serializers.DateTimeField()
    finished_at = serializers.DateTimeField(allow_null=True)

    @classmethod
    def visible(cls, user: Visitor) -> QuerySet[Any]:
        return access.imports_run_by(user)


class ImportFilters(Filters):
    organisation = of("organisation")
    status = word("status", ImportStatus)


class MemberSaid(Said):
    external_id = Text(max_length=40, required=False, allow_blank=True)
    name = Text(max_length=200, allow_blank=True)
    phone = Text(max_length=40, allow_blank=True)
    address = Text(max_length=200, required=False, allow_blank=True)
    skills = Text(max_length=200, required=False, allow_blank=True)


class Uploading(Said):
    """A file, or up to 5,000 people."""

    organisation = Id()
    file_name = Text(max_length=120, required=False)
    content = Text(required=False, max_length=10_000_000, help_text="The CSV or XLSX file, in base64.")
    members = serializers.ListField(child=MemberSaid(), required=False, max_length=MOST_MEMBERS)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if ("content" in attrs) == ("members" in attrs):
            raise serializers.ValidationError({"content": [_("Send a file or a list of people.")]})
        return attrs


class Settling(Said):
    row = Id()
    compound = Id()


class SettledRow(serializers.Serializer):
    settled = serializers.IntegerField()


class StaffImports(Readable, Resource):
    row = StaffListRow
    noun = "staff-imports"
    orderings = ("id", "uploaded_at")
    filterset_class = ImportFilters

    @says(Uploading)
    def create(self, request: Request) -> Response:
        """Upload a staff list. A worker reads it; nothing is taken over before you decide."""
        said, user = Uploading.read(request.data), request.user
        unit = own_unit(user, said["organisation"])
        name, content = file_of(said)
        done = imports.upload(unit.pk, name, content, by=user, now=timezone.now())
        return made(StaffListRow, done, user)

    @deed(allowed=access.imports_run_by)
    def decide(self, found: StaffImport, *, by: User, now: datetime) -> StaffImport:
        """Take the list over: all rows without a fault."""
        return imports.decide(found.pk, by=by, now=now)

    @deed(allowed=access.imports_run_by)
    def cancel(self, found: StaffImport, *, by: User, now: datetime) -> StaffImport:
        """Stop reading it, or drop what was read."""
        return imports.cancel(found.pk, by=by, now=now)

    @deed(allowed=access.imports_run_by, gives=ReportLineRow(many=True), methods=("get",))
    def report(self, found: StaffImport, *, by: User, now: datetime) -> Response:
        """The rows with a fault, and those whose home somebody has to say; 500 of each at most."""
        lines = found.lines.all()
        rows = [*lines.wrong().order_by("line")[:500], *lines.unsure().order_by("line")[:500]]
        return Response(ReportLineRow(rows, many=True).data)

    @deed(allowed=access.imports_run_by, takes=Settling, gives=SettledRow)
    def settle(self, found: StaffImport, *, by: User, now: datetime, row: int, compound: int) -> Response:
        """Say which compound a row means. Remembered, and true for all who wrote the same."""
        known = StaffImportRow.objects.filter(pk=row, staff_import=found).exists()
        if not known or not Compound.objects.filter(pk=compound).exists():
            raise Http404
        return Response({"settled": imports.settle(row, compound, by=by, now=now)})


def own_unit(user: Visitor, pk: int) -> Organisation:
    if not (found := Organisation.objects.filter(pk=pk).first()):
        raise Http404
    if not organisations(user, May.LEND).filter(pk=pk).exists():
        raise Forbidden
    return found


def file_of(said: dict[str, Any]) -> tuple[str, bytes]:
    """People sent one by one are a list like any other."""
    if "members" in said:
        text = io.StringIO()
        table = csv.writer(text)
        table.writerow(COLUMNS)
        table.writerows([[harmless(one.get(name, "")) for name in COLUMNS] for one in said["members"]])
        return said.get("file_name") or "api.csv", text.getvalue().encode()
    try:
        return said.get("file_name", "list.csv"), b64decode(said["content"], validate=True)
    except ValueError as error:
        raise serializers.ValidationError({"content": [_("This is not base64.")]}) from error
