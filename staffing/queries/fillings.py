"""What pages and the API show of proposals to fill open seats."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from communities.locks import holders
from staffing.models import Filling, Gap, Move
from staffing.states import Mark, MoveStatus, SignUpStatus
from volunteers.models import Affiliation, Qualification
from volunteers.states import PersonKind


def proposals() -> QuerySet[Filling]:
    """The latest first, with all that a line about one needs."""
    return Filling.objects.select_related("area", "call_up", "made_by", "adopted_by").order_by("-pk")


def moves_of(filling: Filling) -> QuerySet[Move]:
    """By time and place, with all that a line about one needs."""
    rows = Move.objects.filter(filling=filling)
    rows = rows.select_related("volunteer__user", "volunteer__residence", "post__role", "post__shift__site", "sign_up")
    return rows.order_by("post__shift__starts_at", "post__shift__site__no", "post", "pk")


def workers_on(filling: Filling) -> int:
    """How many have a step of it in hand at this moment."""
    names = [f"filling {step} {filling.pk}" for step in ("facts", "plan", "result")]
    for step, rows in (("part", filling.parts), ("chunk", filling.chunks)):
        names += [f"filling {step} {pk}" for pk in rows.values_list("pk", flat=True)]
    return holders(names)


@dataclass(frozen=True, slots=True)
class Tally:
    """Proposed seats that are wanted: in all, of people who are asked, of people who are placed; and those not wanted."""

    all: int = 0
    asked: int = 0
    placed: int = 0
    banned: int = 0
    gone: int = 0


def tally(filling: Filling) -> Tally:
    wanted = ~Q(mark=Mark.BANNED)
    counts = Move.objects.filter(filling=filling).aggregate(
        n_all=Count("pk", filter=wanted),
        n_asked=Count("pk", filter=wanted & Q(asked=True)),
        n_placed=Count("pk", filter=wanted & Q(asked=False)),
        n_banned=Count("pk", filter=~wanted),
        n_gone=Count("pk", filter=Q(status=MoveStatus.GONE)),
    )
    return Tally(**{name.removeprefix("n_"): count for name, count in counts.items()})


def answered(filling: Filling) -> bool:
    """Somebody has said yes or no to what was adopted, or let it pass, or is on the way."""
    given = Move.objects.filter(filling=filling, status__in=[MoveStatus.INVITED, MoveStatus.PLACED])
    asked = Q(status=MoveStatus.INVITED, sign_up__status=SignUpStatus.INVITED)
    placed = Q(status=MoveStatus.PLACED, sign_up__status=SignUpStatus.CONFIRMED, sign_up__on_my_way_at=None)
    return given.exclude(asked | placed).exists()


def gaps_of(filling: Filling) -> QuerySet[Gap]:
    """The largest first."""
    return Gap.objects.filter(filling=filling).select_related("post__role", "post__shift__site", "post__shift__call_up")


def banned_by_post(filling: Filling, post_ids: Iterable[int]) -> dict[int, Move]:
    """One unwanted person of each post, to be wanted again."""
    rows = Move.objects.filter(filling=filling, mark=Mark.BANNED, post__in=list(post_ids))
    return {move.post_id: move for move in rows.select_related("volunteer__user").order_by("-pk")}


def units_of(moves: Iterable[Move]) -> dict[int, str]:
    """The unit of each person who is lent, by volunteer."""
    lent = [move.volunteer_id for move in moves if move.volunteer.kind == PersonKind.SECONDED]
    found = Affiliation.objects.filter(volunteer__in=lent, to_day=None).select_related("organisation").order_by("-pk")
    return {one.volunteer_id: str(one.organisation) for one in found}


def qualifications_in(moves: Iterable[Move]) -> dict[str, str]:
    """The names of the qualifications that reasons speak of, by slug."""
    slugs = {reason["qualification"] for move in moves for reason in move.reasons if "qualification" in reason}
    return {one.slug: str(one) for one in Qualification.objects.filter(slug__in=slugs)}


def behind(signup_id: int) -> Move | None:
    """The proposal that an invitation came from."""
    return Move.objects.filter(sign_up=signup_id).first()
