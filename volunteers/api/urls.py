from django.urls import path
from rest_framework.routers import SimpleRouter

from volunteers.api import certificates, companions, imports, me, passes, qualifications, volunteers

router = SimpleRouter()
router.register("volunteers", volunteers.Volunteers, "api_volunteers")
router.register("qualifications", qualifications.Qualifications, "api_qualifications")
router.register("staff-imports", imports.StaffImports, "api_staff_imports")
router.register("access-passes", passes.AccessPasses, "api_access_passes")
router.register("certificates", certificates.Certificates, "api_certificates")
router.register("companionships", companions.Companionships, "api_companionships")
REMOVE = {"delete": "destroy"}
urlpatterns = [
    *router.urls,
    path("me/", me.Me.as_view({"get": "show", "patch": "change"})),
    path("me/availabilities/", me.Availabilities.as_view({"get": "list", "post": "create"})),
    path("me/availabilities/<int:pk>/", me.Availabilities.as_view(REMOVE)),
    path("me/absences/", me.Absences.as_view({"get": "list", "post": "create"})),
    path("me/absences/<int:pk>/", me.Absences.as_view(REMOVE)),
    path("me/companions/", companions.Companions.as_view({"get": "list", "post": "create"})),
    path("me/companions/<int:pk>/", companions.Companions.as_view(REMOVE)),
    path("me/companions/<int:pk>/agree/", companions.Companions.as_view({"post": "agree"})),
    path("me/consents/", me.Consents.as_view({"get": "list"})),
    path("me/consents/give/", me.Consents.as_view({"post": "give"})),
    path("me/consents/withdraw/", me.Consents.as_view({"post": "withdraw"})),
    path("me/feed/", me.Feed.as_view({"get": "show", "post": "renew"})),
]
