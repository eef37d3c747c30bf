from django.contrib import admin
from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView

from communities.web import hooks, login, push, unsubscribe
from config import documentation, views

handler404 = "communities.web.errors.not_found"
handler500 = "communities.web.errors.failed"
handler429 = "communities.web.errors.too_many"
# In the order in which they are asked for: each address that does not fit is tried for every request below it.
urlpatterns = [
    path("api/v1/", include("staffing.api.urls")),
    path("api/v1/", include("volunteers.api.urls")),
    path("api/v1/", include("communities.api.urls")),
    path("api/v1/schema/", SpectacularAPIView.as_view(), name="api_schema"),
    path("api/docs/", documentation.docs, name="api_docs"),
    path("api/problems/<slug:code>/", documentation.problem, name="api_problem"),
    path("hooks/sms/", hooks.sms, name="sms_hook"),
    path("hooks/email/", hooks.email, name="email_hook"),
    path("push/", push.push, name="push"),
    path("push/worker.js", push.worker, name="push_worker"),
    path("u/<slug:token>/", unsubscribe.unsubscribe, name="unsubscribe"),
    path("accounts/login/code/", login.AskForCode.as_view(), name="account_request_login_code"),
    path("accounts/login/code/confirm/", login.ConfirmCode.as_view(), name="account_confirm_login_code"),
    path("accounts/", include("allauth.urls")),
    path("admin/", admin.site.urls),
    path("styleguide/", views.styleguide, name="styleguide"),
    path("", include("staffing.web.phone_urls")),
    path("", include("staffing.web.desk_urls")),
    path("", include("volunteers.web.urls")),
]
