from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class VolunteersConfig(AppConfig):
    name = "volunteers"
    verbose_name = _("Volunteers")

    def ready(self) -> None:
        from volunteers import phrases, receivers, tasks  # noqa: F401
        from volunteers.messages import certificates, companions  # noqa: F401
