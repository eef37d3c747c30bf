from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django.utils import timezone
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from communities.access import Visitor
from communities.api.areas import AreaRow
from communities.api.filters import Filters, of, word
from communities.api.resources import Readable, Resource, deed, made, says
from communities.api.rows import Ref, Row
from communities.api.words import Choice, Day, Id, Said, Text
from communities.models import Area, User
from volunteers import access
from volunteers.actions import certificates
from volunteers.actions.certificates import Wish
from volunteers.api.volunteers import VolunteerRow
from volunteers.models import Certificate
from volunteers.states import CertificateStatus


class CertifiedRow(serializers.Serializer):
    what = serializers.CharField()
    where = serializers.CharField()
    first = serializers.DateField()
    last = serializers.DateField()
    times = serializers.IntegerField()
    minutes = serializers.IntegerField()


class CertificateRow(Row):
    """Hours given freely to an area over some days: confirmed ones only, never those on duty.

    Yours, and those asked of areas where you decide. `number` is what is printed and can be checked at `/v/{number}/`.
    """

    model = Certificate

    id = serializers.IntegerField()
    number = serializers.CharField()
    volunteer = Ref(VolunteerRow)
    area = Ref(AreaRow, source="community")
    first = serializers.DateField(source="first_day")
    last = serializers.DateField(source="last_day")
    times = serializers.IntegerField()
    minutes = serializers.IntegerField()
    lines = CertifiedRow(many=True)
    status = Choice(CertificateStatus)
    asked_at = serializers.DateTimeField()
    decided_at = serializers.DateTimeField(allow_null=True)
    revoked_at = serializers.DateTimeField(allow_null=True)
    reason = serializers.CharField()

    @classmethod
    def visible(cls, user: Visitor) -> QuerySet[Any]:
        return access.certificates_visible_to(user)


class CertificateFilters(Filters):
    volunteer = of("volunteer")
    area = of("community")
    status = word("status", CertificateStatus)


class AskingCertificate(Said):
    volunteer = Id(required=False, help_text="Somebody checked in with you; without it, yourself.")
    area = Id()
    first = Day()
    last = Day()


class CertificateReason(Said):
    reason = Text(max_length=200)


class Certificates(Readable, Resource):
    row = CertificateRow
    noun = "certificates"
    orderings = ("id", "asked_at")
    filterset_class = CertificateFilters

    @says(AskingCertificate)
    def create(self, request: Request) -> Response:
        """Ask for a certificate of your own hours, or, as the community, of somebody's. Asked again, the one that waits."""
        said, user, now = AskingCertificate.read(request.data), request.user, timezone.now()
        whose = access.volunteers_run_by(user).filter(pk=said["volunteer"]) if "volunteer" in said else own(user)
        person = whose.values_list("pk", flat=True).first()
        if not person or not Area.objects.filter(pk=said["area"]).exists():
            raise Http404
        done = certificates.ask(Wish(person, said["area"], said["first"], said["last"]), by=user, now=now)
        return made(CertificateRow, done, user, new=done.asked_at >= now)

    @deed(allowed=access.certificates_decided_by)
    def issue(self, asked: Certificate, *, by: User, now: datetime) -> Certificate:
        """Give it. Neither by who asked for it nor by whose it is."""
        return certificates.issue(asked.pk, by=by, now=now)

    @deed(allowed=access.certificates_decided_by, takes=CertificateReason)
    def refuse(self, asked: Certificate, reason: str, *, by: User, now: datetime) -> Certificate:
        """Say no, with a reason that the person sees."""
        return certificates.refuse(asked.pk, reason, by=by, now=now)

    @deed(allowed=access.certificates_decided_by, takes=CertificateReason)
    def revoke(self, given: Certificate, reason: str, *, by: User, now: datetime) -> Certificate:
        """It does not count any more; whoever looks its number up sees so."""
        return certificates.revoke(given.pk, reason, by=by, now=now)


def own(user: Visitor) -> QuerySet[Any]:
    return access.Volunteer.objects.filter(user=user)
