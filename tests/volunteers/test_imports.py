"""Staff lists: read in any usual file, reported row by row, taken over as a whole, repeatable."""

import io
from contextlib import contextmanager

import pytest
from django.apps import apps
from openpyxl import Workbook

from communities.errors import Invalid, Refused
from communities.models import User
from communities.states import Level, RoleName
from tests.factories import communities as places
from tests.factories import staffing as make
from tests.factories.staffing import NIGHT
from volunteers.actions import imports
from volunteers.models import Affiliation, StaffImport, StaffImportRow, Volunteer
from volunteers.signals import homes_known

pytestmark = pytest.mark.django_db(transaction=False)
HEAD = "工号,姓名,手机,住址,特长\n"
THREE = HEAD + (
    "A1,王演示甲,12000007001,小店区示范东苑小区4号楼3单元,手机打字快\n"
    "A2,李演示乙,+86 120 0000 7002,丽景苑,会飞\n"
    "A3,张演示丙,1200000,不知道哪里,\n"
)


@pytest.fixture
def unit():
    return places.organisation(name="示范统计局")


@pytest.fixture
def officer(unit):
    return places.grant(RoleName.ORG_HR, organisation=unit, user_=places.user(is_demo=True)).user


@pytest.fixture
def city():
    xiaodian = places.area(Level.DISTRICT, name="小店区")
    here, there = places.area(parent=xiaodian), places.area(parent=xiaodian)
    make.qualification("typing").__class__.objects.filter(slug="typing").update(name="手机打字快")
    return {
        "court": places.compound(here, name="示范东苑小区"),
        "view": places.compound(here, name="丽景苑"),
        "other_view": places.compound(there, name="丽景苑"),
    }


def uploaded(unit, officer, text=THREE, name="staff.csv", encoding="utf-8"):
    content = text if isinstance(text, bytes) else text.encode(encoding)
    return imports.upload(unit.pk, name, content, by=officer, now=NIGHT)


def read(unit, officer, text=THREE, **how) -> StaffImport:
    found = uploaded(unit, officer, text, **how)
    imports.read(found.pk, NIGHT)
    found.refresh_from_db()
    return found


def taken_over(unit, officer, text=THREE, **how) -> StaffImport:
    found = read(unit, officer, text, **how)
    imports.decide(found.pk, by=officer, now=NIGHT)
    imports.take_over(found.pk, NIGHT)
    found.refresh_from_db()
    return found


def report(found):
    rows = StaffImportRow.objects.filter(staff_import=found).order_by("line")
    return [(row.line, row.state, row.problems, row.confidence) for row in rows]


def people():
    rows = Affiliation.objects.order_by("external_id")
    return [(row.external_id, row.known_as, row.volunteer.user.phone, row.volunteer.residence_id) for row in rows]


def history():
    """How often anything about people was written."""
    kinds = ["communities.UserEvent", "volunteers.VolunteerEvent", "volunteers.AffiliationEvent"]
    return [apps.get_model(kind).objects.count() for kind in kinds]


def xlsx(text: str) -> bytes:
    book, kept = Workbook(), io.BytesIO()
    for line in text.strip().split("\n"):
        book.active.append([int(cell) if cell.isdigit() else cell for cell in line.split(",")])
    book.save(kept)
    return kept.getvalue()


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (THREE.encode(), "staff.csv"),
        (THREE.encode("utf-8-sig"), "staff.csv"),
        (THREE.encode("gbk"), "名单.CSV"),
        (THREE.replace("\n", "\r\n").replace(",", "\t").encode("gb18030"), "staff.csv"),
        (xlsx(THREE), "staff.xlsx"),
        (THREE.replace(HEAD, "Staff number;Name;Mobile;Home;Skills\n").replace(",", ";").encode(), "staff.csv"),
    ],
    ids=["utf8", "bom", "gbk", "tabs", "xlsx", "english"],
)
def test_every_usual_file_says_the_same(unit, officer, city, content, name):
    found = read(unit, officer, content, name=name)
    assert (found.status, found.rows, found.read, found.content) == ("read", 3, 3, None)
    assert report(found) == [(1, "new", [], 100), (2, "new", [], 50), (3, "wrong", ["bad_phone"], 0)]


