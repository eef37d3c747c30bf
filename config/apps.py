from django.contrib.admin.apps import AdminConfig


class RedvestAdmin(AdminConfig):
    default_site = "config.admin.Site"
