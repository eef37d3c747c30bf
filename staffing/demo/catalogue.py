"""Roles, qualifications, zone policies and organisations that the demo, or a new installation, begins with."""

from typing import Any

from communities.models import Organisation, ZonePolicy, ZoneScheme
from communities.states import Entry, ZoneLevel
from staffing.actions.norms import load_presets
from staffing.models import Role
from volunteers.models import Qualification

QUALIFICATIONS = [
    ("stand", "skill", "能久站", "Can stand for long", True),
    ("typing", "skill", "手机打字快", "Types fast on a phone", True),
    ("stairs", "skill", "能爬楼", "Can climb stairs", True),
    ("lifting", "skill", "能搬东西", "Can carry things", True),
    ("experienced", "skill", "做过这样的志愿服务", "Has done this before", True),
    ("english", "language", "会英语", "Speaks English", True),
    ("chinese", "language", "会汉语", "Speaks Chinese", True),
    ("disinfection", "training", "消杀培训", "Disinfection training", False),
    ("driving", "licence", "驾驶证", "Driving licence", False),
    ("insurance", "insurance", "人身意外险", "Accident insurance", False),
]
# slug, icon, name, English, note, English note, requires, prefers, longest block, risky, leads, counted
ROLES = [
    ("data_entry", "keys", "信息录入员", "Data-entry clerk", "用手机登记，可以坐", "Register people on a phone. Seated.", [], ["typing"], 240, True, False, True),
    ("queue_marshal", "users", "秩序维护员", "Queue marshal", "排队引导，要站", "Guide the queue. Standing.", [], ["stand"], 240, True, False, True),
    ("door_knocker", "stairs", "敲门通知员", "Door-to-door caller", "按单元上门通知，要爬楼", "Call each flat on a stairwell. Stairs.", [], ["stairs"], 240, True, False, True),
    ("site_lead", "flag", "组长", "Site lead", "带一个小区的现场", "Leads the site of a compound", [], ["experienced"], 480, True, True, True),
    ("gate_check", "gate", "门岗", "Gate check", "守小区门口", "At the compound gate", [], ["stand"], 480, True, False, True),
    ("supply_runner", "box", "物资保障员", "Supply runner", "搬运、分发，要力气", "Carry and hand out. Lifting.", [], ["lifting"], 480, True, False, True),
    ("disinfection", "drop", "消杀员", "Disinfection aide", "要受过培训", "Training needed.", ["disinfection"], [], 240, True, False, True),
    ("specimen_handover", "tube", "样本交接员", "Sample handover", "清点、装箱、交接", "Count, pack and hand over", [], [], 480, True, False, True),
    ("sampler", "drop", "采样员", "Sampler", "由医疗单位派", "Sent by a hospital", [], [], 240, True, False, False),
    ("checkpoint", "gate", "卡口值守", "Checkpoint duty", "查验、登记，站着", "Check and register. Standing.", [], [], 480, True, False, True),
    ("police", "shield", "公安", "Police", "由公安派", "Sent by the police", [], [], 480, True, False, False),
    ("transport", "car", "交通", "Transport", "由交通部门派", "Sent by transport", [], [], 480, True, False, False),
    ("health", "heart", "卫健", "Health", "由卫健部门派", "Sent by health", [], [], 480, True, False, False),
    ("township", "home", "乡镇", "Township", "由乡镇派", "Sent by the township", [], [], 480, True, False, False),
    ("patrol", "shield", "巡逻员", "Patrol", "在小区里巡查", "Walks the compound", [], ["stand"], 480, False, False, True),
    ("supply_aide", "box", "物资配送员", "Supply aide", "按户配送", "Brings supplies to doors", [], ["lifting"], 480, False, False, True),
]  # fmt: skip
# level, names, who may serve inside, residents may leave, approval, people at one place at most, days to the release
SCHEMES: dict[tuple[str, str, str], list[Any]] = {
    ("three_zones", "三区", "Three zones"): [
        (ZoneLevel.NONE, "无", "None", Entry.ANYONE, True, False, None, None),
        (ZoneLevel.PRECAUTION, "防范区", "Precaution zone", Entry.ANYONE, True, False, 50, None),
        (ZoneLevel.CONTROLLED, "管控区", "Controlled zone", Entry.GROUP, False, False, 20, 14),
        (ZoneLevel.LOCKDOWN, "封控区", "Sealed zone", Entry.RESIDENTS, False, True, None, 14),
    ],
    ("flood", "防汛", "Flood"): [
        ("flood_watch", "防汛关注区", "Flood watch", Entry.ANYONE, True, False, None, None),
        ("flood_warning", "防汛警戒区", "Flood warning", Entry.GROUP, True, False, None, 2),
        ("flood_evacuated", "撤离区", "Evacuated area", Entry.HOLDERS, True, True, None, 3),
    ],
}
ORGANISATIONS = [
    ("示范市直机关工委", "Demo City Offices", "government", 8),
    ("示范区住建局", "Demo Housing Bureau", "government", 3),
    ("示范区教育局", "Demo Education Bureau", "government", 3),
    ("示范县机关", "Demo County Offices", "government", 3),
    ("示范医院", "Demo Hospital", "health", 0),
    ("示范公安分局", "Demo Police Branch", "police", 0),
    ("示范交通局", "Demo Transport Bureau", "transport", 0),
    ("示范卫健局", "Demo Health Bureau", "health", 0),
    ("示范镇政府", "Demo Township", "township", 0),
    ("示范车队", "Demo Fleet", "fleet", 0),
]


