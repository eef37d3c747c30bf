"""The desk's addresses of zones, their repair lists, and passes."""

from django.urls import path, re_path

from staffing.web import passes_desk, rechecks_desk, zones_desk

urlpatterns = [
    path("zones/", zones_desk.zones, name="zones"),
    path("zones/<int:pk>/", zones_desk.zone_set, name="zone_set"),
    path("zones/<int:pk>/propose/", zones_desk.zone_propose, name="zone_propose"),
    path("zones/areas/<int:pk>/", zones_desk.overlay_set, name="overlay_set"),
    path("zones/areas/<int:pk>/propose/", zones_desk.overlay_propose, name="overlay_propose"),
    path("zones/proposals/<int:pk>/", zones_desk.proposal, name="zone_proposal"),
    re_path(
        r"^zones/proposals/(?P<pk>\d+)/(?P<doing>refuse|withdraw)/$", zones_desk.proposal_do, name="zone_proposal_do"
    ),
    path("zones/rechecks/<int:pk>/", rechecks_desk.repair_list, name="repair_list"),
    path("passes/", passes_desk.passes_list, name="passes"),
    path("passes/new/", passes_desk.pass_new, name="pass_new"),
    re_path(r"^passes/(?P<pk>\d+)/(?P<doing>issue|refuse|revoke)/$", passes_desk.pass_do, name="pass_do"),
]
