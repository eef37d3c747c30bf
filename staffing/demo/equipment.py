"""What a community keeps and hands out: red vests, masks, suits, phones to scan with, radios, loudhailers."""

from datetime import datetime

from communities.models import Area, User
from staffing.actions import equipment
from staffing.actions.equipment import Kind
from staffing.models import Role, SignUp

# name, English, comes back, for each, for everybody, for risky roles, role, stock, low at
THINGS = (
    ("红马甲", "Red vest", True, 1, True, False, "", 180, 30),
    ("口罩", "Mask", False, 2, True, False, "", 420, 400),
    ("防护服", "Protective suit", False, 1, False, True, "", 160, 40),
    ("扫码手机", "Scanning phone", True, 1, False, False, "data_entry", 40, 5),
    ("对讲机", "Radio", True, 1, False, False, "site_lead", None, None),
    ("喇叭", "Loudhailer", True, 1, False, False, "door_knocker", None, None),
)
FORGETS, BREAKS = 7, 5  # one in so many


def store(area: Area, lead: User, now: datetime) -> None:
    for name, name_en, back, each, everybody, risky, slug, stock, low in THINGS:
        roles = tuple(Role.objects.filter(slug=slug).values_list("pk", flat=True))
        kind = Kind(name, name_en, back, each, everybody, risky, roles, low)
        equipment.keep(area.pk, kind, stock=stock, by=lead, now=now)


def worn(number: int, signup: SignUp, lead: User, start: datetime, end: datetime) -> None:
    """Handed out as the shift begins and taken back as it ends: some forget, and now and then something is broken."""
    given = equipment.hand_out_usual(signup.pk, by=lead, now=start).given
    kept = [issue for issue in given if issue.thing.comes_back]
    if number % FORGETS == FORGETS - 1:
        return
    for issue in kept:
        broken = number % BREAKS == BREAKS - 1 and issue is kept[-1]
        equipment.settle(issue.pk, good=0 if broken else 1, damaged=int(broken), by=lead, now=end)
