"""The desk's addresses of doors, beats and homes."""

from django.urls import path, re_path

from staffing.web import door_lists_desk, doors_desk, homes_desk

urlpatterns = [
    path("doors/", doors_desk.door_rounds, name="door_rounds"),
    path("doors/new/", doors_desk.door_round_new, name="door_round_new"),
    path("doors/<int:pk>/", doors_desk.door_round, name="door_round"),
    path("doors/<int:pk>/close/", doors_desk.door_round_close, name="door_round_close"),
    re_path(r"^doors/(?P<pk>\d+)/(?P<doing>deal|hand-out|owner)/$", doors_desk.door_round_do, name="door_round_do"),
    path("doors/beats/<int:pk>/give/", doors_desk.beat_give, name="beat_give"),
    path("doors/holdings/<int:pk>/take-back/", doors_desk.beat_take_back, name="beat_take_back"),
    path("doors/decide/<int:pk>/", doors_desk.door_decide, name="door_decide"),
    path("homes/", homes_desk.homes, name="homes"),
    path("homes/<int:pk>/cancel/", homes_desk.home_cancel, name="home_cancel"),
    re_path(r"^homes/(?P<pk>\d+)/(?P<doing>plan|done|give)/$", homes_desk.home_do, name="home_do"),
    path("door-lists/<int:pk>/", door_lists_desk.door_list, name="door_list"),
]
