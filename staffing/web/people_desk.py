"""The people checked in with a community: found by name or the last digits of the phone, verified, approved, entered."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from communities.access import May, areas, within
from communities.models.messages import CHANNELS
from communities.searching import words_in
from staffing.access import load
from staffing.actions import newcomers
from staffing.models import SignUp
from staffing.queries.rosters import communities_enrolment, ending_in
from staffing.web.calls_desk import form_page, page_and_post
from staffing.web.pages import attempt, back_to, chosen_area, rights, show, staff_only
from staffing.web.people_forms import EnrolForm
from volunteers.actions import people as actions
from volunteers.models import Enrolment, HeldQualification

PER_PAGE = 50


@require_safe
@staff_only
def people(request: HttpRequest) -> HttpResponse:
    area = chosen_area(request, May.NAMES)
    if not area:
        raise Http404
    asked = words_in(request.GET.get("q"))
    page = Paginator(search(communities_enrolment(area), asked), PER_PAGE).get_page(request.GET.get("page"))
    places = list(areas(request.user, May.NAMES).order_by("path")[:200])
    context = {"page": page, "asked": asked, "places": places, "rights": rights(request.user, area)}
    return show(request, "desk/people.html", area, current="people", **context)


def search(found: QuerySet[Enrolment], asked: str) -> QuerySet[Enrolment]:
    """By a part of the name, or by the last digits of the phone."""
    if not asked:
        return found
    by_name = Q(volunteer__user__name__icontains=asked) | Q(volunteer__number=asked)
    if asked.isdigit() and 3 <= len(asked) <= 11:
        return found.filter(by_name | Q(pk__in=ending_in(found, asked)))
    return found.filter(by_name)


@page_and_post
@staff_only
def person_new(request: HttpRequest) -> HttpResponse:
    area = chosen_area(request, May.ADMIT)
    if not area:
        raise Http404
    form = EnrolForm(request.POST or None, community=area)
    if request.method == "POST" and form.is_valid():
        entered = attempt(form, lambda: newcomers.enter(form.newcomer(), area.pk, by=request.user, now=timezone.now()))
        if entered:
            messages.success(
                request, _("%(who)s is checked in with the community.") % {"who": form.cleaned_data["name"]}
            )
            return back_to(request, "people")
    return form_page(request, "desk/person_form.html", area, form)


def seen(request: HttpRequest) -> QuerySet[Enrolment]:
    return Enrolment.objects.filter(within(request.user, May.NAMES, "community"), ended_at=None)


def run(request: HttpRequest) -> QuerySet[Enrolment]:
    return Enrolment.objects.filter(within(request.user, May.RUN, "community"), ended_at=None)


@require_safe
@staff_only
def person(request: HttpRequest, pk: int) -> HttpResponse:
    """One enrolled person: what they can do, what waits to be verified, what they are on next."""
    enrolment = get_object_or_404(
        seen(request).select_related("volunteer__user", "volunteer__residence", "community"), pk=pk
    )
    volunteer = enrolment.volunteer
    context: dict[str, Any] = {
        "enrolment": enrolment,
        "person": volunteer,
        "held": list(volunteer.held.select_related("qualification", "verified_by").order_by("qualification_id")),
        "next": coming(volunteer.pk),
        "minutes": sum(volunteer.records.values_list("minutes", flat=True)),
        "rights": rights(request.user, enrolment.community),
        "dead": [CHANNELS[dead.channel] for dead in volunteer.user.dead_ends.order_by("channel")],
    }
    return show(request, "desk/person.html", enrolment.community, current="people", **context)


def coming(volunteer_id: int) -> list[Any]:
    found = SignUp.objects.alive().of(volunteer_id).filter(period__endswith__gt=timezone.now())
    return list(found.select_related("shift__site", "post__role").order_by("shift__starts_at")[:10])


@require_POST
@staff_only
def person_approve(request: HttpRequest, pk: int) -> HttpResponse:
    enrolment = load(seen(request).select_related("volunteer__user"), run(request), pk=pk)
    actions.approve(enrolment.pk, by=request.user, now=timezone.now())
    messages.success(request, _("%(who)s may serve in sealed compounds.") % {"who": enrolment.volunteer.name})
    return back_to(request, "person", enrolment.pk)


@require_POST
@staff_only
def person_verify(request: HttpRequest, pk: int, held: int) -> HttpResponse:
    """Somebody has seen the paper."""
    enrolment = load(seen(request).select_related("volunteer"), run(request), pk=pk)
    paper = get_object_or_404(HeldQualification, pk=held, volunteer=enrolment.volunteer)
    actions.verify(paper.pk, by=request.user, now=timezone.now())
    messages.success(request, _("Verified."))
    return back_to(request, "person", enrolment.pk)
