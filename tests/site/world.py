"""The cast, and one thing of every kind for them to try the doors of."""

import re
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from communities.actions import doors, tokens, webhooks
from communities.actions.proposals import Wish, propose
from communities.actions.zones import Decree, Target, set_level
from communities.messages import links
from communities.models import Area, Compound, Entrance, Message, Organisation, Site, User, ZonePolicy, ZoneScheme
from communities.states import SCOPES, Level, RoleName
from staffing.actions import (
    beats,
    broadcasts,
    chains,
    door_rounds,
    door_visits,
    equipment,
    fillings,
    hand_overs,
    joint,
    on_call,
    pledges,
    rides,
    secondments,
    signups,
    staff_requests,
    supplies,
    swaps,
    takeovers,
    task_forces,
    teams,
)
from staffing.actions.newcomers import Newcomer
from staffing.models import (
    CloseOut,
    Driver,
    EquipmentIssue,
    Inspection,
    Move,
    OnCall,
    OutsideCrew,
    Proposal,
    Role,
    Rota,
    RotaDay,
    RotaDayOff,
    RotaMember,
    RotaSite,
    RoundDoor,
    Seal,
    SignUp,
)
from staffing.queries.closeouts import Scope, totals
from staffing.rules import passes
from staffing.rules.seals import NOBODY
from staffing.states import DoorOutcome, Duty, Need, SupplyNeed, Trade
from tests.factories import communities as places
from tests.factories import staffing as make
from tests.factories.staffing import DAWN, NIGHT
from volunteers.actions import certificates, imports
from volunteers.actions.passes import PassPlan, ask
from volunteers.actions.profile import feed_of
from volunteers.actions.records import record
from volunteers.models import Absence, Affiliation, Availability, Certificate, Companionship, Volunteer

CAST = (
    "anonymous",
    "volunteer",
    "other",
    "lead",
    "lead_elsewhere",
    "grid",
    "point",
    "district",
    "hr",
    "auditor",
    "admin",
)
PARAMETER = re.compile(r"\{(\w+)\}")


@dataclass
class World:
    """`values` stand for the parameters of a door, by how its address begins; `bodies` are what is sent, by door."""

    people: dict[str, User | None]
    volunteer: Volunteer
    values: dict[str, dict[str, Any]]
    bodies: dict[str, dict[str, Any]] = field(default_factory=dict)

    def address(self, door: str) -> str:
        route = door.partition(" ")[2]
        start = max((start for start in self.values if route.startswith(start)), key=len)
        named = self.values[""] | self.values[start]
        return "/" + PARAMETER.sub(lambda found: str(named[found[1]]), route)

    def clients(self) -> dict[str, tuple[Client, Client]]:
        """For everybody, a browser and a machine."""
        return {name: (self.browser(user), self.machine(user)) for name, user in self.people.items()}

    def browser(self, user: User | None) -> Client:
        return places.client(user, raise_request_exception=False)

    def machine(self, user: User | None) -> Client:
        if not user:
            return Client(raise_request_exception=False)
        token = tokens.issue(user, "door", SCOPES, 1, now=timezone.now())[1]
        return Client(headers={"authorization": f"Bearer {token}"}, raise_request_exception=False)

    def knock(self, door: str, clients: tuple[Client, Client]) -> HttpResponse:
        method, _space, route = door.partition(" ")
        api = route.startswith("api/v1/")
        how = {"content_type": "application/json"} if api and method != "GET" else {}
        return getattr(clients[api], method.lower())(self.address(door), self.bodies.get(door, {}), **how)