def qualifications() -> None:
    for slug, kind, name, name_en, own_word in QUALIFICATIONS:
        Qualification.objects.get_or_create(
            slug=slug, defaults={"kind": kind, "name": name, "name_en": name_en, "self_declared": own_word}
        )


def roles() -> None:
    qualifications()
    known = {found.slug: found for found in Qualification.objects.all()}
    for slug, icon, name, name_en, note, note_en, requires, prefers, block, risky, leads, counted in ROLES:
        fields = {"icon": icon, "name": name, "name_en": name_en, "note": note, "note_en": note_en}
        rules = {"max_block_minutes": block, "risky": risky, "leads": leads, "counted": counted}
        role, new = Role.objects.get_or_create(slug=slug, defaults=fields | rules)
        if new:
            role.requires.set([known[code] for code in requires])
            role.prefers.set([known[code] for code in prefers])


def norms() -> None:
    """The presets a plan can begin with, and the roles they ask for."""
    roles()
    load_presets()


def policies() -> None:
    for (slug, name, name_en), levels in SCHEMES.items():
        scheme, _new = ZoneScheme.objects.get_or_create(slug=slug, defaults={"name": name, "name_en": name_en})
        for strictness, level in enumerate(levels):
            policy(scheme, strictness, *level)
    sealed = ZonePolicy.objects.get(level=ZoneLevel.LOCKDOWN)
    ZonePolicy.objects.filter(level=ZoneLevel.CONTROLLED, escalates_to=None).update(escalates_to=sealed)


def policy(scheme: ZoneScheme, strictness: int, level: str, name: str, name_en: str, *rules: Any) -> None:
    names = ("entry", "residents_may_leave", "needs_approval", "gathering_limit", "release_days")
    fields = {"scheme": scheme, "strictness": strictness, "name": name, "name_en": name_en}
    ZonePolicy.objects.get_or_create(level=level, defaults=fields | dict(zip(names, rules, strict=True)))


def organisations() -> dict[str, Organisation]:
    """24 organisations: the heads by name, their branches numbered."""
    found = {}
    for name, name_en, kind, branches in ORGANISATIONS:
        head = Organisation.objects.create(name=name, name_en=name_en, kind=kind, is_demo=True)
        found[name] = head
        for number in range(1, min(branches, 6) + 1):
            names = {"name": f"{name}{number}处", "name_en": f"{name_en}, Section {number}"}
            Organisation.objects.create(**names, kind=kind, parent=head, is_demo=True)
    return found
