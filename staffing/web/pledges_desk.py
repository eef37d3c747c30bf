"""People an organisation promised: the promise, the names, and giving back what stays unnamed."""

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.db.models import Case, QuerySet, Value, When
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from communities.access import May, may, organisation_paths, organisations
from communities.errors import Forbidden
from communities.models import Organisation
from staffing.access import load, pledges_owed_to, pledges_run_by, pledges_visible_to, posts_asking, shifts_visible_to
from staffing.actions import newcomers
from staffing.actions import pledges as actions
from staffing.models import Post
from staffing.states import PledgeStatus, ShiftStatus
from staffing.web.calls_desk import form_page, page_and_post
from staffing.web.pages import attempt, back_to, customs, show, staff_only
from staffing.web.people_forms import NamedForm, PledgeForm
from staffing.web.roster import community_of

OWED = Case(When(status=PledgeStatus.OPEN, then=Value(0)), default=Value(1))
ABOUT = ("organisation", "post__role", "post__shift__site__area", "post__shift__call_up__community")


@require_safe
@staff_only
def pledges(request: HttpRequest) -> HttpResponse:
    """What has been promised to my areas, or by my organisation, what is still owed first; and what it is asked for."""
    found = pledges_visible_to(request.user).select_related(*ABOUT).order_by(OWED, "due_at", "-pk")
    page = Paginator(found, 50).get_page(request.GET.get("page"))
    officer = bool(organisation_paths(request.user, May.PLEDGE))
    reminds = set(pledges_owed_to(request.user).filter(pk__in=[one.pk for one in page]).values_list("pk", flat=True))
    context = {"page": page, "officer": officer, "asked": asked(request) if officer else None, "reminds": reminds}
    return show(request, "desk/pledges.html", None, current="pledges", **context)


def asked(request: HttpRequest) -> Page[Post]:
    """The posts with free seats that ask the reader's organisation, the next first."""
    coming = posts_asking(request.user).with_room().filter(shift__starts_at__gt=timezone.now())
    open_ones = coming.filter(shift__status__in=[ShiftStatus.OPEN, ShiftStatus.CLOSED])
    shown = open_ones.select_related("role", "agency", "shift__site__area", "shift__call_up__community")
    ordered = shown.order_by("shift__starts_at", "shift__site__area", "shift__site__no", "pk")
    return Paginator(ordered, 25).get_page(request.GET.get("posts"))


@page_and_post
@staff_only
def pledge_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep seats of a post for an organisation: told by the lead, or by its own personnel officer."""
    post = load_post(request, pk)
    area, now = post.shift.site.area, timezone.now()
    zone = customs(area).zone
    due = post.shift.starts_at.astimezone(zone)
    form = PledgeForm(
        request.POST or None,
        zone=zone,
        organisations=promisers(request, post),
        initial={"day": now.astimezone(zone).date(), "clock": "21:30" if due.date() > now.date() else ""},
    )
    if request.method == "POST" and form.is_valid():
        found = form.cleaned_data
        made = attempt(
            form,
            lambda: actions.promise(
                post.pk, found["organisation"].pk, found["seats"], form.due_at(), by=request.user, now=now
            ),
        )
        if made:
            messages.success(request, _("Seats are kept until the names are due."))
            return back_to(request, "pledge", made.pk)
    return form_page(
        request,
        "desk/pledge_form.html",
        area,
        form,
        current="pledges",
        post=post,
        shift=post.shift,
        runs=may(request.user, May.RUN, area),
    )


def load_post(request: HttpRequest, pk: int) -> Post:
    """A post of a shift I run, or, for an organisation, of any published shift or of its own agency's seats."""
    visible = Post.objects.filter(shift__in=shifts_visible_to(request.user))
    mine = organisations(request.user, May.PLEDGE)
    if mine.exists():
        visible = visible | Post.objects.filter(shift__status="open", agency=None) | posts_asking(request.user)
    post = load(visible.select_related("role", "shift__site__area", "shift__call_up__community"), visible, pk=pk)
    if not may(request.user, May.RUN, post.shift.site.area) and not mine.exists():
        raise Forbidden
    return post


def promisers(request: HttpRequest, post: Post) -> QuerySet[Organisation]:
    if may(request.user, May.RUN, post.shift.site.area):
        return Organisation.objects.order_by("path")
    return organisations(request.user, May.PLEDGE).order_by("path")


@page_and_post
@staff_only
def pledge(request: HttpRequest, pk: int) -> HttpResponse:
    """One promise: who has been named, and a form for the next name."""
    found = load(pledges_visible_to(request.user).select_related(*ABOUT), pledges_run_by(request.user), pk=pk)
    shift = found.post.shift
    form = NamedForm(request.POST or None, community=community_of(shift))
    if request.method == "POST" and form.is_valid():
        named = attempt(form, lambda: newcomers.name(found.pk, form.newcomer(), by=request.user, now=timezone.now()))
        if named:
            messages.success(request, _("%(who)s has a seat and is told.") % {"who": form.cleaned_data["name"]})
            return back_to(request, "pledge", found.pk)
    people = list(found.sign_ups.select_related("volunteer__user").order_by("pk"))
    context = {"pledge": found, "people": people, "shift": shift}
    return form_page(request, "desk/pledge.html", shift.site.area, form, current="pledges", **context)


@require_POST
@staff_only
def pledge_remind(request: HttpRequest, pk: int) -> HttpResponse:
    """Whoever answers for the unit gets a link once more; it needs no account."""
    found = load(pledges_visible_to(request.user), pledges_owed_to(request.user), pk=pk)
    readers = actions.ask_again(found.pk, by=request.user, now=timezone.now())
    said = ngettext("%(n)d person of the unit is reminded.", "%(n)d people of the unit are reminded.", readers)
    messages.success(request, said % {"n": readers})
    return back_to(request, "pledges")


@require_POST
@staff_only
def pledge_release(request: HttpRequest, pk: int) -> HttpResponse:
    found = load(pledges_visible_to(request.user), pledges_run_by(request.user), pk=pk)
    actions.release(found.pk, now=timezone.now())
    messages.success(request, _("The seats without a name are open again."))
    return back_to(request, "pledges")
