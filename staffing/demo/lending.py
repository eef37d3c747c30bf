"""People lent in the demo: those of a county who serve where they live, and those who wait to be received."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from communities.models import Area, Compound, Organisation, User, ZoneStatus
from communities.states import Level, ZoneLevel
from staffing.actions import lendings, secondments
from staffing.actions.secondments import Loan
from staffing.demo import places
from staffing.demo.people import Crowd, officer
from staffing.rules.secondments import LONGEST
from volunteers.models import Enrolment, Volunteer
from volunteers.states import PersonKind

DISTRICTS = ("小店区", "迎泽区", "杏花岭区", "尖草坪区", "万柏林区", "晋源区")
OF_THE_COUNTY, WAITING = 122, 10
SHUT = {ZoneLevel.CONTROLLED, ZoneLevel.LOCKDOWN}


def county(crowd: Crowd, areas: Mapping[str, Area], unit: Organisation, by: User, now: datetime) -> list[Volunteer]:
    """122 of the county's people, in precaution and controlled compounds of the six districts, on duty at home."""
    people: list[Volunteer] = []
    for index, name in enumerate(DISTRICTS):
        level = ZoneLevel.CONTROLLED if index % 2 else ZoneLevel.PRECAUTION
        home = compound(areas[name], index, level, now)
        number = OF_THE_COUNTY // 6 + (index < OF_THE_COUNTY % 6)
        people += crowd.make(number, PersonKind.SECONDED, community=home.community, homes=[home], organisations=[unit])
    denied(people[0], unit, areas["红寺社区"], by, now)
    return people


def compound(district: Area, index: int, level: ZoneLevel, now: datetime) -> Compound:
    name, name_en = f"示范社区{index + 1}", f"Demo Community {index + 1}"
    community = places.area(name, Level.COMMUNITY, district, None, name_en)
    made = places.compound(community, f"示范家园{index + 1}", f"Demo Homes {index + 1}", 1200, 516)
    notice = {"issuer": "示范指挥部", "notice_no": f"示范〔2022〕{50 + index}号"}
    ZoneStatus.objects.create(compound=made, level=level, valid=(now - LONGEST, now + LONGEST), **notice)
    return made


def denied(person: Volunteer, unit: Organisation, area: Area, by: User, now: datetime) -> None:
    """One placement that came to nothing, as an example."""
    loan = Loan(person.pk, unit.pk, area.pk, now + LONGEST, now + 2 * LONGEST)
    found = secondments.propose(loan, by=by, now=now)
    secondments.turn_down(found.pk, by=by, now=now, reason="cannot_enter")


def waiting(
    crowd: Crowd, area: Area, homes: Sequence[Compound | None], unit: Organisation, now: datetime
) -> list[Volunteer]:
    """Ten of a unit's people whom it has approved and the community has not received yet."""
    people = crowd.make(WAITING, PersonKind.VOLUNTEER, community=area, homes=homes)
    Enrolment.objects.filter(volunteer__in=people).delete()  # the community knows them once it has received them
    crowd.affiliate(people, [unit])
    approver = officer("派出单位演示", "+8612000080001")
    for person in people:
        loan = Loan(person.pk, unit.pk, area.pk, now, now + LONGEST)
        secondments.approve(secondments.propose(loan, by=approver, now=now).pk, by=approver, now=now)
    return people


def between(
    giver: Area, taker: Area, people: Sequence[Volunteer], by: User, span: tuple[datetime, datetime], now: datetime
) -> None:
    """The district asks one community to lend another some of those who have no post; both have still to answer."""
    plan = lendings.Plan(giver.pk, taker.pk, [person.pk for person in people], *span, reason="红寺明早还缺人")
    lendings.propose(plan, by=by, now=now)
