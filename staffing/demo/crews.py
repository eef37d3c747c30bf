"""Teams, task forces and joint posts of the demo: 122 in three, one and seven, and agencies side by side."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from communities.models import Area, Organisation, User
from communities.states import Level
from staffing.actions import hand_overs, joint, task_forces, teams
from staffing.actions.newcomers import Newcomer
from staffing.actions.task_forces import ForcePlan
from staffing.actions.teams import Wish
from staffing.demo import places
from staffing.demo.people import Crowd
from staffing.models import Post, TaskForce
from staffing.queries.teams import candidates_of, members_of
from staffing.states import Duty, TeamPart
from volunteers.models import Volunteer
from volunteers.states import PersonKind

FORTNIGHT = timedelta(days=14)
BRANCHES = 7
SECONDED = (13, *[12] * 6)  # 85 in all
NEIGHBOURS = 22  # in each, 154 in all
POSTS = (2, *[3] * 6)  # 20 in all


def county(people: Sequence[Volunteer], city: Area, unit: Organisation, by: User, lead: User, now: datetime) -> None:
    """The county's 122 in three teams that are alike, each with leader and deputy, under a task force of the city."""
    force = founded(city, "下沉干部专班", "Cadres at home", "122名干部在居住地服务", by, now)
    task_forces.appoint(force.pk, lead.pk, Duty.LEAD, by=by, now=now)
    wish = Wish(city.pk, "县直工作队", 3, "County team", unit.pk, task_force=force.pk)
    groups = teams.split(candidates_of([person.pk for person in people]), wish)
    for (name, name_en), group in zip(wish.names(), groups, strict=True):
        one = Wish(city.pk, name, 1, name_en, unit.pk, task_force=force.pk)
        team = teams.form(one, [candidate.person for candidate in group], by=lead, now=now)
        for part, member in zip((TeamPart.LEADER, TeamPart.DEPUTY), members_of(team), strict=False):
            teams.appoint(member.pk, part, by=lead, now=now)


def founded(
    area: Area, name: str, name_en: str, purpose: str, by: User, now: datetime, parent: TaskForce | None = None
) -> TaskForce:
    plan = ForcePlan(area.pk, name, purpose, now + FORTNIGHT, name_en, parent.pk if parent else None)
    return task_forces.found(plan, by=by, now=now)


def one_and_seven(crowd: Crowd, street: Area, unit: Organisation, by: User, now: datetime) -> TaskForce:
    """A street's command with seven communities below it: 20 posts, 85 people on loan, 154 neighbours."""
    top = founded(street, "神堂沟指挥部", "Shentanggou command", "7个社区封控期间值守和保障", by, now)
    lead, deputy = crowd.account(), crowd.account()
    User.objects.bulk_create([lead, deputy])
    for user, duty in ((lead, Duty.LEAD), (deputy, Duty.DEPUTY)):
        task_forces.appoint(top.pk, user.pk, duty, by=by, now=now)
    for number in range(BRANCHES):
        branch(crowd, street, number, unit, top, by, now)
    return top


def branch(
    crowd: Crowd, street: Area, number: int, unit: Organisation, top: TaskForce, by: User, now: datetime
) -> None:
    name, name_en = f"神堂沟{number + 1}社区", f"Shentanggou Community {number + 1}"
    here = places.area(name, Level.COMMUNITY, street, None, name_en)
    part = founded(here, f"{name}专班", f"{name_en} task force", "值守、物资、入户", by, now, top)
    for post in range(POSTS[number]):
        places.site(here, "checkpoint", f"{name}{post + 1}号岗", f"{name_en}, post {post + 1}", no=post + 1)
    staff = crowd.make(SECONDED[number], PersonKind.SECONDED, community=here, organisations=[unit])
    crowd.make(NEIGHBOURS, PersonKind.VOLUNTEER, community=here)
    task_forces.appoint(part.pk, staff[0].user_id, Duty.LEAD, by=by, now=now)


def checkpoints(area: Area, by: User, lead: User, officer: User, agency: Organisation, now: datetime) -> None:
    """The task force of the checkpoints; it asks for more time. The police have filled one shift so far."""
    force = founded(area, "卡口值守专班", "Checkpoint task force", "11个卡口昼夜值守", by, now)
    task_forces.appoint(force.pk, lead.pk, Duty.LEAD, by=by, now=now)
    task_forces.ask_extension(force.pk, now + FORTNIGHT * 2, "返并人员还在增加", by=lead, now=now)
    rows = Post.objects.filter(agency=agency, shift__site__area=area, shift__ends_at__gt=now)
    post = rows.select_related("shift").order_by("shift__starts_at", "pk").first()
    if post is None:
        return
    for number in range(post.seats):
        person = Newcomer(f"岗演示{number + 1}", f"+8612000070{number + 1:03d}", consented=True)
        joint.fill(post.pk, person, by=officer, now=now)
    hand_overs.of_shift(post.shift_id, "扫码机充电器在岗亭抽屉里；2号栏杆不灵，已报修。", by=lead, now=now)