def build() -> World:
    district = places.area(Level.DISTRICT)
    here, elsewhere, beside = places.area(parent=district), places.area(), places.area(parent=district)
    compound, unit = places.compound(here), places.organisation()
    site, call, role = places.site(here, compound), make.call(here), make.role("runner")
    places.policies()
    shift = make.shift(site, call)
    post = make.post(shift, seats=5)
    volunteer, other, spare = (
        make.volunteer(compound),
        make.volunteer(community=elsewhere),
        make.volunteer(community=here),
    )
    held = make.held(volunteer, "licence")
    seat = signups.sign_up(post.pk, volunteer.pk, now=NIGHT)
    people: dict[str, User | None] = {
        "anonymous": None,
        "volunteer": volunteer.user,
        "other": other.user,
        "lead": places.lead(here),
        "lead_elsewhere": places.lead(elsewhere),
        "grid": places.lead(here, RoleName.GRID_MEMBER),
        "point": places.lead(here, RoleName.POINT_LEAD),
        "district": places.lead(district, RoleName.DISTRICT_LEAD),
        "hr": places.grant(RoleName.ORG_HR, organisation=unit).user,
        "auditor": places.lead(district, RoleName.AUDITOR),
        "admin": places.lead(district, RoleName.SYSTEM_ADMIN),
    }
    guides = make.post(shift, 4, role=make.role("guide"))
    pledge = pledges.promise(guides.pk, unit.pk, 1, DAWN, by=people["hr"], now=NIGHT)
    word = Proposal.objects.create(
        sign_up=seat,
        kind="check_out",
        started_at=DAWN,
        ended_at=DAWN + make.BLOCK,
        proposed_by=people["admin"],
        proposed_at=NIGHT,
    )
    driver = Driver.objects.create(volunteer=make.volunteer(community=here), area=here)
    way = rides.RidePlan("示范街18号院", site.pk, DAWN, DAWN + make.BLOCK, 4)
    ride = rides.post(here.pk, way, by=people["lead"], now=NIGHT)
    plan = make.plan(compound, people["lead"])
    fence, wishing, later = Target(compound=compound.pk), places.user(), DAWN - timedelta(hours=1)
    status = set_level(compound.pk, Decree("none", NIGHT, "示范指挥部", "1"), by=wishing, now=NIGHT)
    wish = propose(fence, Wish("precaution", later), by=wishing, now=NIGHT)
    asked = ask(PassPlan(volunteer.pk, fence, NIGHT, DAWN, "消毒"), by=wishing, now=NIGHT)
    notice = {"level": "precaution", "since": later.isoformat(), "issuer": "示范指挥部", "notice_no": "2"}
    spell = {"start": NIGHT.isoformat(), "end": DAWN.isoformat(), "reason": "送药"}
    chains.commit(call.pk, "1. 还缺人吗？", by=people["lead"], now=NIGHT)
    seal = links.make(links.Purpose.SEAT, seat.pk, seat.period.upper)
    start, end = DAWN.isoformat(), seat.period.upper.isoformat()
    person = {"name": "李演示0099", "phone": "+8612009000099", "consent": True, "is_adult": True}
    swap = swaps.propose(seat.pk, now=NIGHT)
    free = Availability.objects.create(volunteer=volunteer, weekday=1, from_time="08:00", to_time="12:00")
    away = Absence.objects.create(volunteer=volunteer, period=(DAWN + timedelta(days=40), DAWN + timedelta(days=41)))
    Affiliation.objects.create(volunteer=volunteer, organisation=unit, known_as="周演示")
    loan = secondments.Loan(volunteer.pk, unit.pk, here.pk, NIGHT, NIGHT + timedelta(days=7))
    lent = secondments.propose(loan, by=people["hr"], now=NIGHT)
    owed = Message.objects.create(kind="names_owed", key="x", target=pledge.pk, reader=people["hr"], due_at=NIGHT)
    lent_link = links.make(links.Purpose.SECONDMENT, lent.pk, lent.period.upper)
    week = {"start": NIGHT.isoformat(), "end": (NIGHT + timedelta(days=7)).isoformat()}
    wanted = staff_requests.ask(
        here.pk, unit.pk, role.pk, 3, NIGHT, NIGHT + timedelta(days=7), by=people["lead"], now=NIGHT
    )
    staff = imports.upload(
        unit.pk, "a.csv", "姓名,手机,住址\n周演示,12009000077,某处\n".encode(), by=people["hr"], now=NIGHT
    )
    imports.read(staff.pk, NIGHT)
    filled = fillings.propose(here.pk, NIGHT, NIGHT + timedelta(days=1), by=people["lead"], now=NIGHT)
    move = Move.objects.create(filling=filled, post=post, volunteer=volunteer)
    knocking = doors_of(compound, volunteer, people["lead"])
    lending = make.lending(spare, here, beside, binds=False, proposed_by=people["district"])
    make.post(make.shift(places.site(beside), make.call(beside)))
    taken = takeovers.take_over(here.pk, 4, "失联", by=places.lead(district, RoleName.CITY_COMMAND), now=NIGHT)
    Message.objects.filter(kind="board_taken").delete()
    words = broadcasts.Words("大风", "Wind", "{name}，收帐篷。", "{name}, tents down.")
    notice_ = broadcasts.write(here.pk, broadcasts.Notice(words), by=people["lead"], now=NIGHT)
    kept = broadcasts.keep_template(here.pk, "大风", words, by=people["lead"], now=NIGHT)
    letter = Message.objects.create(
        kind="broadcast", key="x", target=notice_.pk, reader=people["other"], due_at=NIGHT, status="sent"
    )
    over = CloseOut.objects.create(
        area=here,
        title="三月演练",
        starts_at=NIGHT - timedelta(days=9),
        ends_at=NIGHT - timedelta(days=8),
        status="done",
        proposed_by=people["admin"],
        proposed_at=NIGHT,
        agreed_by=people["district"],
        purge_at=NIGHT,
        totals=totals(Scope(here.path, NIGHT, NIGHT)),
        digest="0" * 64,
    )
    thing = equipment.keep(here.pk, equipment.Kind("红马甲", everybody=True), by=people["lead"], now=NIGHT)
    worn = EquipmentIssue.objects.create(thing=thing, sign_up=seat, number=1, issued_by=people["lead"], issued_at=NIGHT)
    paper, given = papers(volunteer, here, people["lead"])
    goods = supplies.Wish(SupplyNeed.FOOD, DAWN, 2, compound.pk, "1-1-101")
    parcel = supplies.ask(here.pk, goods, by=people["lead"], now=NIGHT)
    crew, duty, look = crew_of(here, site, unit, people["lead"])
    turns = rota_of(here, site, post.role, volunteer)
    Message.objects.filter(kind="certificate_given").delete()
    joined = of_a_team(volunteer, here, site, unit, people)
    hook = webhooks.make(
        webhooks.HookPlan(here.pk, "街道大屏", "https://hooks.example.org/", ("shifts",)), by=people["admin"], now=NIGHT
    )
    test = webhooks.ping(hook.pk, by=people["admin"], now=NIGHT)
    asking, pair = companions_of(volunteer, spare, make.volunteer(community=here))
    values = {
        "": {"slug": call.slug, "signup_id": seat.pk},
        "q/": {"code": passes.token(shift.pk, NIGHT, settings.SECRET_KEY)},
        "a/": {"token": seal},
        "t/": {"token": links.make(links.Purpose.TOGETHER, asking.pk, asking.over_at)},
        "u/": {"token": links.make(links.Purpose.NO_MORE, letter.pk, DAWN)},
        "desk/broadcasts": {"pk": notice_.pk, "doing": "try"},
        "desk/notice-templates": {"pk": kept.pk},
        "api/v1/broadcasts": {"pk": notice_.pk},
        "api/v1/notice-templates": {"pk": kept.pk},
        "my/feed": {"key": feed_of(volunteer).key},
        "api/v1/areas": {"pk": here.pk},
        "api/v1/communities": {"pk": here.pk},
        "api/v1/compounds": {"pk": compound.pk},
        "api/v1/entrances": {"pk": Entrance.objects.filter(building__compound=compound).first().pk},
        "api/v1/sites": {"pk": site.pk},
        "api/v1/sampling-points": {"pk": site.pk},
        "api/v1/organisations": {"pk": unit.pk},
        "api/v1/volunteers": {"pk": volunteer.pk},
        "api/v1/qualifications": {"pk": held.qualification_id},
        "api/v1/roles": {"pk": post.role_id},
        "api/v1/norm-profiles": {"pk": plan.norm_id},
        "api/v1/rounds": {"pk": plan.round_id},
        "api/v1/demand-plans": {"pk": plan.pk},
        "api/v1/call-ups": {"pk": call.pk},
        "api/v1/shifts": {"pk": shift.pk},
        "api/v1/posts": {"pk": post.pk},
        "api/v1/sign-ups": {"pk": seat.pk},
        "api/v1/swaps": {"pk": swap.pk},
        "api/v1/me/absences": {"pk": away.pk},
        "api/v1/me/companions": {"pk": asking.pk},
        "api/v1/companionships": {"pk": pair.pk},
        "api/v1/me/availabilities": {"pk": free.pk},
        "api/v1/pledges": {"pk": pledge.pk},
        "api/v1/secondments": {"pk": lent.pk},
        "api/v1/staff-requests": {"pk": wanted.pk},
        "desk/staff-requests": {"pk": wanted.pk},
        "api/v1/staff-imports": {"pk": staff.pk},
        "desk/lent": {"pk": lent.pk},
        "desk/lendings": {"pk": lending.pk, "doing": "end"},
        "desk/command": {"pk": here.pk},
        "desk/takeovers": {"pk": taken.pk},
        "api/v1/lendings": {"pk": lending.pk},
        "api/v1/command-boards": {"pk": here.pk},
        "api/v1/reports": {"pk": here.pk},
        "desk/reports": {"slug": "gaps", "ending": "xlsx"},
        "desk/forms": {"slug": "ics-204"},
        "desk/staff-lists": {"pk": staff.pk, "row": staff.lines.get().pk, "doing": "cancel"},
        "d/": {"token": lent_link},
        "l/": {"token": links.make(links.Purpose.PLEDGE, owed.pk, pledge.due_at)},
        "r/": {"pk": here.pk},
        "api/v1/rides": {"pk": ride.pk},
        "api/v1/door-rounds": {"pk": knocking["round"]},
        "api/v1/beats": {"pk": knocking["beat"]},
        "api/v1/doors": {"pk": knocking["door"]},
        "api/v1/door-visits": {"pk": knocking["visit"]},
        "api/v1/home-services": {"pk": knocking["home"]},
        "doors/": {"pk": knocking["stairs"]},
        "desk/doors": {"pk": knocking["round"], "doing": "deal"},
        "desk/doors/beats": {"pk": knocking["beat"]},
        "desk/doors/holdings": {"pk": knocking["holding"]},
        "desk/doors/decide": {"pk": knocking["door"]},
        "desk/homes": {"pk": knocking["home"], "doing": "plan"},
        "desk/door-lists": {"pk": compound.pk},
        "api/v1/supplies": {"pk": parcel.pk},
        "desk/supplies": {"pk": parcel.pk},
        "api/v1/equipment": {"pk": thing.pk},
        "api/v1/equipment-issues": {"pk": worn.pk},
        "desk/equipment": {"pk": thing.pk, "doing": "retire"},
        "desk/equipment-issues": {"pk": worn.pk, "doing": "back"},
        "p/{pk}/equipment": {"pk": shift.pk, "signup": seat.pk, "doing": "usual"},
        "supplies": {"pk": parcel.pk, "doing": "set-out"},
        "api/v1/outside-crews": {"pk": crew.pk},
        "api/v1/on-calls": {"pk": duty.pk},
        "desk/on-call": {"pk": duty.pk},
        "desk/inspections": {"pk": look.pk, "doing": "fine"},
        "api/v1/rotas": {"pk": turns["rota"]},
        "desk/rotas": {"pk": turns["rota"], "doing": "publish", "ending": "csv"},
        "desk/rotas/people": {"pk": turns["member"]},
        "desk/rotas/days-off": {"pk": turns["off"]},
        "rides": {"pk": ride.pk, "doing": "set-out"},
        "desk/rides": {"pk": ride.pk},
        "desk/drivers": {"pk": driver.pk},
        "api/v1/messages": {"pk": Message.objects.get(kind="confirmed").pk},
        "api/problems": {"code": "overlap"},
        "api/v1/proposals": {"pk": filled.pk},
        "desk/proposals": {"pk": filled.pk, "doing": "stop"},
        "desk/moves": {"pk": move.pk, "doing": "pin"},
        "desk/calls": {"pk": call.pk, "doing": "close"},
        "desk/chain-rows": {"pk": call.chain.rows.get().pk},
        "desk/norms": {"pk": plan.norm_id},
        "desk/plan/": {"ending": "csv"},
        "desk/plans": {"pk": plan.pk},
        "desk/rounds": {"pk": plan.round_id, "doing": "invite"},
        "desk/shifts": {"pk": shift.pk, "doing": "close"},
        "desk/posts": {"pk": post.pk},
        "desk/swaps": {"pk": swap.pk, "doing": "approve"},
        "desk/messages": {"pk": Message.objects.get(kind="confirmed").pk},
        "w/": {"key": swap.key},
        "desk/pledges": {"pk": pledge.pk},
        "desk/sign-ups": {"pk": seat.pk, "doing": "confirm", "proposal": word.pk},
        "desk/people": {"pk": volunteer.enrolments.get().pk, "held": held.pk},
        "desk/zones": {"pk": compound.pk},
        "desk/zones/areas": {"pk": here.pk},
        "desk/zones/proposals": {"pk": wish.pk, "doing": "refuse"},
        "desk/zones/rechecks": {"pk": status.recheck.pk},
        "desk/passes": {"pk": asked.pk, "doing": "issue"},
        "desk/certificates": {"pk": paper.pk, "doing": "refuse"},
        "desk/close-outs": {"pk": over.pk, "doing": "withdraw", "language": "zh"},
        "z/": {"digest": over.digest},
        "api/v1/close-outs": {"pk": over.pk},
        "my/data": {"purpose": "staying", "doing": "give"},
        "api/v1/certificates": {"pk": paper.pk},
        "me/": {"number": given.number, "language": "zh", "ending": "csv"},
        "v/": {"number": given.number},
        "api/v1/zone-policies": {"pk": ZonePolicy.objects.get(level="none").pk},
        "api/v1/zone-statuses": {"pk": status.pk},
        "api/v1/zone-proposals": {"pk": wish.pk},
        "api/v1/zone-rechecks": {"pk": status.recheck.pk},
        "api/v1/access-passes": {"pk": asked.pk},
        "api/v1/webhooks": {"pk": hook.pk},
        "api/v1/webhook-deliveries": {"pk": test.pk},
        "desk/webhooks": {"pk": hook.pk, "doing": "ping"},
        "desk/webhook-deliveries": {"pk": test.pk},
        "desk/history": {"pk": seat.pk, "kind": "sign-up"},
        "desk/teams": {"pk": joined["team"], "ending": "csv"},
        "desk/team-members": {"pk": joined["member"], "doing": "deputy"},
        "desk/task-forces": {"pk": joined["force"]},
        "desk/postings": {"pk": joined["posting"]},
        "desk/extensions": {"pk": joined["extension"], "doing": "agree"},
        "desk/hand-overs": {"pk": joined["note"]},
        "desk/joint": {"pk": joined["post"]},
        "desk/joint-seats": {"pk": joined["seat"]},
        "api/v1/teams": {"pk": joined["team"]},
        "api/v1/task-forces": {"pk": joined["force"]},
        "api/v1/hand-overs": {"pk": joined["note"]},
        "api/v1/joint-posts": {"pk": joined["post"]},
        "api/v1/rights": {"pk": here.pk},
        "api/v1/history-seals": {"pk": fixed().pk},
        "p/": {"pk": shift.pk, "doing": "start", "post": post.pk, "signup": seat.pk, "proposal": word.pk},
        "p/{pk}/{doing}/{signup}/": {"doing": "in", "signup": seat.pk},
    }
    values["p/{pk}/{doing}/{signup}/"] |= {"pk": shift.pk}
    wanted_teams = {"area": here.pk, "name": "队", "teams": 1}
    bodies = {
        "GET api/v1/rights/{pk}/on-day/": {"day": "2022-04-04"},
        "POST desk/teams/{pk}/add/": {"volunteer": spare.pk},
        "POST desk/teams/{pk}/send/": {"post": post.pk},
        "POST desk/task-forces/{pk}/appoint/": {"user": people["grid"].pk, "duty": "posts"},
        "POST api/v1/teams/": {"area": here.pk, "name": "二队", "volunteers": [spare.pk]},
        "POST api/v1/teams/propose/": wanted_teams,
        "POST api/v1/teams/adopt/": wanted_teams | {"mark": "x"},
        "POST api/v1/teams/{pk}/add/": {"volunteer": spare.pk},
        "POST api/v1/teams/{pk}/remove/": {"volunteer": volunteer.pk},
        "POST api/v1/teams/{pk}/appoint/": {"volunteer": volunteer.pk, "part": "leader"},
        "POST api/v1/teams/{pk}/send/": {"post": post.pk},
        "POST api/v1/task-forces/": {"area": here.pk, "name": "专班", "purpose": "x", "ends_at": end},
        "POST api/v1/task-forces/{pk}/appoint/": {"user": people["grid"].pk, "duty": "posts"},
        "POST api/v1/task-forces/{pk}/release/": {"posting": joined["posting"]},
        "POST api/v1/task-forces/{pk}/extend/": {"until": end, "reason": "x"},
        "POST api/v1/task-forces/{pk}/answer-extension/": {"extension": joined["extension"], "agree": True},
        "POST api/v1/task-forces/{pk}/end/": {"text": "都办完了"},
        "POST api/v1/hand-overs/": {"shift": shift.pk, "text": "扫码机已充电"},
        "POST api/v1/joint-posts/": {
            "shift": shift.pk,
            "shares": [{"agency": unit.pk, "role": role.pk, "seats": 1}],
        },
        "POST api/v1/joint-posts/{pk}/fill/": {"person": person},
        "POST api/v1/joint-posts/{pk}/clear/": {"sign_up": joined["seat"]},
        "POST api/v1/me/consents/give/": {"purpose": "staying"},
        "POST api/v1/close-outs/": {
            "area": here.pk,
            "title": "四月演练",
            "starts_at": (NIGHT - timedelta(days=1)).isoformat(),
            "ends_at": NIGHT.isoformat(),
        },
        "POST me/record/": {"area": here.pk, "first": "2022-04-04", "last": "2022-04-05"},
        "POST api/v1/certificates/": {"area": here.pk, "first": "2022-04-04", "last": "2022-04-04"},
        "POST api/v1/certificates/{pk}/refuse/": {"reason": "查无此班"},
        "POST api/v1/certificates/{pk}/revoke/": {"reason": "记错了"},
        "POST me/": {"do": "feed"},
        "POST me/companions/": {"do": "ask", "number": "1000000000"},
        "POST api/v1/me/companions/": {"number": "1000000000"},
        "POST api/v1/webhooks/": {
            "area": here.pk,
            "name": "区平台",
            "url": "https://hooks.example.org/in",
            "topics": ["sign-ups"],
        },
        "POST desk/webhooks/new/": {
            "area": here.pk,
            "name": "区平台",
            "url": "https://hooks.example.org/in",
            "topics": ["sign-ups"],
        },
        "POST desk/webhooks/{pk}/change/": {"name": "大屏", "url": "https://hooks.example.org/", "topics": ["shifts"]},
        "POST api/v1/broadcasts/": {"area": here.pk, **asdict(words)},
        "POST api/v1/notice-templates/": {"area": here.pk, "name": "雨", **asdict(words)},
        "POST api/v1/proposals/": {"area": here.pk, "starts_at": start, "ends_at": end},
        "POST api/v1/proposals/{pk}/mark/": {"move": move.pk, "mark": "pinned"},
        "POST desk/doors/beats/{pk}/give/": {"seat": knocking["seat"]},
        "POST desk/doors/decide/{pk}/": {"outcome": "vacant"},
        "POST doors/{pk}/": {"door": knocking["door"], "outcome": "notified"},
        "POST api/v1/door-rounds/": {
            "area": here.pk,
            "title": "x",
            "begins_at": start,
            "ends_at": end,
            "compounds": [compound.pk],
        },
        "POST api/v1/supplies/": {"area": here.pk, "need": "food", "parcels": 1, "due_at": start},
        "POST api/v1/supplies/{pk}/change/": {"need": "water", "parcels": 2, "due_at": start},
        "POST api/v1/supplies/{pk}/hand/": {"volunteer": volunteer.pk},
        "POST api/v1/supplies/{pk}/cancel/": {"reason": "买到了"},
        "POST api/v1/outside-crews/": {
            "area": here.pk,
            "organisation": unit.pk,
            "trade": "power",
            "name": "x",
            "contact": "x",
        },
        "POST api/v1/on-calls/": {"crew": crew.pk, "site": site.pk, "starts_at": start, "ends_at": end},
        "POST api/v1/on-calls/{pk}/inspect/": {"inspection": look.pk, "fine": True},
        "POST api/v1/on-calls/{pk}/cancel/": {"reason": "换班"},
        "POST desk/rotas/{pk}/{doing}/": {"day": "2022-04-04"},
        "POST api/v1/rotas/": {
            "area": here.pk,
            "call_up": call.pk,
            "role": role.pk,
            "sites": [{"site": site.pk, "seats": 1}],
            "first_day": "2022-04-04",
        },
        "POST api/v1/rotas/{pk}/publish/": {"day": "2022-04-04"},
        "POST api/v1/rotas/{pk}/mend/": {"day": "2022-04-04"},
        "POST api/v1/rotas/{pk}/days-off/": {"member": turns["member"], "day": "2022-04-06"},
        "POST api/v1/rides/": {
            "area": here.pk,
            "origin": "示范街18号院",
            "destination": site.pk,
            "pick_up_at": start,
            "arrive_by": end,
            "passengers": 4,
        },
        "POST api/v1/call-ups/{pk}/chain:preview/": {"text": "1. 张三"},
        "POST api/v1/call-ups/{pk}/chain:commit/": {"text": "1. 还缺人吗？"},
        "POST desk/secondments/do/": {"do": "return", "why": "enough_people", "p": lent.pk},
        "POST desk/lent/do/": {"do": "approve", "p": lent.pk},
        "GET desk/lendings/new/": {"giver": here.pk, "taker": beside.pk},
        "GET api/v1/reports/{pk}/table/": {"report": "gaps"},
        "POST desk/lendings/new/": {"giver": here.pk, "taker": beside.pk},
        "POST api/v1/lendings/": {
            "giver": here.pk,
            "taker": beside.pk,
            "volunteers": [spare.pk],
            "start": start,
            "end": end,
            "reason": "缺人",
        },
        "POST api/v1/lendings/{pk}/agree/": {"end": "giver"},
        "POST api/v1/lendings/{pk}/refuse/": {"answer": "自己也缺"},
        "POST api/v1/command-boards/{pk}/take-over/": {"reason": "失联"},
        "POST d/{token}/": {"answer": "agree"},
        "POST api/v1/secondments/": week | {"volunteer": volunteer.pk, "organisation": unit.pk},
        "POST api/v1/secondments/propose-homes/": week | {"organisation": unit.pk},
        "POST api/v1/secondments/report-in/": {"organisation": unit.pk, "area": here.pk, "end": week["end"]},
        "POST api/v1/secondments/approve-each/": {"secondments": [lent.pk]},
        "POST api/v1/secondments/accept-each/": {"secondments": [lent.pk], "role": role.pk},
        "POST api/v1/staff-imports/": {
            "organisation": unit.pk,
            "members": [{"name": "周演示", "phone": "12009000078"}],
        },
        "POST api/v1/staff-requests/{pk}/answer/": {"volunteers": [volunteer.pk]},
        "POST api/v1/staff-requests/": week | {"area": here.pk, "organisation": unit.pk, "role": role.pk, "people": 2},
        "POST desk/rounds/{pk}/repeat/": {"day": "2022-04-05"},
        "POST desk/posts/{pk}/invite/": {"volunteer": spare.pk},
        "POST p/{pk}/call/{post}/": {"volunteer": spare.pk},
        "POST api/v1/zone-policies/": {
            "scheme": ZoneScheme.objects.get().pk,
            "level": "standstill",
            "name": "静默",
            "entry": "holders",
            "strictness": 9,
            "residents_may_leave": False,
            "needs_approval": True,
        },
        "POST api/v1/zone-statuses/": notice | {"compound": compound.pk},
        "POST api/v1/zone-proposals/": {"level": "precaution", "since": later.isoformat(), "compound": compound.pk},
        "POST api/v1/zone-proposals/{pk}/set/": notice,
        "POST api/v1/zone-proposals/{pk}/refuse/": {"answer": "再看看"},
        "POST api/v1/access-passes/": spell | {"volunteer": volunteer.pk, "compound": compound.pk},
        "POST api/v1/compounds/{pk}/doors:generate/": {
            "building": "9",
            "entrance": "1",
            "storeys": 2,
            "flats": 2,
            "has_lift": False,
        },
        "POST api/v1/compounds/{pk}/doors:preview/": {"text": "building,entrance,door\n9,1,101"},
        "POST api/v1/compounds/{pk}/doors:commit/": {"text": "building,entrance,door\n9,1,101"},
        "POST api/v1/compounds/": {"community": here.pk, "name": "示范小区"},
        "POST api/v1/sites/": {"area": here.pk, "name": "岗亭", "kind": "checkpoint"},
        "POST api/v1/sampling-points/": {"area": here.pk, "name": "18号点"},
        "POST api/v1/volunteers/": {"community": here.pk, "person": person},
        "POST api/v1/rounds/": {"area": here.pk, "kind": "防汛"},
        "POST api/v1/rounds/{pk}/repeat/": {"day": "2022-04-05"},
        "POST api/v1/rounds/{pk}/count/": {"counts": [{"sign_up": seat.pk, "number": 1}]},
        "POST api/v1/demand-plans/": {
            "area": here.pk,
            "kind": "防汛",
            "places": [{"compound": compound.pk, "residents": 900}],
            "starts_at": start,
            "ends_at": end,
        },
        "POST api/v1/call-ups/": {
            "community": here.pk,
            "title": "x",
            "activity": "x",
            "starts_at": start,
            "ends_at": end,
        },
        "POST api/v1/call-ups/{pk}/parties/": {"blocks": [[shift.pk]], "waitlist": True},
        "POST api/v1/equipment/": {"area": here.pk, "name": "对讲机"},
        "POST api/v1/equipment/{pk}/change/": {"name": "红马甲"},
        "POST api/v1/equipment/{pk}/count/": {"stock": 5},
        "POST api/v1/equipment-issues/": {"sign_up": seat.pk},
        "POST api/v1/equipment-issues/{pk}/settle/": {"good": 1},
        "POST api/v1/shifts/": {"site": site.pk, "starts_at": start, "ends_at": end},
        "POST api/v1/posts/": {"shift": shift.pk, "role": role.pk, "seats": 1},
        "POST api/v1/posts/{pk}/invite/": {"volunteer": spare.pk},
        "POST api/v1/posts/{pk}/assign/": {"volunteer": spare.pk},
        "POST api/v1/sign-ups/": {"post": post.pk, "person": person},
        "POST api/v1/swaps/": {"sign_up": seat.pk},
        "POST api/v1/swaps/agree/": {"key": swap.key},
        "POST api/v1/swaps/look/": {"key": swap.key},
        "POST api/v1/pledges/": {"post": post.pk, "organisation": unit.pk, "seats": 1, "due_at": start},
    }
    return World(people, volunteer, values, bodies)


