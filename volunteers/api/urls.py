from rest_framework.routers import SimpleRouter

from volunteers.api import passes, qualifications, volunteers

router = SimpleRouter()
router.register("volunteers", volunteers.Volunteers, "api_volunteers")
router.register("qualifications", qualifications.Qualifications, "api_qualifications")
router.register("access-passes", passes.AccessPasses, "api_access_passes")
urlpatterns = router.urls
