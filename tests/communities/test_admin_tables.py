"""Tables in and out of the admin site: harmless in a spreadsheet, all rows or none, only in one's own areas."""

import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook, load_workbook

from communities.admin import exchange
from communities.models import Area, Building, Compound, Door, Entrance, Organisation, Site
from communities.states import Level, RoleName
from staffing.models import Role
from tests.factories import communities as places
from tests.factories import staffing as make

pytestmark = pytest.mark.django_db
CSV, XLSX = "0", "1"


@pytest.fixture
def here():
    return places.area(parent=places.area(Level.DISTRICT))


@pytest.fixture
def client(here):
    return browser(here)


def browser(area, role=RoleName.COMMUNITY_LEAD):
    return places.client(places.grant(role, area, places.user(is_staff=True)).user)


def upload(client, page, content, name="table.csv", kind=CSV):
    content = content if isinstance(content, bytes) else content.encode()
    return client.post(
        f"/admin/{page}/import/",
        {"format": kind, "resource": "0", "import_file": SimpleUploadedFile(name, content)},
    )


def confirm(client, page, preview):
    form = preview.context["confirm_form"]
    return client.post(f"/admin/{page}/process_import/", form.initial, follow=True)


def bring_in(client, page, content, **how):
    return confirm(client, page, upload(client, page, content, **how))


def table(client, page, kind=CSV):
    return client.post(f"/admin/{page}/export/", {"format": kind, "resource": "0"})


def test_compounds_come_in_after_a_preview(client, here):
    rows = f"community,name,kind,residents\n{here.name},新小区,estate,1200\n{here.name},城中村,urban_village,300\n"

    preview = upload(client, "communities/compound", rows)
    between = Compound.objects.count()
    confirm(client, "communities/compound", preview)

    assert between == 0
    assert list(Compound.objects.order_by("name").values_list("name", "kind", "residents", "community")) == [
        ("城中村", "urban_village", 300, here.pk),
        ("新小区", "estate", 1200, here.pk),
    ]


def test_importing_again_changes_the_same_row(client, here):
    compound = places.compound(here, name="新小区", residents=1)

    bring_in(client, "communities/compound", f"community,name,kind,residents\n{here.name},新小区,estate,1200\n")

    assert Compound.objects.values_list("pk", "residents").get() == (compound.pk, 1200)


@pytest.mark.parametrize(
    "bad",
    [
        "{here},新小区2,palace,5",
        "{here},,estate,5",
        "{here},新小区2,estate,many",
        "{there},新小区2,estate,5",
        "无此处,新,estate,5",
    ],
)
def test_one_bad_row_keeps_all_of_them_out(client, here, bad):
    there = places.area()
    rows = f"community,name,kind,residents\n{here.name},新小区,estate,1200\n" + bad.format(
        here=here.name, there=there.name
    )

    preview = upload(client, "communities/compound", rows + "\n")

    assert "confirm_form" not in preview.context
    assert preview.context["result"].has_errors() or preview.context["result"].has_validation_errors()
    assert not Compound.objects.exists()


def test_what_goes_wrong_after_the_preview_writes_nothing(client, here):
    preview = upload(
        client, "communities/compound", f"community,name,kind\n{here.name},甲,estate\n{here.name},乙,estate\n"
    )
    Area.objects.filter(pk=here.pk).update(name="改名社区")

    answer = confirm(client, "communities/compound", preview)

    assert answer.status_code == 200
    assert not Compound.objects.exists()


def test_a_confirmation_without_its_upload_is_gone(client):
    answer = client.post(
        "/admin/communities/compound/process_import/",
        {"import_file_name": "0" * 32, "original_file_name": "t.csv", "format": CSV, "resource": "0"},
    )

    assert answer.status_code == 410


def test_buildings_entrances_and_doors_find_their_place_by_name(client, here):
    compound = places.compound(here, name="保利")
    bring_in(client, "communities/building", "compound,no,storeys,has_lift\n保利,3,18,1\n")
    bring_in(client, "communities/entrance", "compound,building,no\n保利,3,1\n保利,3,2\n")
    bring_in(client, "communities/door", "compound,building,entrance,number,floor\n保利,3,2,501,5\n保利,3,1,501,-1\n")

    assert Building.objects.values_list("compound", "no", "storeys").get() == (compound.pk, "3", 18)
    assert list(Entrance.objects.order_by("no").values_list("no", flat=True)) == ["1", "2"]
    assert list(Door.objects.order_by("floor").values_list("entrance__no", "number", "floor")) == [
        ("1", "501", -1),
        ("2", "501", 5),
    ]


