"""The whole demo, in the order in which it happened. Everything goes through the same actions as in real life."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

from django.db import transaction

from communities.models import Area, Compound, Grant, Organisation, Site, User, ZoneStatus
from communities.states import RoleName, ZoneLevel
from staffing.actions import calls, closeouts
from staffing.actions.signups import Entry, sign_up
from staffing.demo import (
    catalogue,
    checkpoints,
    companions,
    crews,
    doors,
    equipment,
    hours,
    lending,
    nights,
    notices,
    on_call,
    places,
    rides,
    rotas,
    supplies,
    webhooks,
)
from staffing.demo.accounts import Accounts
from staffing.demo.clock import Clock
from staffing.demo.people import Crowd
from staffing.models import CallUp, Post
from volunteers.actions import certificates
from volunteers.models import Volunteer
from volunteers.states import PersonKind

FAR = timedelta(days=60)
HONGSI_SEATS = {
    "disinfection": 1,
    "data_entry": 5,
    "queue_marshal": 5,
    "site_lead": 1,
    "gate_check": 2,
    "door_knocker": 8,
}
NEIGHBOURS = 84 + 9  # as many as the call needs, and as many as wait in reserve


class Story:
    def __init__(self, clock: Clock, seed: int = 2022) -> None:
        self.clock = clock
        catalogue.norms()
        catalogue.policies()
        self.areas = places.areas()
        self.organisations = catalogue.organisations()
        self.crowd = Crowd(seed, clock.at("08:00", -8))
        self.accounts = Accounts()
        self.lead = self.accounts.cast(self.areas, self.organisations)

    @transaction.atomic
    def tell(self, file: Path) -> CallUp:
        """All of it, or nothing; returns the open call."""
        self.bingsan()
        call = self.xiangzhang()
        self.hongsi()
        self.donggang()
        self.wenhuayuan()
        self.checkpoints()
        self.fleet(call)
        self.lent()
        self.notices()
        keeper = User.objects.get(email="system-admin@example.org")
        secret = webhooks.tell(self.areas["太原市"], keeper, self.clock.now)
        self.accounts.tell(file, call=f"/c/{call.slug}/", webhook_secret=secret)
        return call

    def notices(self) -> None:
        """Texts of the district and of the community, and a draft."""
        notices.tell(self.areas["小店区"], self.areas["保利香樟社区"], self.lead, self.clock.now)

    def staff(self, kind: PersonKind, number: int, community: Area, homes: Sequence, **more) -> list[Volunteer]:  # type: ignore[no-untyped-def, type-arg]
        return self.crowd.make(number, kind, community=community, homes=homes, approved_by=self.lead, **more)

    def xiangzhang(self) -> CallUp:
        """8,000 residents in two sealed compounds: 17 points, 106 posts, 22 staff, 84 to find."""
        home, lead = self.areas["保利香樟社区"], self.lead
        east = places.compound(home, "示范小区A", "Demo Compound A", 4300, 1850)
        west = places.compound(home, "示范小区B", "Demo Compound B", 3700, 1592)
        self.seal([east, west])
        grounds = [
            nights.Ground(
                east,
                places.sampling_points(east, range(1, 10), "东门进", "East gate"),
                places.site(
                    home,
                    "compound_post",
                    "A小区岗位",
                    "Compound A posts",
                    compound=east,
                    gate="东门值班室",
                    gate_en="East gate office",
                ),
            ),
            nights.Ground(
                west,
                places.sampling_points(west, range(10, 18), "2号门进", "Gate 2"),
                places.site(
                    home,
                    "compound_post",
                    "B小区岗位",
                    "Compound B posts",
                    compound=west,
                    gate="2号门值班室",
                    gate_en="Gate 2 office",
                ),
            ),
        ]
        staff = [
            *self.staff(PersonKind.COMMUNITY_STAFF, 8, home, [east] * 5 + [west] * 3),
            *self.staff(PersonKind.GRID_MEMBER, 10, home, [east] * 6 + [west] * 4),
            *self.staff(PersonKind.SOCIAL_WORKER, 4, home, [east] * 3 + [west]),
        ]
        for person in staff:
            self.crowd.train(person, "disinfection", lead)
        self.neighbours(home, [east, west])
        hospital = self.organisations["示范医院"]
        medics = self.staff(PersonKind.MEDICAL, 17, home, [None], organisations=[hospital])
        self.first_round(home, grounds, hospital, staff)
        return self.second_round(home, grounds, hospital, staff, medics)

    def neighbours(self, home: Area, homes: Sequence) -> None:  # type: ignore[type-arg]
        """Those who will be asked: enrolled, not signed up yet. The first is the demo's volunteer."""
        people = self.crowd.make(NEIGHBOURS, PersonKind.VOLUNTEER, community=home, homes=homes)
        companions.couples(people, self.clock.now)
        self.accounts.neighbour(people[0].user)

    def seal(self, compounds: Sequence) -> None:  # type: ignore[type-arg]
        since = self.clock.at("18:00", -5)
        for compound in compounds:
            ZoneStatus.objects.create(
                compound=compound,
                level=ZoneLevel.LOCKDOWN,
                valid=(since, since + FAR),
                issuer="示范区指挥部办公室",
                notice_no="示范〔2022〕42号",
                earliest_release_at=since + timedelta(days=14),
            )

    def first_round(
        self, home: Area, grounds: Sequence[nights.Ground], hospital: Organisation, staff: Sequence[Volunteer]
    ) -> CallUp:
        """The day before, with nobody but the staff: 84 posts stay open."""
        start, end = self.clock.at("09:00", -2), self.clock.at("12:15", -2)
        plan = nights.call_plan(
            "第1轮核酸，急招志愿者", "Volunteers needed now", "第1轮核酸检测", "Testing round 1", start, end
        )
        call = nights.round_of_testing(
            home, grounds, plan, [(start, end)], hospital, self.lead, start - timedelta(hours=3)
        )
        equipment.store(home, self.lead, start - timedelta(hours=3))
        nights.stand(call, staff, nights.STAFF_SEATS, lead=self.lead, now=start - timedelta(hours=2))
        nights.live_through(call, lead=self.lead)
        calls.close(call.pk, by=self.lead, now=end)
        return call

    def second_round(
        self,
        home: Area,
        grounds: Sequence[nights.Ground],
        hospital: Organisation,
        staff: Sequence[Volunteer],
        medics: Sequence[Volunteer],
    ) -> CallUp:
        """Tomorrow morning: the call that is open now."""
        at, now = self.clock.at, self.clock.now
        start, change, end = at("05:30"), at("08:45"), at("12:00")
        plan = nights.call_plan(
            "明早核酸，招84位志愿者",
            "84 volunteers needed tomorrow morning",
            "第2轮核酸检测",
            "Testing round 2",
            start,
            end,
            contact_id=self.lead.pk,
        )
        call = nights.round_of_testing(home, grounds, plan, [(start, change), (change, end)], hospital, self.lead, now)
        nights.stand(call, staff, nights.STAFF_SEATS, lead=self.lead, now=now)
        nights.stand_in(call, lead=self.lead, now=now)
        nights.send_medics(call, medics, lead=self.lead, now=now)
        return call

    def bingsan(self) -> None:
        """Two old stairwells without a lift, and a foreign neighbour who walked into the office to sign up."""
        home, at = self.areas["并三社区"], self.clock.at
        lead = self.accounts.make("community_lead", "武演示", area=home)
        yard = places.compound(home, "5号院", "Courtyard 5", 420, 180, kind="courtyard")
        places.stairwell(yard, "4号楼", "3单元", 6, 3)
        places.stairwell(yard, "6号楼", "1单元", 6, 3)
        beat = places.site(
            home, "door_beat", "5号院4号楼3单元、6号楼1单元", "Courtyard 5, stairwells 4-3 and 6-1", compound=yard
        )
        start, end = at("05:30", -6), at("12:00", -6)
        plan = nights.call_plan(
            "挨门通知，招志愿者", "Door-to-door volunteers", "入户通知", "Door-to-door round", start, end
        )
        call = calls.create(home.pk, plan, by=lead, now=at("15:00", -7))
        nights.simple_shift(
            call,
            beat,
            start,
            end,
            {"door_knocker": 2},
            lead=lead,
            now=at("15:00", -7),
            reason="老院人手少，本人同意连做，中间休息",
        )
        calls.publish(call.pk, by=lead, now=at("15:00", -7))
        (neighbour,) = self.crowd.make(1, PersonKind.VOLUNTEER, community=home, homes=[yard], skills=0)
        neighbour.user.name, neighbour.user.language = "Demo Neighbour", "en"
        neighbour.user.save(update_fields=["name", "language"])
        for slug in ("chinese", "english", "stairs"):
            self.crowd.train(neighbour, slug, lead)
        post = Post.objects.get(shift__call_up=call)
        seat = sign_up(
            post.pk, neighbour.pk, now=at("16:10", -7), entry=Entry(channel="walk_in", by=lead, on_behalf=True)
        )
        found = doors.given_out(yard, seat, lead, at("16:30", -7), "通知下楼做核酸", "Come down for the test")
        nights.live_through(call, lead=lead)
        doors.knocked(found, 36, start + timedelta(minutes=10))
        doors.over(found, lead, end)
        calls.close(call.pk, by=lead, now=end)
        self.certificate(neighbour, home, lead)
        self.closing(home, lead)
        doors.today(yard, [beat.pk], self.accounts.make("door_helper", "段敲演示"), lead, self.clock.now)

    def certificate(self, person: Volunteer, home: Area, lead: User) -> None:
        """Asked for two days later by who served, and given by the community."""
        day, asked = self.clock.at("00:00", -6).date(), self.clock.at("18:00", -4)
        wish = certificates.Wish(person.pk, home.pk, day, day)
        made = certificates.ask(wish, by=person.user, now=asked)
        certificates.issue(made.pk, by=lead, now=self.clock.at("09:00", -3))

    def closing(self, home: Area, lead: User) -> None:
        """The round is over and settled: its close-out is proposed, and waits for somebody above to agree."""
        days = self.clock.at("00:00", -7), self.clock.at("00:00", -5)
        closeouts.propose(closeouts.Incident(home.pk, "挨门通知", *days), by=lead, now=self.clock.now)

    def hongsi(self) -> None:
        """An urban village: five lanes, 32 posts, 22 of them filled by people from other offices."""
        home, at, now = self.areas["红寺社区"], self.clock.at, self.clock.now
        lead = self.accounts.make("community_lead", "史演示", area=home)
        village = places.compound(home, "红寺村", "Hongsi village", 2000, 861, kind="urban_village")
        ground = nights.Ground(
            village,
            places.sampling_points(village, range(1, 6), "村口进", "Village entrance"),
            places.site(home, "compound_post", "红寺村岗位", "Hongsi posts", compound=village),
        )
        start, end = at("06:00"), at("10:00")
        plan = nights.call_plan(
            "红寺核酸，还差10人",
            "Hongsi needs ten more",
            "第3轮核酸检测",
            "Testing round 3",
            start,
            end,
            contact_id=lead.pk,
            organisation_id=self.organisations["示范市直机关工委"].pk,
        )
        call = nights.round_of_testing(home, [ground], plan, [(start, end)], self.organisations["示范医院"], lead, now)
        offices = [self.organisations[name] for name in ("示范区住建局", "示范市直机关工委")]
        seconded = self.crowd.make(22, PersonKind.SECONDED, community=home, homes=[village], organisations=offices)
        for person in seconded[:2]:
            self.crowd.train(person, "disinfection", lead)
        nights.stand(call, seconded, HONGSI_SEATS, lead=lead, now=now)
        station = places.site(home, "supply_station", "红寺物资点", "Hongsi supplies", compound=village)
        before = hours.Village(home, ground, self.organisations["示范医院"], station, lead, at)
        hours.served(before, seconded, HONGSI_SEATS)
        neighbours = self.crowd.make(5, PersonKind.VOLUNTEER, community=home, homes=[village], skills=0)
        clerk = seconded[0].user
        Grant.objects.create(user=clerk, role=RoleName.POINT_LEAD, area=home)
        hours.settling(before, hours.supplies(before, seconded[-4:], neighbours), clerk, now)

    def donggang(self) -> None:
        """Supplies for one compound, three days, until eight in the evening."""
        home, at, now = self.areas["东岗路二社区"], self.clock.at, self.clock.now
        lead = self.accounts.make("community_lead", "钱演示", area=home)
        estate = places.compound(home, "中正锦城小区", "Zhongzheng Jincheng", 2600, 1100)
        station = places.site(
            home, "supply_station", "物资点", "Supply station", compound=estate, gate="北门", gate_en="North gate"
        )
        plan = nights.call_plan(
            "送物资，招邻居",
            "Help bring supplies",
            "物资配送",
            "Supplies",
            at("10:00"),
            at("20:00", 2),
            contact_id=lead.pk,
        )
        call = calls.create(home.pk, plan, by=lead, now=now)
        for day in range(3):
            for start, end in (("10:00", "14:00"), ("16:00", "20:00")):
                nights.simple_shift(call, station, at(start, day), at(end, day), {"supply_aide": 6}, lead=lead, now=now)
        calls.publish(call.pk, by=lead, now=now)
        people = self.crowd.make(4, PersonKind.VOLUNTEER, community=home, homes=[estate])
        carrier = self.accounts.make("supply_carrier", "任送演示")
        person = Volunteer.objects.create(user=carrier, residence=estate, is_adult=True, is_demo=True)
        supplies.households(estate, lead, at("11:00"), now)
        supplies.stationed(call, [*people, person], now)

    def wenhuayuan(self) -> None:
        """152 people of 12 organisations, enrolled with a community within a week."""
        home = self.areas["文华苑社区"]
        self.accounts.make("community_lead", "倪演示", area=home)
        offices = list(Organisation.objects.filter(is_demo=True, kind="government").order_by("pk")[:12])
        people = self.crowd.make(152, PersonKind.SECONDED, community=home, organisations=offices)
        for index, person in enumerate(people):
            person.enrolments.update(created_at=self.clock.at("09:00", -8 + index % 8))
        above, span = (
            User.objects.get(email="district-lead@example.org"),
            (self.clock.at("05:00"), self.clock.at("11:00")),
        )
        lending.between(home, self.areas["红寺社区"], people[:10], above, span, self.clock.now)

    def checkpoints(self) -> None:
        """11 checkpoints round the clock: 220 cadre seats a day for 260 people, beside four other agencies."""
        home, now = self.areas["晋源区"], self.clock.now
        lead = User.objects.get(email="taskforce-lead@example.org")
        call = checkpoints.open_call(home, self.clock.at("00:00"), self.organisations, lead, now)
        self.rota(call, home, lead, now)
        on_call.crews(home, lead, now)
        above, officer = (User.objects.get(email=f"{name}@example.org") for name in ("city-command", "agency-lead"))
        crews.checkpoints(home, above, lead, officer, self.organisations["示范公安分局"], now)

    def rota(self, call: CallUp, home: Area, lead: User, now: datetime) -> None:
        """220 of the 260 stand today; 40 have their day off, or are over."""
        self.crowd.make(260, PersonKind.SECONDED, community=home, organisations=[self.organisations["示范县机关"]])
        rotas.stand(call, home, lead, self.clock.day, now)

    def lent(self) -> None:
        """A county's people on duty where they live, and ten who wait to be received next to the sealed compounds."""
        areas, now, home = self.areas, self.clock.now, self.areas["保利香樟社区"]
        county = self.organisations["示范县机关"]
        people = lending.county(self.crowd, areas, county, self.lead, now)
        city, above = areas["太原市"], User.objects.get(email="city-command@example.org")
        crews.county(people, city, county, above, self.accounts.make("team_lead", "余演示"), now)
        crews.one_and_seven(self.crowd, areas["神堂沟街道"], self.organisations["示范区住建局"], above, now)
        homes: list[Compound | None] = [*Compound.objects.filter(community=home).order_by("pk"), None]
        lending.waiting(self.crowd, home, homes, self.organisations["示范市直机关工委"], now)

    def fleet(self, call: CallUp) -> None:
        """16 drivers: what they have driven so far, and the rides of the coming morning."""
        area, now = call.community, self.clock.now
        owner = self.organisations["示范车队"]
        drivers = rides.fleet(self.crowd, area, owner, self.lead, self.clock.at("08:00", -12))
        sites = list(Site.objects.filter(area=area, kind="sampling_point").order_by("no")[:6])
        rides.past(drivers, area, sites, self.clock.at("04:40", -11), self.lead)
        account = self.accounts.make("driver", "方向演示")
        person = Volunteer.objects.create(user=account, kind=PersonKind.DRIVER, is_adult=True, is_demo=True)
        rides.driver(person, area, owner, self.lead, self.clock.at("08:00", -12))
        rides.tomorrow(area, sites, self.clock.at("05:30"), self.lead, now)


def is_told() -> bool:
    return Area.objects.filter(is_demo=True, code="140100").exists()
