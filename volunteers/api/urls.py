from rest_framework.routers import SimpleRouter

from volunteers.api import qualifications, volunteers

router = SimpleRouter()
router.register("volunteers", volunteers.Volunteers, "api_volunteers")
router.register("qualifications", qualifications.Qualifications, "api_qualifications")
urlpatterns = router.urls
