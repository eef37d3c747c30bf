"""Whether a certificate of destruction is as it was sealed, for whoever holds one."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from communities.limits import Limit, spend
from communities.web.accounts import ip_of
from staffing.models import CloseOut
from staffing.queries.closeouts import certificate, sealed
from staffing.rules.closeouts import seal

CHECKS = Limit("destruction", 60, 3600)


def holds(one: CloseOut) -> bool:
    return seal(certificate(one)) == one.digest


@require_safe
def destruction_check(request: HttpRequest, digest: str = "") -> HttpResponse:
    """Whether a certificate of destruction is as it was sealed, for anybody with its seal. Nobody is named."""
    typed = "".join((digest or request.GET.get("seal", "")).split()).lower()
    if not typed:
        return render(request, "staffing/destruction.html", {})
    spend((CHECKS, ip_of(request)))
    found = sealed(typed)
    context = {"typed": typed[:80], "found": found, "holds": bool(found and holds(found))}
    return render(request, "staffing/destruction.html", context, status=200 if found else 404)
