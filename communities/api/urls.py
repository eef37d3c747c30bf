from rest_framework.routers import SimpleRouter

from communities.api import areas, compounds, entrances, organisations, sites, webhooks, zones

router = SimpleRouter()
router.register("areas", areas.Areas, "api_areas")
router.register("communities", areas.Communities, "api_communities")
router.register("compounds", compounds.Compounds, "api_compounds")
router.register("entrances", entrances.Entrances, "api_entrances")
router.register("sites", sites.Sites, "api_sites")
router.register("sampling-points", sites.SamplingPoints, "api_sampling_points")
router.register("organisations", organisations.Organisations, "api_organisations")
router.register("zone-policies", zones.ZonePolicies, "api_zone_policies")
router.register("webhooks", webhooks.Webhooks, "api_webhooks")
router.register("webhook-deliveries", webhooks.WebhookDeliveries, "api_webhook_deliveries")
urlpatterns = router.urls