def test_before_the_decision_nothing_is_there_and_then_all_of_it(unit, officer, city):
    found = read(unit, officer)
    assert (Volunteer.objects.count(), Affiliation.objects.count()) == (0, 0)
    imports.decide(found.pk, by=officer, now=NIGHT)
    imports.take_over(found.pk, NIGHT)
    court = city["court"].pk
    assert people() == [
        ("A1", "王演示甲", "+8612000007001", court),
        ("A2", "李演示乙", "+8612000007002", None),
    ]
    typist = Volunteer.objects.get(residence=court)
    assert ([held.qualification.slug for held in typist.held.all()], typist.kind) == (["typing"], "volunteer")
    found.refresh_from_db()
    assert (found.status, found.taken, found.decided_by) == ("done", 2, officer)


def test_the_same_list_again_changes_nothing(unit, officer, city):
    taken_over(unit, officer)
    before, told = people(), history()
    again = read(unit, officer)
    assert [state for _line, state, *_rest in report(again)] == ["known", "known", "wrong"]
    imports.decide(again.pk, by=officer, now=NIGHT)
    imports.take_over(again.pk, NIGHT)
    assert (people(), history()) == (before, told)


def test_the_staff_number_decides_and_a_phone_is_never_taken_from_its_owner(unit, officer, city):
    taken_over(unit, officer)
    newer = HEAD + "A1,王演示新,12000007009,,\n,李演示乙,12000007002,示范东苑小区,\n"
    found = taken_over(unit, officer, newer)
    assert people() == [
        ("A1", "王演示新", "+8612000007001", city["court"].pk),
        ("A2", "李演示乙", "+8612000007002", city["court"].pk),
    ]
    assert (found.taken, User.objects.by_phone("+8612000007009")) == (2, None)


def test_somebody_known_by_the_phone_keeps_their_own_name(unit, officer, city):
    known = make.volunteer(user=places.user("本人名字", phone="+8612000007001"))
    taken_over(unit, officer)
    known.user.refresh_from_db()
    assert (known.user.name, known.affiliations.get().known_as) == ("本人名字", "王演示甲")


def test_a_row_that_repeats_or_mixes_two_people_is_left_out(unit, officer, city):
    taken_over(unit, officer)
    mixed = HEAD + "A1,王演示甲,12000007002,,\nA7,赵演示,12000007007,,\nA8,赵演示,12000007007,,\n"
    assert report(read(unit, officer, mixed)) == [
        (1, "wrong", ["two_people"], 0),
        (2, "new", [], 0),
        (3, "wrong", ["twice"], 0),
    ]


def test_a_killed_reader_is_followed_where_it_stopped(unit, officer, city, monkeypatch):
    monkeypatch.setattr(imports, "BATCH", 1)
    found, write, written = uploaded(unit, officer), imports.write, []

    def until_killed(*args):
        if len(written) == 2:
            raise KeyboardInterrupt
        written.append(args)
        return write(*args)

    monkeypatch.setattr(imports, "write", until_killed)
    with pytest.raises(KeyboardInterrupt):
        imports.read(found.pk, NIGHT)
    found.refresh_from_db()
    assert (found.status, found.read) == ("uploaded", 2)
    monkeypatch.setattr(imports, "write", write)
    imports.read(found.pk, NIGHT)
    found.refresh_from_db()
    assert (found.status, [line for line, *_rest in report(found)]) == ("read", [1, 2, 3])


