"""Teams at the desk: proposed alike, formed by hand, led, sent to a shift, listed on paper."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext, pgettext_lazy
from django.views.decorators.http import require_POST, require_safe
from tablib import Dataset

from communities.access import May, areas, may
from communities.errors import Invalid, Refused
from communities.messages.rendering import named
from communities.models import Area, Organisation
from communities.numbers import number_in, numbers_in
from communities.rules.cells import harmless
from communities.searching import words_in
from communities.web.forms import status_of
from staffing.access import (
    load,
    members_run_by,
    members_visible_to,
    posts_run_by,
    task_forces_for,
    teams_run_by,
    teams_visible_to,
)
from staffing.actions import teams as actions
from staffing.actions.decisions import Placed
from staffing.actions.teams import Proposal, Wish
from staffing.models import Post, TaskForce, Team, TeamMember
from staffing.queries import teams as queries
from staffing.queries.teams import Pool
from staffing.rules.teams import MOST_TEAMS, Balance, balance
from staffing.states import ShiftStatus, TeamPart
from staffing.web.calls_desk import page_and_post
from staffing.web.pages import attempt, back_to, chosen_area, need, rights, show, staff_only
from staffing.web.plan_sheet import KINDS
from staffing.web.refusals import why_not
from volunteers.models import Qualification, Volunteer
from volunteers.models.people import PERSON_KINDS

SHOWN, ROWS = 60, 200


@require_safe
@staff_only
def teams(request: HttpRequest) -> HttpResponse:
    area = chosen_area(request, May.NAMES)
    if not area:
        raise Http404
    here = teams_visible_to(request.user).filter(area__path__startswith=area.path)
    rows = queries.listed(here.standing().order_by("area__path", "pk")[:ROWS])
    alike = in_words(balance(list(queries.groups_of(rows).values())), rows) if 1 < len(rows) <= 12 else None
    places = list(areas(request.user, May.NAMES).order_by("path")[:200])
    context = {"teams": rows, "alike": alike, "places": places, "rights": rights(request.user, area)}
    return show(request, "desk/teams.html", area, current="teams", **context)


def in_words(found: Balance, columns: Sequence[Any]) -> dict[str, Any]:
    """The balance as a table: a line per home and per skill, a number per team."""
    homes = queries.home_names(found.homes)
    skills = Qualification.objects.in_bulk(found.skills)
    return {
        "columns": columns,
        "sizes": found.sizes,
        "homes": [(homes.get(pk) or _("home not known"), counts) for pk, counts in list(found.homes.items())[:12]],
        "more_homes": max(0, len(found.homes) - 12),
        "skills": [(skills[pk], counts) for pk, counts in found.skills.items()],
        "home_spread": found.home_spread,
        "skill_spread": found.skill_spread,
    }


class TeamForm(forms.Form):
    name = forms.CharField(label=pgettext_lazy("of a team", "Name"), max_length=100)
    name_en = forms.CharField(label=gettext_lazy("Name in English"), max_length=100, required=False)


class ProposalForm(TeamForm):
    teams = forms.IntegerField(label=gettext_lazy("How many teams"), min_value=1, max_value=MOST_TEAMS, initial=3)
    organisation = forms.ModelChoiceField(
        Organisation.objects.order_by("path"),
        label=gettext_lazy("Of whose people"),
        required=False,
        empty_label=gettext_lazy("everybody known here"),
    )
    kind = forms.ChoiceField(
        label=gettext_lazy("Kind of people"),
        choices=[("", gettext_lazy("all kinds")), *PERSON_KINDS.items()],
        required=False,
    )
    task_force = forms.ModelChoiceField(
        TaskForce.objects.none(),
        label=gettext_lazy("For which task force"),
        required=False,
        empty_label=gettext_lazy("none"),
    )
    seed = forms.IntegerField(
        label=gettext_lazy("Throw of the dice"),
        min_value=0,
        max_value=10**6,
        initial=1,
        help_text=gettext_lazy("Another number gives other teams that are as alike."),
    )

    def __init__(self, *args: Any, forces: QuerySet[TaskForce], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["task_force"].queryset = forces

    def wish(self, area: Area) -> Wish:
        said = self.cleaned_data
        unit = said["organisation"].pk if said["organisation"] else None
        return Wish(
            area=area.pk,
            name=said["name"].strip(),
            name_en=said["name_en"].strip(),
            teams=said["teams"],
            organisation=unit,
            kind=said["kind"],
            task_force=said["task_force"].pk if said["task_force"] else None,
            seed=said["seed"],
        )


def of_area(request: HttpRequest) -> Area:
    area = chosen_area(request, May.RUN)
    if not area:
        raise Http404
    need(request.user, May.RUN, area)
    return area


@page_and_post
@staff_only
def team_propose(request: HttpRequest) -> HttpResponse:
    """What the teams would be, as often as one likes; the button forms the very teams that are shown."""
    area = of_area(request)
    said = request.POST or (request.GET if "teams" in request.GET else None)
    forces = task_forces_for(request.user, area, timezone.now())
    form = ProposalForm(said, forces=forces)
    if request.method == "POST" and form.is_valid():
        mark, now = request.POST.get("mark", ""), timezone.now()
        made = attempt(form, lambda: actions.adopt(form.wish(area), mark, by=request.user, now=now))
        if made:
            n = len(made)
            messages.success(request, ngettext("%(n)d team is formed.", "%(n)d teams are formed.", n) % {"n": n})
            return HttpResponseRedirect(f"{reverse('teams')}?area={area.pk}", status=303)
    found, why = looked_at(form, area) if form.is_bound and form.is_valid() else (None, [])
    context = {
        "form": form,
        "found": found,
        "why": why,
        "alike": in_words(found.balance, [named(*names) for names in form.wish(area).names()]) if found else None,
        "free": 0 if found else Pool(area).people().count(),
    }
    return show(request, "desk/team_propose.html", area, current="teams", status=status_of(form), **context)


def looked_at(form: ProposalForm, area: Area) -> tuple[Proposal | None, list[str]]:
    try:
        return actions.propose(form.wish(area)), []
    except Refused as refused:
        return None, why_not(refused.reasons)
    except Invalid as error:
        form.add_error("name", error.fields["name"])
        return None, []


@page_and_post
@staff_only
def team_new(request: HttpRequest) -> HttpResponse:
    """One team by hand, of people who are in none."""
    area = of_area(request)
    asked = words_in(request.GET.get("q"))
    form = TeamForm(request.POST or None)
    ticked = set(numbers_in(request.POST.getlist("p")))
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        wish = Wish(area.pk, said["name"], 1, name_en=said["name_en"])
        made = attempt(form, lambda: actions.form(wish, sorted(ticked), by=request.user, now=timezone.now()))
        if made:
            messages.success(request, _("The team is formed."))
            return back_to(request, "team", made.pk)
    people = free(area, asked)
    context = {"form": form, "people": people[:ROWS], "asked": asked, "ticked": ticked}
    return show(request, "desk/team_new.html", area, current="teams", status=status_of(form), **context)


def free(area: Area, asked: str) -> QuerySet[Volunteer]:
    """People of the area in no team of it, by a part of the name."""
    people = Pool(area).people().select_related("user", "residence")
    return people.filter(Q(user__name__icontains=asked) | Q(number=asked)) if asked else people


def seen(request: HttpRequest, pk: int) -> Team:
    return get_object_or_404(teams_visible_to(request.user).select_related(*queries.NAMED), pk=pk)


@require_safe
@staff_only
def team(request: HttpRequest, pk: int) -> HttpResponse:
    found = seen(request, pk)
    asked = words_in(request.GET.get("q"))
    members = queries.members_of(found)
    runs = may(request.user, May.RUN, found.area)
    context = {
        "team": found,
        "members": members,
        "alike": in_words(balance([queries.candidates_of([one.volunteer_id for one in members])]), [found]),
        "asked": asked,
        "people": free(found.area, asked)[:10] if asked and runs else (),
        "posts": open_posts(request, found) if runs and not found.dissolved_at else (),
        "rights": rights(request.user, found.area),
    }
    return show(request, "desk/team.html", found.area, current="teams", **context)


def open_posts(request: HttpRequest, found: Team) -> list[Post]:
    """Posts with a free seat that the team could be sent to, the next first."""
    rows = posts_run_by(request.user).with_room().filter(agency=None, shift__starts_at__gt=timezone.now())
    here = rows.filter(shift__site__area__path__startswith=found.area.path)
    going = here.filter(shift__status__in=[ShiftStatus.OPEN, ShiftStatus.CLOSED])
    return list(
        going.select_related("role", "shift__site").order_by("shift__starts_at", "shift__site__no", "pk")[:SHOWN]
    )


def run(request: HttpRequest, pk: int) -> Team:
    return load(teams_visible_to(request.user), teams_run_by(request.user), pk=pk)


@require_POST
@staff_only
def team_add(request: HttpRequest, pk: int) -> HttpResponse:
    found = run(request, pk)
    known = Pool(found.area).people() | Volunteer.objects.filter(teams__team=found)
    person = get_object_or_404(known, pk=number_in(request.POST.get("volunteer")))
    actions.add(found.pk, person.pk, by=request.user, now=timezone.now())
    messages.success(request, _("Now in the team."))
    return back_to(request, "team", found.pk)


@require_POST
@staff_only
def team_send(request: HttpRequest, pk: int) -> HttpResponse:
    """The post is offered to everybody in it; who stays without a seat is told with why."""
    found = run(request, pk)
    target = get_object_or_404(posts_run_by(request.user), pk=number_in(request.POST.get("post")))
    told(request, actions.send(found.pk, target.pk, by=request.user, now=timezone.now()))
    return HttpResponseRedirect(reverse("roster", args=[target.shift_id]), status=303)


def told(request: HttpRequest, placed: Placed) -> None:
    asked = sum(one.status == "invited" for one in placed.done)
    there = len(placed.done) - asked
    if placed.done:
        said = _("%(there)d stand there, %(asked)d are asked.") % {"there": there, "asked": asked}
        messages.success(request, said)
    names = dict(Volunteer.objects.filter(pk__in=placed.stayed).values_list("pk", "user__name"))
    for pk, reasons in list(placed.stayed.items())[:10]:
        words = {"who": names[pk], "why": " ".join(why_not(reasons))}
        messages.warning(request, _("%(who)s stays as before: %(why)s") % words)
    if more := max(0, len(placed.stayed) - 10):
        messages.warning(request, ngettext("And %(n)d more.", "And %(n)d more.", more) % {"n": more})


@require_POST
@staff_only
def team_dissolve(request: HttpRequest, pk: int) -> HttpResponse:
    found = run(request, pk)
    actions.dissolve(found.pk, by=request.user, now=timezone.now())
    messages.success(request, _("The team is dissolved. Seats stay theirs."))
    return back_to(request, "teams")


@require_POST
@staff_only
def team_member_do(request: HttpRequest, pk: int, doing: str) -> HttpResponse:
    member = load(members_visible_to(request.user), members_run_by(request.user), pk=pk)
    now = timezone.now()
    if doing == "remove":
        actions.remove(member.pk, by=request.user, now=now)
    else:
        actions.appoint(member.pk, TeamPart(doing), by=request.user, now=now)
    messages.success(request, _("Saved."))
    return back_to(request, "team", member.team_id)


@require_safe
@staff_only
def team_sheet(request: HttpRequest, pk: int, ending: str) -> HttpResponse:
    """The list for the leader: names, homes, skills; phones for those who may see them."""
    if ending not in KINDS:
        raise Http404
    found = seen(request, pk)
    phones = may(request.user, May.PHONES, found.area)
    head = [_("Name"), pgettext("of a team", "Part"), _("Home"), _("Skills"), *([_("Phone")] if phones else [])]
    members = queries.members_of(found)
    skills = {one.person: one.skills for one in queries.candidates_of([one.volunteer_id for one in members])}
    words = Qualification.objects.in_bulk({skill for can in skills.values() for skill in can})
    table = Dataset(*[line(one, [words[pk] for pk in sorted(skills[one.volunteer_id])], phones) for one in members], headers=head)  # fmt: skip
    table.title = "team"
    content = table.export(ending)
    body = content.encode("utf-8-sig") if isinstance(content, str) else content
    answer = HttpResponse(body, content_type=KINDS[ending])
    answer["Content-Disposition"] = f'attachment; filename="team-{found.pk}.{ending}"'
    return answer


def line(member: TeamMember, skills: Sequence[Qualification], phones: bool) -> list[Any]:
    person = member.volunteer
    home = str(person.residence.community) if person.residence else ""
    cells = [person.user.name, str(member.get_part_display()), home, "、".join(map(str, skills))]
    return [harmless(cell) for cell in cells + ([(person.user.phone or "").removeprefix("+86")] if phones else [])]