def doors_of(compound: Compound, holder: Volunteer, lead: User) -> dict[str, int]:
    """A round of four doors that is going on, of which the volunteer has a beat and found somebody in need."""
    doors.build(compound.pk, "1", "1", 2, 2, has_lift=False, by=lead)
    stairs = list(Entrance.objects.filter(building__compound=compound).values_list("pk", flat=True))
    soon = NIGHT + timedelta(minutes=30)
    shift = make.shift(places.site(compound=compound, kind="door_beat"), start=soon)
    seat = SignUp.objects.create(
        post=make.post(shift, role=make.role("door_knocker"), taken=1, seats_given=1),
        shift=shift,
        volunteer=holder,
        status="confirmed",
        period=(soon, soon + make.BLOCK),
        seat_no=1,
    )
    way = door_rounds.RoundPlan("通知下楼", stairs, soon, soon + make.BLOCK, shift_id=shift.pk)
    found = door_rounds.begin(compound.community_id, way, by=lead, now=NIGHT)
    (beat,) = beats.deal(found.pk, 1, by=lead, now=NIGHT)
    holding = beats.give(beat.pk, seat.pk, by=lead, now=NIGHT)
    door = RoundDoor.objects.filter(stairs__round=found).first()
    tap = door_visits.Tap(uuid4(), NIGHT, door.pk, DoorOutcome.HOME_SERVICE, Need.CARE)
    door_visits.record([tap], by=holder.user, now=NIGHT)
    return {
        "round": found.pk,
        "stairs": door.stairs_id,
        "beat": beat.pk,
        "holding": holding.pk,
        "door": door.pk,
        "visit": door.visits.get().pk,
        "home": door.homes.get().pk,
        "seat": seat.pk,
    }


