"""Small communities drawn at random, with everything in them that a rule of sign-up looks at."""

from dataclasses import dataclass, replace
from datetime import timedelta

from hypothesis import strategies as st

from communities.states import ZoneLevel
from staffing.actions import fillings
from staffing.models import Filling, Reply, SignUp
from staffing.queries import candidates as queries
from staffing.queries.facts import gather
from staffing.queries.secondments import covering
from staffing.rules import fillings as rules
from staffing.rules.signups import refusals
from tests.factories import communities as places
from tests.factories import staffing as make
from tests.factories.staffing import DAWN, NIGHT
from volunteers.models import Absence, AccessPass

HOUR = timedelta(hours=1)
WINDOW = (NIGHT, NIGHT + timedelta(days=4))
LEVELS = [None, None, ZoneLevel.LOCKDOWN, ZoneLevel.CONTROLLED]


def mostly(plain, **quirks):
    """Like `plain`, but for up to three quirks; each name may become one of its values."""
    quirk = st.sampled_from([(name, value) for name, values in quirks.items() for value in values])
    return st.lists(quirk, max_size=3).map(lambda found: plain | dict(found))


PERSON = {
    "home": 0, "kind": "volunteer", "is_adult": True, "muted": False, "skills": ("typing", "insurance"),
    "expires": None, "away": None, "duty": None, "offer": None, "lent": None, "passes": None, "unwilling": False,
    "here": True, "loan": None,
}  # fmt: skip
people_drawn = mostly(
    PERSON,
    home=[1, 1, 2, None],
    kind=["seconded", "medical", "grid_member"],
    is_adult=[False],
    muted=[True],
    skills=[(), ("disinfection", "typing")],
    expires=[-1, 0, 0],
    away=[(0, 4), (20, 30)],
    duty=[(-3, 3), (3, 3), (3, 1.5), (9, 4), (30, 8), (-30, 8)],
    offer=[(1, 4), (6, 3)],
    lent=[(-2, 2), (-2, 14), (-2, 14)],
    passes=[1, 1],
    unwilling=[True],
    here=[False],
    loan=[("away", 0, 24), ("away", 3, 6), ("here", 0, 24), ("here", 3, 6)],
)
POST = {
    "home": 0, "start": 0, "length": 3, "block": 240, "requires": None, "risky": False, "briefing": "洗手",
    "insured": True, "kinds": [], "override": "", "seats": 1, "leads": False,
}  # fmt: skip
posts_drawn = mostly(
    POST,
    home=[1, 1, 2, None],
    start=[1.5, 3, 3, 6, 15, 24, 24, 48],
    length=[1.5, 1.5, 1, 8],
    block=[120, 480, 480],
    requires=["typing", "typing", "disinfection"],
    risky=[True],
    briefing=[""],
    insured=[False],
    kinds=[["volunteer"], ["seconded", "medical"]],
    override=["人手不足"],
    seats=[2, 3],
    leads=[True],
)
worlds = st.tuples(
    st.lists(people_drawn, min_size=1, max_size=6),
    st.lists(posts_drawn, min_size=1, max_size=7),
    st.lists(st.sampled_from(LEVELS), min_size=3, max_size=3),
)


OPEN, SEALED = [None, None, None], [None, ZoneLevel.LOCKDOWN, None]
# People, or posts, that are alike to a rule but for one thing.
TWINS = [
    ([PERSON | {"duty": (-3, 3)}], [POST, POST | {"block": 480}, POST | {"override": "人手不足"}], OPEN),
    (
        [PERSON, PERSON | {"passes": 1}, PERSON | {"home": 1}, PERSON | {"kind": "medical"}],
        [POST | {"home": 1}],
        SEALED,
    ),
    (
        [PERSON | {"expires": 0}, PERSON],
        [POST | {"requires": "typing"}, POST | {"requires": "typing", "start": 48}],
        OPEN,
    ),
    ([PERSON, PERSON | {"lent": (-2, 14), "kind": "seconded"}], [POST | {"kinds": ["volunteer"]}, POST], OPEN),
    (
        [
            PERSON | {"kind": kind, "here": here, "lent": (-2, 14), "loan": loan}
            for kind, here, loan in [
                ("seconded", True, None),
                ("seconded", True, ("away", 0, 24)),
                ("seconded", False, ("here", 0, 24)),
                ("volunteer", True, None),
                ("volunteer", True, ("away", 0, 6)),
                ("volunteer", False, ("here", 0, 6)),
            ]
        ],
        [POST, POST | {"start": 15}],
        OPEN,
    ),
    ([PERSON], [POST | {"risky": True}, POST | {"risky": True, "briefing": ""}, POST | {"insured": False}], OPEN),
    ([PERSON], [POST | {"start": n, "length": 1.5, "requires": None} for n in (0, 1.5, 3)], OPEN),
]


