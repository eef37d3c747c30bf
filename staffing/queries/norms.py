"""Norms as the rules read them, and which of them holds where."""

from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction

from django.db.models import Case, IntegerField, QuerySet, Value, When

from communities.models import Area
from staffing.models import NormProfile, PostRule
from staffing.rules.norms import NUMBERS, Check, Norm, PostNorm, Range, exact, read_range
from staffing.states import Basis


def norms_at(area: Area) -> list[NormProfile]:
    """The norms one may plan with in the area, the nearest of each code; those of areas nearby before the presets."""
    found: dict[str, NormProfile] = {}
    for norm in nearest_first(area):
        found.setdefault(norm.slug, norm)
    return list(found.values())


def nearest(area: Area, slug: str = "") -> NormProfile | None:
    """The norm that holds in the area: of this code, or the first there is."""
    found = nearest_first(area)
    return (found.filter(slug=slug) if slug else found).first()


def nearest_first(area: Area) -> QuerySet[NormProfile]:
    line = area.ancestor_ids
    depth = Case(
        *(When(area_id=pk, then=Value(-depth)) for depth, pk in enumerate(line, 1)),
        default=Value(0),
        output_field=IntegerField(),
    )
    here = NormProfile.objects.current().filter(area_id__in=line) | NormProfile.objects.current().presets()
    return here.order_by(depth, "id")


def norm_of(profile: NormProfile, rules: Iterable[PostRule] | None = None) -> Norm:
    """The profile's numbers, exact."""
    if rules is None:
        rules = profile.rules.select_related("role").order_by("pk")
    return Norm(
        **{name: exact(getattr(profile, name)) for name in NUMBERS},  # type: ignore[arg-type]
        lanes_per_point=profile.lanes_per_point,
        point_kind=profile.point_kind,
        common_kind=profile.common_kind,
        rules=tuple(post_norm(rule) for rule in rules),
        checks=tuple(
            Check(check["what"], Fraction(str(check["low"])), Fraction(str(check["high"])), check.get("source", ""))
            for check in profile.checks
        ),
        ranges={
            name: read_range({"low": None, "high": None, "source": ""} | known)
            for name, known in profile.ranges.items()
        },
    )


def post_norm(rule: PostRule) -> PostNorm:
    return PostNorm(
        role=rule.role.slug,
        basis=Basis(rule.basis),
        quantity=rule.quantity,
        per=rule.per,
        site=rule.site_kind,
        counts=rule.counts,
        kinds=tuple(rule.person_kinds),
        agency=rule.agency_id,
        block=fraction(rule.block_hours),
        range=Range(fraction(rule.low), fraction(rule.high), rule.source),
    )


def fraction(value: Decimal | None) -> Fraction | None:
    return None if value is None else Fraction(value)