def test_sites_organisations_and_roles_come_in_too(client, here):
    root = places.area(Level.CITY)
    keeper = browser(root, RoleName.SYSTEM_ADMIN)
    make.qualification("typing")
    bring_in(client, "communities/site", f"area,kind,name,no,lanes\n{here.name},sampling_point,东门,1,2\n")
    bring_in(keeper, "communities/organisation", "name,kind\n示范局,government\n")
    bring_in(
        keeper,
        "staffing/role",
        "slug,name,icon,max_block_minutes,requires,prefers,risky,leads,counted\nscan,扫码,user,240,typing,,0,0,1\n",
    )

    assert Site.objects.values_list("name", "no", "lanes").get() == ("东门", 1, 2)
    assert Organisation.objects.values_list("name", "kind", "path").get()[:2] == ("示范局", "government")
    assert [each.slug for each in Role.objects.get(slug="scan").requires.all()] == ["typing"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_files_of_chinese_spreadsheets_are_read(client, here, encoding):
    bring_in(client, "communities/compound", f"community,name,kind\n{here.name},新小区,estate\n".encode(encoding))

    assert Compound.objects.get().name == "新小区"


def test_an_xlsx_file_is_read(client, here):
    book, content = Workbook(), io.BytesIO()
    for row in (["community", "name", "kind", "residents"], [here.name, "新小区", "estate", 12]):
        book.active.append(row)
    book.save(content)

    bring_in(client, "communities/compound", content.getvalue(), name="t.xlsx", kind=XLSX)

    assert Compound.objects.values_list("name", "residents").get() == ("新小区", 12)


def bomb():
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * (exchange.MOST_UNPACKED + 1))
    return packed.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("t.exe", b"MZ", CSV),
        ("t.csv", b"a\0b", CSV),
        ("t.csv", b"\xff\xfe\xff", CSV),
        ("t.csv", b"x" * (exchange.MOST_BYTES + 1), CSV),
        ("t.xlsx", b"community,name\n", XLSX),
        ("t.xlsx", bomb(), XLSX),
        ("t.csv", b"community,name\n", XLSX),
        ("../../etc/t.csv", b"", CSV),
    ],
    ids=["ending", "binary", "letters", "size", "no zip", "bomb", "format", "empty"],
)
def test_other_uploads_are_refused_before_they_are_read(client, name, content, kind):
    answer = upload(client, "communities/compound", content, name=name, kind=kind)

    assert answer.status_code == 200
    assert answer.context["form"].errors != {}
    assert "confirm_form" not in answer.context


def test_too_many_rows_are_refused(client, here, monkeypatch):
    monkeypatch.setattr(exchange, "MOST_ROWS", 2)

    preview = upload(client, "communities/compound", "community,name,kind\n" + f"{here.name},甲,estate\n" * 3)

    assert preview.context["result"].has_errors()
    assert "confirm_form" not in preview.context


EVIL = ["=HYPERLINK(1)", "+1+1", "-2+3", "@SUM(A1)", "＝1+1", "＋1", "－1+1", "＠A1", "\tx", "\rx"]


@pytest.mark.parametrize("name", EVIL)
def test_a_cell_that_a_spreadsheet_would_run_goes_out_as_text(client, here, name):
    places.compound(here, name=name, name_en="-12")

    out = table(client, "communities/compound").content.decode("utf-8-sig")
    cells = load_workbook(io.BytesIO(table(client, "communities/compound", XLSX).content)).active[2]

    assert f"'{name}" in out
    assert ",-12," in out
    assert str(cells[1].value) != name
    assert cells[1].data_type != "f"


def test_what_goes_out_comes_in_again_the_same(client, here):
    places.compound(here, name="=1+1", residents=5)
    out = table(client, "communities/compound").content

    bring_in(client, "communities/compound", out.replace(b",5,", b",6,"))

    assert Compound.objects.values_list("name", "residents").get() == ("=1+1", 6)


def test_exports_hold_the_own_rows_only(client, here):
    mine, foreign = places.compound(here), places.compound()

    out = table(client, "communities/compound").content.decode("utf-8-sig")

    assert mine.name in out
    assert foreign.name not in out


def test_who_may_only_see_cannot_import(here):
    watcher = browser(here, RoleName.AUDITOR)

    assert watcher.get("/admin/communities/compound/import/").status_code == 403
    assert watcher.post("/admin/communities/compound/process_import/", {}).status_code == 403