@dataclass
class Village:
    area: object
    lead: object
    call: object
    people: list
    posts: list

    def propose(self, **fields) -> Filling:
        return fillings.propose(self.area.pk, *WINDOW, by=self.lead, now=NIGHT, **fields)

    def openings(self):
        found = queries.open_posts(self.area, None, *WINDOW, NIGHT)
        return queries.openings(found, self.area, NIGHT)

    def candidates(self):
        end = max((one.place.interval.end for one in self.openings()), default=WINDOW[1])
        return queries.candidates(queries.pool(self.area), WINDOW[0], max(end, WINDOW[1]), NIGHT)


def build(world) -> Village:
    drawn_people, drawn_posts, levels = world
    area = places.area()
    homes = [places.compound(area) for _n in range(3)]
    for home, level in zip(homes, levels, strict=True):
        if level:
            places.zone(level, compound=home, since=NIGHT - HOUR)
    call = make.call(area, insured=False)
    village = Village(area, places.lead(area), call, [], [])
    village.posts = [post(village, homes, one) for one in drawn_posts]
    village.people = [person(village, homes, one) for one in drawn_people]
    return village


def at(span):
    start, length = span
    return DAWN + start * HOUR, DAWN + (start + length) * HOUR


def post(village, homes, drawn):
    home = homes[drawn["home"]] if drawn["home"] is not None else None
    call = make.call(village.area, insured=drawn["insured"])
    shift = make.shift(
        places.site(village.area, home),
        call,
        start=DAWN + drawn["start"] * HOUR,
        length=drawn["length"] * HOUR,
        briefing=drawn["briefing"],
        override_reason=drawn["override"],
    )
    role = make.role(
        max_block_minutes=drawn["block"], risky=drawn["risky"], leads=drawn["leads"]
    )  # fmt: skip
    if drawn["requires"]:
        role.requires.add(make.qualification(drawn["requires"]))
    return make.post(shift, drawn["seats"], role=role, person_kinds=drawn["kinds"])


def person(village, homes, drawn):
    home = homes[drawn["home"]] if drawn["home"] is not None else None
    community = village.area if drawn["here"] else places.area()
    found = make.volunteer(home, community=community, kind=drawn["kind"], is_adult=drawn["is_adult"])
    if drawn["muted"]:
        found.user.muted_at = NIGHT
        found.user.save()
    for slug in sorted(drawn["skills"]):
        last = None if drawn["expires"] is None else (DAWN + drawn["expires"] * 24 * HOUR).date()
        make.held(found, slug, expires_on=last)
    if drawn["away"]:
        Absence.objects.create(volunteer=found, period=at(drawn["away"]))
    if drawn["lent"]:
        start, end = drawn["lent"]
        make.lend(found, village.area, period=(NIGHT + start * 24 * HOUR, NIGHT + end * 24 * HOUR))
    if drawn["passes"] is not None:
        AccessPass.objects.create(
            volunteer=found, compound=homes[drawn["passes"]], period=(NIGHT, NIGHT + 72 * HOUR), reason="x",
            asked_by=village.lead, asked_at=NIGHT, issued_by=places.user(), issued_at=NIGHT,
        )  # fmt: skip
    if drawn["loan"]:
        whither, *hours = drawn["loan"]
        ends = [places.area(), village.area] if whither == "here" else [village.area, places.area()]
        make.lending(found, *ends, period=at(hours))
    for name, status in (("duty", "confirmed"), ("offer", "invited")):
        if drawn[name]:
            elsewhere(found, drawn[name], status)
    if drawn["unwilling"] and village.posts:
        call = village.posts[0].shift.call_up
        Reply.objects.create(call_up=call, user=found.user, said="not_this_time", said_at=NIGHT)
    return found


def elsewhere(person, span, status):
    """A seat, or an offer, far from here."""
    start, end = at(span)
    place = make.post(make.shift(start=start, length=end - start))
    SignUp.objects.create(
        post=place, shift=place.shift, volunteer=person, status=status, seat_no=1, period=(start, end),
        respond_by=DAWN if status == "invited" else None,
    )  # fmt: skip


def allowed_one_by_one(candidate, opening) -> bool:
    """The rules of sign-up on facts read for this one case, and the rules of asking somebody unasked; who is seconded is
    put where `assign` may put them.
    """
    facts = gather(opening.place.post, candidate.person.volunteer, NIGHT, by_staff=True)
    busy = tuple(sorted({*facts.person.duties, *candidate.asked}))
    facts = replace(facts, person=replace(facts.person, duties=busy))
    asking = (rules.nearby, rules.not_asked_before, rules.asked_or_placed)
    if facts.person.kind == "seconded":
        asking = asking[:2]
        if not covering(facts.person.volunteer, facts.place.where.areas, facts.place.interval):
            return False
    return not refusals(facts) and not any(check(candidate, opening) for check in asking)
