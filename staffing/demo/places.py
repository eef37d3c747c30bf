"""The places of the story. Codes are GB/T 2260 and the bureau of statistics' where known, null where not."""

from datetime import date
from typing import Any

from communities.models import Area, Building, Compound, Door, Entrance, Site
from communities.states import Level

DISTRICTS = {
    "小店区": ("140105", "Xiaodian District"),
    "迎泽区": ("140106", "Yingze District"),
    "杏花岭区": ("140107", "Xinghualing District"),
    "尖草坪区": ("140108", "Jiancaoping District"),
    "万柏林区": ("140109", "Wanbailin District"),
    "晋源区": ("140110", "Jinyuan District"),
    "阳曲县": ("140122", "Yangqu County"),
}
SUBDISTRICTS = {
    "龙城街道": ("小店区", "140105007", "Longcheng Subdistrict"),
    "迎泽街道": ("迎泽区", "140106004", "Yingze Subdistrict"),
    "神堂沟街道": ("万柏林区", "140109014", "Shentanggou Subdistrict"),
}
COMMUNITIES = {
    "保利香樟社区": ("龙城街道", "Poly Xiangzhang Community"),
    "红寺社区": ("小店区", "Hongsi Community"),
    "东岗路二社区": ("小店区", "Donggang Road No. 2 Community"),
    "文华苑社区": ("小店区", "Wenhuayuan Community"),
    "并三社区": ("迎泽街道", "Bingsan Community"),
}


def areas() -> dict[str, Area]:
    """The tree by name, from the city to the communities."""
    found = {"太原市": area("太原市", Level.CITY, None, "140100", "Taiyuan", time_zone="Asia/Shanghai")}
    for name, (code, name_en) in DISTRICTS.items():
        found[name] = area(name, Level.DISTRICT, found["太原市"], code, name_en)
    for name, (parent, code, name_en) in SUBDISTRICTS.items():
        found[name] = area(name, Level.SUBDISTRICT, found[parent], code, name_en)
    for name, (parent, name_en) in COMMUNITIES.items():
        found[name] = area(name, Level.COMMUNITY, found[parent], None, name_en)
    return found


def area(name: str, level: Level, parent: Area | None, code: str | None, name_en: str, **fields: Any) -> Area:
    return Area.objects.create(
        name=name,
        level=level,
        parent=parent,
        code=code,
        code_verified=bool(code),
        name_en=name_en,
        is_demo=True,
        **fields,
    )


def compound(community: Area, name: str, name_en: str, residents: int, households: int, **fields: Any) -> Compound:
    counted = {"counted_at": date(2022, 4, 3), "is_demo": True}
    return Compound.objects.create(
        community=community, name=name, name_en=name_en, residents=residents, households=households, **counted | fields
    )


def sampling_points(compound: Compound, numbers: range, gate: str, gate_en: str) -> list[Site]:
    return [
        Site.objects.create(
            area=compound.community,
            compound=compound,
            kind="sampling_point",
            no=number,
            name=f"{number}号点",
            name_en=f"Point {number}",
            gate=f"{gate}，{number}号蓝色帐篷",
            gate_en=f"{gate_en}, blue tent {number}",
            lanes=1,
            is_demo=True,
        )
        for number in numbers
    ]


def site(where: Area, kind: str, name: str, name_en: str, *, compound: Compound | None = None, **fields: Any) -> Site:
    return Site.objects.create(
        area=where, kind=kind, name=name, name_en=name_en, compound=compound, is_demo=True, **fields
    )


def stairwell(compound: Compound, building: str, entrance: str, storeys: int, flats: int) -> Entrance:
    """A stairwell of an old building without a lift, with its doors."""
    house, _new = Building.objects.get_or_create(
        compound=compound, no=building, defaults={"storeys": storeys, "has_lift": False}
    )
    stairs = Entrance.objects.create(building=house, no=entrance)
    Door.objects.bulk_create(
        [
            Door(entrance=stairs, number=f"{floor}{flat:02d}", floor=floor)
            for floor in range(1, storeys + 1)
            for flat in range(1, flats + 1)
        ]
    )
    return stairs
