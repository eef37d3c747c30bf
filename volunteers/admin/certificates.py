from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from communities.access import May
from communities.admin.steps import Ask, Step, Stepping
from volunteers.actions import certificates
from volunteers.models import Certificate
from volunteers.states import CertificateStatus


def issue(row: Certificate, ask: Ask) -> None:
    certificates.issue(row.pk, by=ask.by, now=ask.now)


def waits(row: Certificate) -> bool:
    return row.status == CertificateStatus.ASKED


@admin.register(Certificate)
class CertificateAdmin(Stepping):
    """Certificates of service. Refusing and revoking need a reason, and are done on the desk."""

    areas = ["community"]
    sees = [May.NAMES]
    shows = [
        "number",
        "volunteer",
        "community",
        "first_day",
        "last_day",
        "name",
        "times",
        "minutes",
        "status",
        "asked_by",
        "asked_at",
        "decided_by",
        "decided_at",
        "revoked_by",
        "revoked_at",
        "reason",
    ]
    list_display = ["number", "volunteer", "community", "first_day", "last_day", "minutes", "status"]
    list_select_related = ["volunteer__user", "community"]
    list_filter = ["status"]
    search_fields = ["number", "volunteer__number", "volunteer__user__name", "community__name"]
    date_hierarchy = "asked_at"
    steps = [Step("issue", _("Give the certificate"), issue, (May.RUN,), "badge", when=waits)]