def crew_of(here: Area, site: Site, unit: Organisation, lead: User) -> tuple[OutsideCrew, OnCall, Inspection]:
    """A crew of the unit that is on call, with one thing to look at."""
    plan = on_call.CrewPlan(unit.pk, Trade.POWER, "供电保障班", "电工演示", "+8612009000088", "配电室")
    crew = on_call.register(here.pk, plan, by=lead)
    duty = on_call.plan(crew.pk, site.pk, NIGHT, NIGHT + timedelta(hours=8), by=lead, now=NIGHT)
    return crew, duty, duty.inspections.get()


def rota_of(here: Area, site: Site, role: Role, volunteer: Volunteer) -> dict[str, int]:
    """A rota of one site with one person in it, and a day off of theirs."""
    first = DAWN.date()
    made = Rota.objects.create(
        area=here, call_up=make.call(here), role=role, changes=["06:00", "18:00"], pattern="1-", first_day=first
    )
    RotaSite.objects.create(rota=made, site=site, seats=1)
    member = RotaMember.objects.create(rota=made, volunteer=volunteer, phase=0, site=site, from_day=first)
    off = RotaDayOff.objects.create(member=member, day=first, given_at=NIGHT)
    RotaDay.objects.create(rota=made, day=first - timedelta(days=1), seats=1, placed=0, published_at=NIGHT)
    return {"rota": made.pk, "member": member.pk, "off": off.pk}


