from django.contrib import admin
from django.urls import include, path

from communities.web import hooks, login
from config import views

handler429 = "communities.web.errors.too_many"
urlpatterns = [
    path("accounts/login/code/", login.AskForCode.as_view(), name="account_request_login_code"),
    path("accounts/login/code/confirm/", login.ConfirmCode.as_view(), name="account_confirm_login_code"),
    path("hooks/sms/", hooks.sms, name="sms_hook"),
    path("accounts/", include("allauth.urls")),
    path("admin/login/", login.admin_login),
    path("admin/", admin.site.urls),
    path("styleguide/", views.styleguide, name="styleguide"),
]
