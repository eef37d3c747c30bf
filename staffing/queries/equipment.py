"""What there is to hand out at a place, what people hold, and what has not come back."""

from collections import defaultdict
from collections.abc import Iterable

from django.db.models import Count, F, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from communities.models import Area, User
from staffing.models import Equipment, EquipmentIssue, Role
from staffing.rules import equipment as rules
from staffing.rules.equipment import Thing

type Held = dict[int, list[EquipmentIssue]]


def things_at(area: Area) -> list[Equipment]:
    """What is handed out at the sites of the area, with the roles that ask for it; two statements."""
    return list(Equipment.objects.at(area).listed().select_related("area").prefetch_related("roles").order_by("pk"))


def thing_of(found: Equipment) -> Thing:
    roles = frozenset(role.pk for role in found.roles.all())
    return Thing(found.pk, found.each, found.everybody, found.risky, roles)


def asked_for(things: Iterable[Equipment], role: Role) -> list[Equipment]:
    """What a post of the role asks for."""
    known = {thing.pk: thing for thing in things}
    return [known[one.id] for one in rules.asked_for(map(thing_of, known.values()), role.pk, risky=role.risky)]


def held(sign_ups: Iterable[int]) -> Held:
    """By sign-up: what the person was handed on that shift; one statement."""
    rows = EquipmentIssue.objects.filter(sign_up__in=list(sign_ups), number__gt=0).select_related("thing")
    found: Held = defaultdict(list)
    for issue in rows.order_by("pk"):
        found[issue.sign_up_id].append(issue)
    return found


def in_hands_of(user: User) -> list[EquipmentIssue]:
    """What the person still has to bring back, over all their shifts."""
    rows = EquipmentIssue.objects.out().filter(sign_up__volunteer__user=user)
    return list(rows.select_related("thing", "sign_up__shift__site__area").order_by("issued_at", "pk"))


def out_in(area: Area) -> QuerySet[EquipmentIssue]:
    """What was handed out in the area and has not come back, the oldest first."""
    rows = EquipmentIssue.objects.out().filter(sign_up__shift__site__area__path__startswith=area.path)
    people = ("thing", "sign_up__volunteer__user", "sign_up__shift__site__area", "sign_up__post__role")
    return rows.select_related(*people).order_by("sign_up__shift__ends_at", "pk")


def kept_by(area: Area) -> QuerySet[Equipment]:
    """What the area and those below it keep, with how much of each is out."""
    left = F("issues__number") - F("issues__good") - F("issues__damaged") - F("issues__lost")
    out = Coalesce(Sum(left, filter=Q(comes_back=True)), 0)
    found = Equipment.objects.filter(area__path__startswith=area.path)
    rows = found.annotate(out=out, handed=Count("issues")).select_related("area").prefetch_related("roles")
    return rows.order_by(F("retired_at").desc(nulls_first=True), "area__path", "pk")
