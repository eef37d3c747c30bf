"""The addresses of the desk, the boards and the check-in code."""

from django.urls import path, re_path

from staffing.web import (
    board,
    calls_desk,
    desk,
    histories,
    people_desk,
    pledges_desk,
    roster,
    shifts_desk,
    zones_desk,
)
from staffing.web import print as sheets

SIGN_UP = r"^desk/sign-ups/(?P<pk>\d+)/(?P<doing>confirm|check-in|check-out|no-show|undo)/$"

urlpatterns = [
    path("desk/", desk.desk, name="desk"),
    path("desk/calls/new/", calls_desk.call_new, name="call_new"),
    path("desk/calls/<int:pk>/", desk.call, name="call_desk"),
    path("desk/calls/<int:pk>/live/", desk.live, name="call_live"),
    path("desk/calls/<int:pk>/shifts/", desk.shift_of_call, name="call_shifts"),
    path("desk/calls/<int:pk>/edit/", calls_desk.call_edit, name="call_edit"),
    path("desk/calls/<int:pk>/cancel/", calls_desk.call_cancel, name="call_cancel"),
    path("desk/calls/<int:pk>/share/", calls_desk.call_share, name="call_share"),
    path("desk/calls/<int:pk>/copy-day/", calls_desk.call_copy_day, name="call_copy_day"),
    path("desk/calls/<int:pk>/poster/", sheets.poster, name="call_poster"),
    path("desk/calls/<int:pk>/gate-sheet/", sheets.gate_sheet, name="gate_sheet"),
    path("desk/calls/<int:pk>/shifts/new/", shifts_desk.shifts_new, name="shifts_new"),
    re_path(r"^desk/calls/(?P<pk>\d+)/(?P<doing>publish|close|reopen)/$", calls_desk.call_do, name="call_do"),
    path("desk/shifts/<int:pk>/", roster.roster, name="roster"),
    path("desk/shifts/<int:pk>/brief/", shifts_desk.shift_brief, name="shift_brief"),
    path("desk/shifts/<int:pk>/cancel/", shifts_desk.shift_cancel, name="shift_cancel"),
    path("desk/shifts/<int:pk>/move/", shifts_desk.shift_move, name="shift_move"),
    path("desk/shifts/<int:pk>/copy/", shifts_desk.shift_copy, name="shift_copy"),
    path("desk/shifts/<int:pk>/posts/new/", shifts_desk.post_new, name="post_new"),
    re_path(
        r"^desk/shifts/(?P<pk>\d+)/(?P<doing>publish|close|reopen|start|finish)/$",
        shifts_desk.shift_do,
        name="shift_do",
    ),
    path("desk/posts/<int:pk>/seats/", shifts_desk.post_seats, name="post_seats"),
    path("desk/posts/<int:pk>/remove/", shifts_desk.post_remove, name="post_remove"),
    path("desk/posts/<int:pk>/find/", roster.post_find, name="post_find"),
    path("desk/posts/<int:pk>/invite/", roster.post_invite, name="post_invite"),
    path("desk/posts/<int:pk>/add/", roster.post_add, name="post_add"),
    path("desk/posts/<int:pk>/pledge/", pledges_desk.pledge_new, name="pledge_new"),
    path("desk/pledges/", pledges_desk.pledges, name="pledges"),
    path("desk/pledges/<int:pk>/", pledges_desk.pledge, name="pledge"),
    path("desk/pledges/<int:pk>/release/", pledges_desk.pledge_release, name="pledge_release"),
    path("desk/sign-ups/<int:pk>/decline/", roster.signup_decline, name="signup_decline"),
    path("desk/sign-ups/<int:pk>/cancel/", roster.signup_cancel, name="signup_cancel"),
    path("desk/sign-ups/<int:pk>/move/", roster.signup_move, name="signup_move"),
    re_path(SIGN_UP, roster.signup_do, name="signup_do"),
    path("desk/people/", people_desk.people, name="people"),
    path("desk/people/new/", people_desk.person_new, name="person_new"),
    path("desk/people/<int:pk>/", people_desk.person, name="person"),
    path("desk/people/<int:pk>/approve/", people_desk.person_approve, name="person_approve"),
    path("desk/people/<int:pk>/verify/<int:held>/", people_desk.person_verify, name="person_verify"),
    path("desk/zones/", zones_desk.zones, name="zones"),
    path("desk/zones/<int:pk>/", zones_desk.zone_set, name="zone_set"),
    path("desk/history/<slug:kind>/<int:pk>/", histories.history_page, name="history"),
    path("p/", board.boards, name="boards"),
    path("p/<int:pk>/", board.board, name="board"),
    path("p/<int:pk>/live/", board.board_live, name="board_live"),
    path("p/<int:pk>/walk-in/", board.walk_in, name="walk_in"),
    path("p/<int:pk>/qr/", board.qr, name="board_qr"),
    path("p/<int:pk>/call/<int:post>/", board.board_call, name="board_call"),
    re_path(r"^p/(?P<pk>\d+)/(?P<doing>start|finish)/$", board.board_do, name="board_do"),
    re_path(
        r"^p/(?P<pk>\d+)/(?P<doing>in|undo|out|absent|confirm)/(?P<signup>\d+)/$", board.board_tap, name="board_tap"
    ),
    path("q/<str:code>/", board.scan, name="scan"),
]