def fixed() -> Seal:
    """A seal of nothing."""
    return Seal.objects.create(
        table="staffing.SignUp", columns=[], last=1, count=0, rows=b"", previous=NOBODY, digest="1" * 64, at=NIGHT
    )


def of_a_team(
    volunteer: Volunteer, here: Area, site: Site, unit: Organisation, people: dict[str, User | None]
) -> dict[str, int]:
    """A team, a task force with somebody in it, a note, and an agency's seats with one of its people on them."""
    told = set(Message.objects.values_list("pk", flat=True))
    lead, above = people["lead"], places.lead(here.parent or here, RoleName.CITY_COMMAND)
    team = teams.form(teams.Wish(here.pk, "楼长队", 1), [volunteer.pk], by=lead, now=NIGHT)
    plan = task_forces.ForcePlan(here.pk, "防控专班", "值守", NIGHT + timedelta(days=5))
    force = task_forces.found(plan, by=above, now=NIGHT)
    posting = task_forces.appoint(force.pk, places.user().pk, Duty.LEAD, by=above, now=NIGHT)
    asked = task_forces.ask_extension(force.pk, NIGHT + timedelta(days=9), "x", by=above, now=NIGHT)
    shift = make.shift(site, start=DAWN + timedelta(days=2))
    note = hand_overs.of_shift(shift.pk, "扫码机已充电", by=above, now=NIGHT)
    (post,) = joint.lay_out(shift.pk, [joint.Share(unit.pk, make.role("police").pk, 3)], by=lead, now=NIGHT)
    seat = joint.fill(post.pk, Newcomer("警演示", "+8612009000098", consented=True), by=people["hr"], now=NIGHT)
    Message.objects.exclude(pk__in=told).delete()
    return {
        "team": team.pk,
        "member": team.members.get().pk,
        "force": force.pk,
        "posting": posting.pk,
        "extension": asked.pk,
        "note": note.pk,
        "post": post.pk,
        "seat": seat.pk,
    }


