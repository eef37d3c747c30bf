"""A chain list: ten thousand lines read, in time that grows with their number; five hundred taken in, and again."""

import gc
import time
from collections.abc import Iterator
from datetime import timedelta

from django.utils import timezone

from bench import world
from bench.figures import Figure, at_most, exactly, median
from bench.system import System
from communities.models import User
from staffing.actions import chains
from staffing.rules import chain

LINES, FEW, TIMES = 10_000, 1_000, 5
ROWS, SEATS = 500, 30
KINDS = [
    "{name} {b}号楼{e}单元{f} {phone} 扫码",
    "{name}{b}-{e}-{f} 维持秩序 上午",
    "{b}栋{e}单元 {name} 2人 都行",
    "{name}，{b}号楼，{phone}，5:30-12:00，有健康证",
    "姓名：{name} 楼号：{b}号楼 电话：{phone} 岗位：搬运",
    "{name} 和老公 {b}#{e}单元{f}",
    "我是{b}号楼{e}单元的{name}，下午可以敲门",
    "{name} {phone} 来不了了，孩子发烧",
    "{name} {b}号楼 几点集合？",
    "{name}",
]
GIVEN = "伟芳娜敏静秀丽强磊军洋勇艳杰娟涛明超兰霞平刚桂英华玉萍红建文志学海"


def run(system: System) -> Iterator[Figure]:
    few, many = seconds(FEW), seconds(LINES)
    yield at_most("chain.parse", many, "s", bar=1, note=f"{LINES} lines of {len(KINDS)} kinds, process time")
    yield at_most("chain.parse.growth", many / few, "", bar=1.5 * LINES / FEW, note=f"{LINES} lines against {FEW}")
    yield from taken_in()


def line(number: int, first: int = 0) -> str:
    given = GIVEN[number % len(GIVEN)] + GIVEN[number // len(GIVEN) % len(GIVEN)]
    family = "王李张刘陈杨赵黄周吴"[number // len(GIVEN) ** 2 % 10]
    where = {"b": number % 18 + 1, "e": number % 4 + 1, "f": f"{number % 17 + 1}0{number % 4 + 1}"}
    said = KINDS[number % len(KINDS)].format(name=family + given, phone=f"12{first + number:09d}", **where)
    return f"{number % 999 + 1}. {said}"


def seconds(lines: int) -> float:
    """Of the processor: other work on the machine does not count."""
    text = "#接龙\n明早核酸志愿者\n\n" + "\n".join(line(number) for number in range(lines))
    found = []
    for _time in range(TIMES):
        gc.collect()
        begun = time.process_time()
        entries = chain.parse(text).entries
        found.append(time.process_time() - begun)
        assert len(entries) == lines
    return median(found)


def taken_in() -> Iterator[Figure]:
    """Half of the people are known by their phone, half are new."""
    where = world.place()
    call = world.call(where)
    world.posts(where, call, shifts=20, seats=SEATS)
    lead = User.objects.create_user(name="王演示", phone=f"+8612{next(world.serial):09d}")
    known = world.people(where, ROWS // 2)
    first = next(world.serial) * 100_000
    lines = [f"{n}. 王演示{n:05d} {person.user.phone[3:]}" for n, person in enumerate(known, 1)]
    lines += [f"{n}. 李新{n:05d} {n % 18}号楼 12{first + n:09d}" for n in range(len(lines) + 1, ROWS + 1)]
    now = timezone.now() - timedelta(minutes=1)
    rate, done = committed(call.pk, lines, lead, now)
    yield Figure("chain.commit", rate, "rows/s", note=f"{ROWS} rows, each in a transaction: {done}").tell()
    yield exactly("chain.commit.entered", done.entered, ROWS)
    rate, done = committed(call.pk, lines, lead, now)
    yield Figure("chain.commit.again", rate, "rows/s", note=f"{done}").tell()
    yield exactly("chain.commit.same", done.same, ROWS)


def committed(call: int, lines: list[str], lead: User, now: object) -> tuple[float, chains.Outcome]:
    begun = time.perf_counter()
    done = chains.commit(call, "\n".join(lines), by=lead, now=now)
    return len(lines) / (time.perf_counter() - begun), done
