"""A city's staff list: 40,000 rows from the upload to matched homes, then taken over; by a worker of its own."""

import io
import json
import os
import random
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from bench.figures import Figure, at_most, exactly
from bench.system import HOME, System

ROWS, COMMUNITIES, COMPOUNDS = 40_000, 2300, 3
SYLLABLES = "安宁和平新华建设胜利东风红星光明长治永康金桥银河玉泉翠湖兰亭竹园松柏梅苑桃源杏林柳巷桂香荷塘月季"
SECONDS, MIB = 60, 500


def run(system: System) -> Iterator[Figure]:
    unit, officer = city(random.Random(7))
    for ending, content in files(random.Random(11)).items():
        path = system.folder / f"staff.{ending}"
        path.write_bytes(content)
        yield from judged(ending, worked(unit, officer, path))


def judged(ending: str, told: dict[str, float]) -> Iterator[Figure]:
    note = f"{ending}, {ROWS:,} rows, {COMMUNITIES * COMPOUNDS:,} compounds, sure of {told['sure']:,.0f}"
    yield at_most(f"import.people.{ending}", told["matched"], "s", bar=SECONDS, note=note)
    yield at_most(f"import.people.{ending}.memory", told["memory"], "MiB", bar=MIB)
    yield Figure(f"import.take_over.{ending}", told["taken_over"], "s", note=f"{told['taken']:,.0f} people").tell()
    yield exactly(f"import.people.{ending}.rows", told["rows"], ROWS)


def city(chance: random.Random) -> tuple[int, int]:
    """2,300 communities of ten districts with three compounds each; an organisation and its officer."""
    from communities.models import Area, Compound, Organisation, User
    from communities.states import Level

    top = Area.objects.create(level=Level.CITY, name="示范市")
    districts = [Area.objects.create(level=Level.DISTRICT, parent=top, name=f"示范{n}区") for n in range(10)]
    homes = [Area(level=Level.COMMUNITY, parent=districts[n % 10], name=community(n)) for n in range(COMMUNITIES)]
    Area.objects.bulk_create(homes)
    for home in homes:
        home.path = f"{home.parent.path}{home.pk}/"
    Area.objects.bulk_update(homes, ["path"], batch_size=1000)
    Compound.objects.bulk_create(
        [Compound(community=home, name=compound(n, no)) for n, home in enumerate(homes) for no in range(COMPOUNDS)]
    )
    unit = Organisation.objects.create(name="示范市直机关")
    officer = User.objects.create_user(name="王演示", phone="+8612999999999", is_demo=True)
    return unit.pk, officer.pk


def named(number: int) -> str:
    first, rest = divmod(number, len(SYLLABLES))
    second, third = divmod(first, len(SYLLABLES))
    return SYLLABLES[rest] + SYLLABLES[second] + SYLLABLES[third]


def community(number: int) -> str:
    return f"{named(number)}社区"


def compound(number: int, no: int) -> str:
    """Every tenth name is there twice."""
    which = number * COMPOUNDS + no
    return f"{named(which - 1 if which % 10 == 9 else which)}{'苑园庭'[no]}小区"


def address(chance: random.Random, number: int) -> str:
    """Mostly with the district, some without, some short, some misspelt, a few that say nothing."""
    where, no = number % COMMUNITIES, number % COMPOUNDS
    name = compound(where, no)
    door = f"{chance.randrange(1, 30)}号楼{chance.randrange(1, 5)}单元{chance.randrange(101, 1800)}"
    match chance.randrange(20):
        case 0:
            return f"某处{chance.randrange(10**6)}"
        case 1 | 2:
            return f"{name[0]}{chance.choice(SYLLABLES)}{name[2:]}{door}"
        case 3 | 4:
            return name.removesuffix("小区") + door
        case 5 | 6 | 7:
            return name + door
    return f"示范{where % 10}区{community(where)}{name}{door}"


def table(chance: random.Random) -> list[list[str]]:
    heading = ["工号", "姓名", "手机", "住址", "特长"]
    return [
        heading,
        *(
            [f"A{n:06d}", f"王演示{n:05d}", f"13{n + 10**8:09d}", address(chance, n), "能久站、打字"]
            for n in range(ROWS)
        ),
    ]


def files(chance: random.Random) -> dict[str, bytes]:
    from openpyxl import Workbook

    rows, book, kept = table(chance), Workbook(write_only=True), io.BytesIO()
    sheet = book.create_sheet()
    for row in [rows[0], *([f"B{row[0]}", row[1], f"15{row[2][2:]}", *row[3:]] for row in rows[1:])]:
        sheet.append(row)
    book.save(kept)
    return {"csv": "\n".join(",".join(row) for row in rows).encode("gb18030"), "xlsx": kept.getvalue()}


def worked(unit: int, officer: int, path: Path) -> dict[str, float]:
    """What a fresh process tells, so that its memory is its own."""
    command = [sys.executable, "-m", "bench.imports", str(unit), str(officer), str(path)]
    done = subprocess.run(command, cwd=HOME, env=os.environ, check=True, capture_output=True, text=True)
    told: dict[str, float] = json.loads(done.stdout)
    return told


def work(unit: int, officer: int, path: Path) -> dict[str, float]:
    from django.utils import timezone

    from communities.models import User
    from volunteers.actions import imports
    from volunteers.models import StaffImport, StaffImportRow

    by, begun = User.objects.get(pk=officer), time.perf_counter()
    found = imports.upload(unit, path.name, path.read_bytes(), by=by, now=timezone.now())
    imports.read(found.pk, timezone.now())
    matched = time.perf_counter() - begun
    lines = StaffImportRow.objects.filter(staff_import=found)
    rows, sure = lines.count(), lines.filter(confidence__gte=80).count()
    begun = time.perf_counter()
    imports.decide(found.pk, by=by, now=timezone.now())
    imports.take_over(found.pk, timezone.now())
    return {
        "matched": matched,
        "taken_over": time.perf_counter() - begun,
        "taken": StaffImport.objects.get(pk=found.pk).taken,
        "rows": rows,
        "sure": sure,
        "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }


if __name__ == "__main__":
    import django

    django.setup()
    print(json.dumps(work(int(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3]))))
