"""The trail of one row: who changed what, when and from where. The database writes it; nobody can edit it here."""

from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from communities.access import May
from communities.history import log

if TYPE_CHECKING:
    from communities.admin.base import Admin

READERS = (May.HISTORY, May.ADMINISTER)
PER_PAGE = 50


def page(admin: "Admin", request: HttpRequest, row: Model) -> HttpResponse:
    if not admin.holds(request, READERS, row):
        raise PermissionDenied
    entries: list[Any] = log(row) if hasattr(row, "events") else []
    context = admin.admin_site.each_context(request) | {
        "title": _("History"),
        "subtitle": str(row),
        "opts": admin.opts,
        "object": row,
        "tracked": hasattr(row, "events"),
        "entries": Paginator(entries, PER_PAGE).get_page(request.GET.get("p")),
    }
    return TemplateResponse(request, admin.object_history_template, context)
