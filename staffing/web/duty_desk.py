"""People on duty put on a post by their lead, many at once; volunteers are asked, never put."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from communities.access import May
from communities.errors import Forbidden
from communities.numbers import numbers_in
from staffing.actions.assignments import assign_together
from staffing.queries.duty import to_place
from staffing.web.pages import back_to, staff_only
from staffing.web.refusals import why_not
from staffing.web.roster import community_of, post_of
from volunteers.models import Volunteer

MOST = 500


@require_POST
@staff_only
def post_assign(request: HttpRequest, pk: int) -> HttpResponse:
    post, now = post_of(request, pk, May.RUN), timezone.now()
    ids = set(numbers_in(request.POST.getlist("p")))
    if ids - {person.pk for person in to_place(post, community_of(post.shift), now, most=MOST)}:
        raise Forbidden("not_found")
    placed = assign_together([(post.pk, person) for person in sorted(ids)], by=request.user, now=now)
    if n := len(placed.done):
        messages.success(request, ngettext("%(n)d person stands there.", "%(n)d people stand there.", n) % {"n": n})
    names = dict(Volunteer.objects.filter(pk__in=placed.stayed).values_list("pk", "user__name"))
    for person, reasons in list(placed.stayed.items())[:10]:
        words = {"who": names[person], "why": " ".join(why_not(reasons))}
        messages.warning(request, _("%(who)s stays as before: %(why)s") % words)
    if not ids:
        messages.warning(request, _("Tick somebody first."))
    return back_to(request, "roster", post.shift_id)