def test_taking_over_is_all_or_nothing(unit, officer, city, monkeypatch):
    found = read(unit, officer)
    imports.decide(found.pk, by=officer, now=NIGHT)

    @contextmanager
    def broken():
        monkeypatch.setattr(imports.sql, "TAKEN", "select 1/0")
        yield
        monkeypatch.undo()

    with broken(), pytest.raises(Exception, match="division"):
        imports.take_over(found.pk, NIGHT)
    assert (User.objects.count(), Affiliation.objects.count()) == (1, 0)
    imports.take_over(found.pk, NIGHT)
    assert len(people()) == 2


def test_a_cancelled_list_leaves_nothing(unit, officer, city):
    found = read(unit, officer)
    assert imports.cancel(found.pk, by=officer, now=NIGHT).status == "cancelled"
    assert imports.cancel(found.pk, by=officer, now=NIGHT).status == "cancelled"
    assert (StaffImportRow.objects.count(), Volunteer.objects.count()) == (0, 0)
    imports.work(found.pk, NIGHT)
    with pytest.raises(Refused):
        imports.decide(found.pk, by=officer, now=NIGHT)


def test_whose_home_becomes_known_is_told_about_once(unit, officer, city):
    heard = []
    hear = lambda volunteers, **_more: heard.append(list(volunteers))  # noqa: E731
    homes_known.connect(hear, weak=False)
    try:
        found = taken_over(unit, officer, THREE)
        unsure = StaffImportRow.objects.unsure().get(staff_import=found)
        imports.settle(unsure.pk, city["other_view"].pk, by=officer, now=NIGHT)
    finally:
        homes_known.disconnect(hear)
    settled = Volunteer.objects.get(residence=city["other_view"])
    assert heard[-1] == [settled.pk]


def test_an_unsure_home_is_decided_once_for_all_who_wrote_it(unit, officer, city):
    found = taken_over(unit, officer, THREE + "A4,陈演示丁,12000007004,丽景苑5号楼,\n")
    unsure = StaffImportRow.objects.unsure().filter(staff_import=found)
    assert sorted(row.external_id for row in unsure) == ["A2", "A4"]
    assert imports.settle(unsure[0].pk, city["other_view"].pk, by=officer, now=NIGHT) == 2
    homes = {number: home for number, _name, _phone, home in people()}
    assert (homes["A2"], homes["A4"]) == (city["other_view"].pk,) * 2
    assert StaffImportRow.objects.count() == 0
    again = read(unit, officer, HEAD + "A9,陈演示戊,12000007010,丽景苑 8-2-301,\n")
    assert report(again) == [(1, "new", [], 100)]


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"PK\x03\x04nothing", "a.xlsx"),
        (b"\x00\x01", "a.csv"),
        ("姓名,住址\n王,东苑\n".encode(), "a.csv"),
        (b"", "a.csv"),
        (b"name,phone\n", "a.exe"),
        (b"\xff\xfe\xff\xff\xff\x81", "a.csv"),
    ],
    ids=["no zip", "binary", "no phone", "empty", "ending", "letters"],
)
def test_what_is_no_staff_list_is_refused_at_once(unit, officer, content, name):
    with pytest.raises(Invalid):
        uploaded(unit, officer, content, name=name)
    assert StaffImport.objects.count() == 0


def test_one_list_at_a_time(unit, officer):
    uploaded(unit, officer)
    with pytest.raises(Refused) as refused:
        uploaded(unit, officer)
    assert refused.value.code == "staff_list_waits"


def test_neither_file_nor_rows_hold_a_phone_or_an_address_in_the_clear(unit, officer, city):
    found = uploaded(unit, officer)
    assert b"12000007001" not in bytes(found.content)
    imports.read(found.pk, NIGHT)
    assert not StaffImportRow.objects.extra(where=["volunteers_staffimportrow::text like '%%0000700%%'"]).exists()
    assert not StaffImportRow.objects.extra(where=["volunteers_staffimportrow::text like '%%号楼%%'"]).exists()
