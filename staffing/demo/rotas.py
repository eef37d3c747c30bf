"""The rota of the 11 checkpoints: 260 people in turn, the first day published, the next as they would be."""

from datetime import date, datetime, timedelta

from communities.models import Area, Site, User
from staffing.actions import rotas
from staffing.actions.rotas import RotaPlan
from staffing.models import CallUp, Role, Rota
from staffing.rules.rota_patterns import OFF

CADRES = 5  # at each checkpoint in each shift
BRIEFING, BRIEFING_EN = (
    "戴好口罩，站在车流外侧，夜里穿反光背心。",
    "Wear a mask, stand clear of traffic, reflective vest at night.",
)


def stand(call: CallUp, home: Area, lead: User, day: date, now: datetime) -> Rota:
    points = Site.objects.filter(area=home, kind="checkpoint").values_list("pk", flat=True)
    plan = RotaPlan(
        call.pk,
        Role.objects.get(slug="checkpoint").pk,
        dict.fromkeys(points, CADRES),
        day,
        briefing=BRIEFING,
        briefing_en=BRIEFING_EN,
    )
    rota = rotas.begin(home.pk, plan, by=lead, now=now)
    rotas.enlist(rota.pk, None, day=day, by=lead, now=now)
    rotas.publish(rota.pk, day, by=lead, now=now)
    works = day + timedelta(days=2)
    swapped = next(one for one in rota.members.all() if rota.pattern[(one.phase + 2) % len(rota.pattern)] != OFF)
    rotas.give_day_off(swapped.pk, works, by=lead, now=now)
    return rota
