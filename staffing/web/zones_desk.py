"""Which compounds are sealed, controlled or free; set by the district and above."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Prefetch
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from communities.access import May, areas, within
from communities.actions.zones import Decree, set_level
from communities.models import Compound, ZonePolicy, ZoneStatus
from staffing.access import load
from staffing.web.calls_desk import form_page, page_and_post
from staffing.web.desk_forms import ZoneForm
from staffing.web.pages import attempt, back_to, chosen_area, customs, rights, show, staff_only

TONES = {"lockdown": ("bad", "lock"), "controlled": ("warn", "half"), "precaution": ("info", "ring")}


@require_safe
@staff_only
def zones(request: HttpRequest) -> HttpResponse:
    area = chosen_area(request)
    if not area:
        raise Http404
    now = timezone.now()
    present = Prefetch("zone_statuses", ZoneStatus.objects.at(now), to_attr="present")
    found = Compound.objects.filter(community__path__startswith=area.path).select_related("community")
    page = Paginator(found.prefetch_related(present).order_by("community__path", "pk"), 50).get_page(
        request.GET.get("page")
    )
    names = {policy.level: str(policy) for policy in ZonePolicy.objects.all()}
    for compound in page.object_list:
        compound.zone = compound.present[0] if compound.present else None
        compound.word = names.get(compound.zone.level, compound.zone.level) if compound.zone else _("None")
        compound.tone = TONES.get(compound.zone.level if compound.zone else "", ("off", "dash"))
    places = list(areas(request.user, May.SEE).order_by("path")[:200])
    context = {"page": page, "places": places, "rights": rights(request.user, area)}
    return show(request, "desk/zones.html", area, current="zones", **context)


@page_and_post
@staff_only
def zone_set(request: HttpRequest, pk: int) -> HttpResponse:
    visible = Compound.objects.filter(within(request.user, May.SEE, "community"))
    allowed = Compound.objects.filter(within(request.user, May.ZONES, "community"))
    compound = load(visible.select_related("community"), allowed, pk=pk)
    area, now = compound.community, timezone.now()
    zone = customs(area).zone
    here = now.astimezone(zone)
    form = ZoneForm(
        request.POST or None,
        zone=zone,
        levels=[(policy.level, str(policy)) for policy in ZonePolicy.objects.all()],
        initial={"day": here.date(), "clock": here.time()},
    )
    if request.method == "POST" and form.is_valid():
        found = form.cleaned_data
        decree = Decree(found["level"], form.since(), found["issuer"], found["notice_no"], found["group"])
        if attempt(form, lambda: set_level(compound.pk, decree, by=request.user, now=now)):
            messages.success(request, _("The zone is set."))
            return back_to(request, "zones")
    return form_page(request, "desk/zone_form.html", area, form, compound=compound)