def papers(volunteer: Volunteer, here: Area, lead: User) -> list[Certificate]:
    """A certificate that waits, and one that counts, of two days of service."""
    found = []
    for number, day in enumerate((4, 5), 1):
        start = datetime(2022, 4, day, 4, tzinfo=UTC)
        end, served = start + timedelta(hours=3), {"what": "第2轮核酸检测", "where": "7号点", "minutes": 180}
        record(
            volunteer=volunteer,
            kind="volunteer",
            sign_up=-number,
            community=here,
            started_at=start,
            ended_at=end,
            **served,
        )
        wish = certificates.Wish(volunteer.pk, here.pk, start.date(), start.date())
        found.append(certificates.ask(wish, by=volunteer.user, now=NIGHT))
    return [found[0], certificates.issue(found[1].pk, by=lead, now=NIGHT)]


def companions_of(volunteer, spare, third) -> tuple[Companionship, Companionship]:
    """Somebody who asks the volunteer, and somebody they come with."""
    fields = {"number": volunteer.number, "asked": volunteer, "asked_at": NIGHT, "looked_up_at": NIGHT}
    asking = Companionship.objects.create(asker=third, over_at=NIGHT + timedelta(days=14), **fields)
    return asking, Companionship.objects.create(asker=spare, confirmed_at=NIGHT, **fields)
