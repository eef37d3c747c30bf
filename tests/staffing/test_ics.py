"""The ICS forms as their boxes are numbered: on paper and in the workbook, with nothing said that is not known."""

import io
from datetime import timedelta

import pytest
from django.utils import timezone
from openpyxl import load_workbook

from communities.models.areas import DEFAULT_ZONE
from communities.states import RoleName
from staffing.actions import attendance, decisions
from staffing.actions.signups import sign_up
from staffing.models import SignUp
from staffing.queries.reports import Scope
from staffing.queries.reports.ics import PEN, Hand, forms
from tests.factories import communities as places
from tests.factories import staffing as make
from tests.staffing.desks import Desk, text

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def desk():
    """A point with three seats: one taken, its holder checked in."""
    desk = Desk(seats=3, starts_in=timedelta(minutes=30), activity="核酸检测", activity_en="Testing")
    desk.shift.leader = places.user("邓演示", phone="+8612000000077")
    desk.shift.briefing = "先洗手再穿戴。"
    desk.shift.save()
    desk.person = make.volunteer(desk.home, user=places.user("王演示"))
    seat = sign_up(desk.post.pk, desk.person.pk, now=desk.now)
    if seat.status == "signed_up":
        decisions.confirm(seat.pk, by=desk.lead, now=desk.now)
    attendance.check_in(seat.pk, by=desk.lead, now=desk.now)
    return desk


def sheets(desk, slug, names=True, most=20, start=0):
    day = timezone.localtime(desk.start, DEFAULT_ZONE).replace(hour=0, minute=0, second=0, microsecond=0)
    scope = Scope(desk.area, day, day + timedelta(days=1), DEFAULT_ZONE, names=names)
    return forms(slug, scope, Hand(desk.lead, desk.now), start=start, most=most)


def boxes(form):
    return {box.no: list(box.lines) for box in (*form.above, *form.below)}


def test_the_assignment_list_has_its_nine_boxes(desk):
    (form,) = sheets(desk, "ics-204").forms
    found = boxes(form)
    assert sorted({*found, form.table[0]}) == list(range(1, 10))
    assert found[1] == [("", "核酸检测")]
    assert ("Division", str(desk.area)) in [(word, said) for word, said in found[3]] or len(found[3]) == 4
    assert found[4][2][1] == "邓演示 …0077"
    assert "先洗手再穿戴。" in [said for _word, said in found[7]]
    (taken, open_) = form.rows
    assert (taken[1:4], open_[2:4]) == (("邓演示", 1, f"{SignUp.objects.get().seat_no} 王演示"), (2, PEN))


def test_the_check_in_list_names_the_boxes_that_it_leaves_out(desk):
    (form,) = sheets(desk, "ics-211").forms
    assert (form.table[0], form.left_out) == (5, "6, 10, 12, 13, 15, 16")
    assert form.rows[0][0] == "王演示"
    assert sorted(boxes(form)) == [1, 2, 3, 4, 17]


def test_the_activity_log_tells_who_did_what_and_names_nobody_to_who_may_not_see_names(desk):
    (form,), (anonymous,) = sheets(desk, "ics-214").forms, sheets(desk, "ics-214", names=False).forms
    assert "王演示" in str(boxes(form)[6])
    assert "王演示" not in str(boxes(anonymous)[6])
    assert boxes(anonymous)[6][0][1] == "1"


@pytest.mark.parametrize("slug", ["ics-204", "ics-211"])
def test_more_points_cost_no_more_queries_and_come_page_by_page(desk, slug, django_assert_max_num_queries):
    for number in range(4):
        shift = desk.point(places.site(desk.area, name=f"{number + 2}号点"))
        post = make.post(shift, seats=1)
        person = make.volunteer(places.compound(desk.area))
        SignUp.objects.create(
            shift=shift, post=post, volunteer=person, status="checked_in", seat_no=1,
            period=(shift.starts_at, shift.ends_at), checked_in_at=desk.now,
        )  # fmt: skip
    with django_assert_max_num_queries(4):
        pile = sheets(desk, slug, most=2)
    assert (len(pile.forms), pile.total) == (2, 5)
    assert len(sheets(desk, slug, most=2, start=4).forms) == 1


def test_the_form_is_a_page_and_the_first_sheet_of_the_workbook(desk):
    browser = desk.as_lead()
    day = f"{timezone.localtime(desk.start, DEFAULT_ZONE):%Y-%m-%d}"
    asked = {"area": desk.area.pk, "from": day, "to": day, "site": desk.site.pk}
    page = text(browser.get("/desk/forms/ics-204/", asked))
    answer = browser.get("/desk/reports/ics-204/table.xlsx", asked)
    book = load_workbook(io.BytesIO(answer.content))
    first = list(book.worksheets[0].iter_rows(values_only=True))
    assert "<b>5. " in page
    assert "…0077" in page
    assert [sheet.max_row > 1 for sheet in book.worksheets] == [True, True, True]
    assert (first[0][0], str(first[1][0])[:2], first[1][2]) == ("ICS 204", "1.", "核酸检测")
    assert text(browser.get("/desk/forms/gaps/"))
    assert browser.get("/desk/forms/gaps/").status_code == 404


def test_who_may_not_see_names_gets_no_form_with_names(desk):
    auditor = places.client(places.lead(desk.area, RoleName.AUDITOR))
    assert auditor.get("/desk/forms/ics-204/", {"area": desk.area.pk}).status_code == 403
    assert auditor.get("/desk/forms/ics-214/", {"area": desk.area.pk}).status_code == 200


def test_roster_call_and_command_board_lead_to_the_forms(desk):
    browser = desk.as_lead()
    for page in (f"/desk/shifts/{desk.shift.pk}/", f"/desk/calls/{desk.call.pk}/"):
        assert "/desk/forms/ics-204/?area=" in text(browser.get(page)), page
    district = places.client(desk.holder(RoleName.DISTRICT_LEAD))
    assert "/desk/forms/ics-204/?area=" in text(district.get("/desk/command/"))
