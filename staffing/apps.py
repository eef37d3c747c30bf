from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class StaffingConfig(AppConfig):
    name = "staffing"
    verbose_name = _("Staffing")

    def ready(self) -> None:
        from staffing import receivers, tasks  # noqa: F401
        from staffing.messages import happenings, kinds  # noqa: F401
