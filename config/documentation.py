"""What people read about the API: its reference, and what each code of a refusal means."""

import re
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.csp import CSP
from django.views.decorators.csp import csp_override
from django.views.decorators.http import require_safe

from communities.phrases import PHRASES
from config.api import GENERAL

# Swagger UI writes style attributes and draws its arrows from data: addresses.
DOCS_POLICY = settings.SECURE_CSP | {"script-src": [CSP.SELF], "style-src": [CSP.SELF, CSP.UNSAFE_INLINE]}
FACT = re.compile(r"%\(\w+\)s")


@require_safe
@csp_override(DOCS_POLICY)
def docs(request: HttpRequest) -> HttpResponse:
    return render(request, "api/docs.html")


@require_safe
def problem(request: HttpRequest, code: str) -> HttpResponse:
    """The page behind a problem's `type`."""
    phrase: Any = PHRASES.get(code, GENERAL.get(code))
    if phrase is None:
        raise Http404
    return render(request, "api/problem.html", {"code": code, "sentence": FACT.sub("…", str(phrase))})
