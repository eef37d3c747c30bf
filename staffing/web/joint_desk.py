"""Joint posts: each agency with its seats, filled by itself; the desk sees all in numbers, an agency its own by name."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from communities.access import May, area_paths, organisation_paths
from communities.models import Area, Organisation
from staffing import access
from staffing.actions import joint
from staffing.actions.joint import Share
from staffing.models import Post, Role, Shift, SignUp
from staffing.queries import joint as queries
from staffing.states import HOLDS_SEAT
from staffing.web.calls_desk import form_page, page_and_post
from staffing.web.desk_forms import SeatsField
from staffing.web.pages import attempt, back_to, show, staff_only
from staffing.web.people_forms import NamedForm
from staffing.web.roster import community_of

PER_PAGE, ROWS = 30, 5


@require_safe
@staff_only
def joint_posts(request: HttpRequest) -> HttpResponse:
    """The shifts to come that have seats of agencies: one line each, the reader's own seats first to fill."""
    user = request.user
    if not area_paths(user, May.SEE) and not organisation_paths(user, May.PLEDGE):
        raise Http404
    coming = access.joint_posts_visible_to(user).filter(shift__ends_at__gt=timezone.now())
    shifts = Shift.objects.filter(pk__in=coming.values("shift")).exclude(status="cancelled")
    page = Paginator(shifts.order_by("starts_at", "site__no", "pk"), PER_PAGE).get_page(request.GET.get("page"))
    posts = coming.filter(shift__in=[shift.pk for shift in page.object_list])
    rows = list(posts.select_related(*queries.ABOUT).order_by(*queries.ORDER))
    own = set(access.joint_posts_filled_by(user).filter(pk__in=[row.pk for row in rows]).values_list("pk", flat=True))
    people = access.joint_seats_visible_to(user).filter(post__in=own, status__in=HOLDS_SEAT)
    seats = people.select_related("volunteer__user").order_by("seat_no")
    lines = queries.table(rows, own, seats)
    context = {"page": page, "lines": lines, "officer": bool(organisation_paths(user, May.PLEDGE))}
    return show(request, "desk/joint.html", area_of(rows), current="joint_posts", **context)


def area_of(posts: list[Post]) -> Area | None:
    """For its clock."""
    return posts[0].shift.site.area if posts else None


@page_and_post
@staff_only
def joint_fill(request: HttpRequest, pk: int) -> HttpResponse:
    """One of the agency's people on one of its seats."""
    post = load_post(request, pk)
    shift = post.shift
    form = NamedForm(request.POST or None, community=community_of(shift))
    if request.method == "POST" and form.is_valid():
        made = attempt(form, lambda: joint.fill(post.pk, form.newcomer(), by=request.user, now=timezone.now()))
        if made:
            messages.success(request, _("%(who)s has a seat and is told.") % {"who": form.cleaned_data["name"]})
            return back_to(request, "joint_fill", post.pk)
    people = SignUp.objects.filter(post=post, status__in=HOLDS_SEAT).select_related("volunteer__user")
    context = {"post": post, "shift": shift, "people": people.order_by("seat_no")}
    return form_page(request, "desk/joint_fill.html", shift.site.area, form, current="joint_posts", **context)


def load_post(request: HttpRequest, pk: int) -> Post:
    about = ("role", "agency", "shift__site__area", "shift__call_up__community")
    visible = access.joint_posts_visible_to(request.user).select_related(*about)
    found: Post = access.load(visible, access.joint_posts_filled_by(request.user), pk=pk)
    return found


@require_POST
@staff_only
def joint_clear(request: HttpRequest, pk: int) -> HttpResponse:
    """The agency takes one of its people off a seat, to send another."""
    seats = access.joint_seats_visible_to(request.user)
    found = access.load(seats, seats, pk=pk)
    joint.send_other(found.pk, by=request.user, now=timezone.now())
    messages.success(request, _("The seat is free again; the person is told."))
    return back_to(request, "joint_fill", found.post_id)


class ShareForm(forms.Form):
    """Up to five agencies, each with a role and a number of seats."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for row in range(ROWS):
            self.fields[f"agency{row}"] = forms.ModelChoiceField(
                Organisation.objects.order_by("path"),
                label=gettext_lazy("Agency"),
                required=False,
                empty_label=gettext_lazy("none"),
            )
            self.fields[f"role{row}"] = forms.ModelChoiceField(
                Role.objects.order_by("pk"), label=gettext_lazy("Role"), empty_label=None, required=False
            )
            self.fields[f"seats{row}"] = SeatsField(label=gettext_lazy("Seats"), min_value=1, required=False)

    @property
    def rows(self) -> list[tuple[forms.BoundField, forms.BoundField, forms.BoundField]]:
        return [(self[f"agency{row}"], self[f"role{row}"], self[f"seats{row}"]) for row in range(ROWS)]

    def shares(self) -> list[Share]:
        said = self.cleaned_data
        return [
            Share(said[f"agency{row}"].pk, said[f"role{row}"].pk, said[f"seats{row}"] or 0)
            for row in range(ROWS)
            if said.get(f"agency{row}") and said.get(f"role{row}")
        ]


@page_and_post
@staff_only
def shift_joint(request: HttpRequest, pk: int) -> HttpResponse:
    """The seats of several agencies on one shift at once."""
    user = request.user
    visible = access.shifts_visible_to(user).select_related("site__area")
    shift = access.load(visible, access.shifts_run_by(user), pk=pk)
    posts = list(shift.posts.filter(agency__isnull=False).order_by("pk")[:ROWS])
    there = [{f"agency{row}": post.agency_id, f"role{row}": post.role_id, f"seats{row}": post.seats} for row, post in enumerate(posts)]  # fmt: skip
    form = ShareForm(request.POST or None, initial={name: value for one in there for name, value in one.items()})
    if request.method == "POST" and form.is_valid():
        made = attempt(form, lambda: joint.lay_out(shift.pk, form.shares(), by=user, now=timezone.now()))
        if made is not None:
            messages.success(request, _("Each agency can fill its seats now."))
            return back_to(request, "roster", shift.pk)
    return form_page(request, "desk/joint_form.html", shift.site.area, form, shift=shift)
