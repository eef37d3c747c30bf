"""Four crews that keep two hospitals going: power and telecom each, now and for the next twelve hours."""

from datetime import datetime, timedelta

from communities.models import Area, Organisation, User
from staffing.actions import on_call
from staffing.actions.on_call import CrewPlan
from staffing.demo import places
from staffing.states import Trade

HOSPITALS = (("晋阳湖方舱医院", "Jinyang Lake Hospital"), ("康宁方舱医院", "Kangning Hospital"))
COMPANIES = (
    (Trade.POWER, "示范供电公司", "Demo Power Company", "供电", "开闭所\n配电室\n应急发电车"),
    (Trade.TELECOM, "示范铁塔公司", "Demo Tower Company", "通信", "基站\n光缆\n备用电源"),
)
WATCH = timedelta(hours=12)


def crews(area: Area, lead: User, now: datetime) -> None:
    begin = now.replace(minute=0, second=0, microsecond=0)
    sites = [places.site(area, "hospital", name, name_en) for name, name_en in HOSPITALS]
    for trade, name, name_en, word, looks in COMPANIES:
        company = Organisation.objects.create(name=name, name_en=name_en, kind="utility", is_demo=True)
        for number, site in enumerate(sites, 1):
            phone = f"+86120000900{1 if trade is Trade.POWER else 2}{number}"
            plan = CrewPlan(company.pk, trade, f"{site.name[:3]}{word}保障班", f"{word}演示{number}", phone, looks)
            crew = on_call.register(area.pk, plan, by=lead)
            duty = on_call.plan(crew.pk, site.pk, begin, begin + WATCH, by=lead, now=now)
            on_call.plan(crew.pk, site.pk, begin + WATCH, begin + 2 * WATCH, by=lead, now=now)
            for thing in duty.inspections.all()[:number]:
                on_call.tick(thing.pk, fine=True, by=lead, now=now)
