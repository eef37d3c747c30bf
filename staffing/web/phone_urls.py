"""The volunteer's pages."""

from django.urls import path, re_path

from staffing.web import answers, calendars, calls, doors, mine, names, reporting, rides, signups, swaps, tickets

urlpatterns = [
    path("", calls.home, name="home"),
    path("calls/", calls.call_ups, name="call_ups"),
    path("c/<slug:slug>/", calls.call, name="call"),
    path("c/<slug:slug>/seats/", calls.seats, name="call_seats"),
    path("c/<slug:slug>/remind/", calls.remind, name="call_remind"),
    path("c/<slug:slug>/qr.svg", calls.qr, name="call_qr"),
    path("c/<slug:slug>/sign-up/", signups.sign_up, name="sign_up"),
    path("s/<int:signup_id>/", tickets.ticket, name="ticket"),
    path("s/<int:signup_id>/answer/", tickets.answer, name="ticket_answer"),
    path("s/<int:signup_id>/cannot/", tickets.cannot, name="cannot_come"),
    path("s/<int:signup_id>/swap/", swaps.offer, name="swap_offer"),
    path("w/<str:key>/", swaps.answer, name="swap_answer"),
    path("s/<int:signup_id>.ics", calendars.file, name="ticket_calendar"),
    path("l/<slug:token>/", names.names, name="names"),
    path("d/<slug:token>/", reporting.duty_answer, name="duty_answer"),
    path("r/<int:pk>/", reporting.report_in, name="report_in"),
    path("a/<slug:token>", answers.answer, name="answer"),
    path("a/<slug:token>/", answers.answer),
    path("rides/", rides.rides, name="rides"),
    path("rides/count/", rides.count, name="rides_count"),
    path("rides/duty/", rides.duty, name="rides_duty"),
    path("rides/<int:pk>/claim/", rides.claim, name="ride_claim"),
    re_path(r"^rides/(?P<pk>\d+)/(?P<doing>release|set-out|picked-up|done)/$", rides.advance, name="ride_step"),
    path("doors/", doors.doors, name="doors"),
    path("doors/sync/", doors.sync, name="doors_sync"),
    path("doors/worker.js", doors.worker, name="doors_worker"),
    path("doors/<int:pk>/", doors.stairs, name="door_stairs"),
    path("doors/<int:pk>/undo/", doors.undo, name="door_undo"),
    path("my/", mine.my_shifts, name="my_shifts"),
    path("my/messages/", mine.my_messages, name="my_messages"),
    path("my/feed/<slug:key>.ics", calendars.feed, name="feed"),
]
