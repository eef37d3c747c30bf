"""Bring the database, the translations and the static files up to date; load the demo once."""

import os
import sys

from deploy.progress import step


def main() -> None:
    with step("Reading the program"):
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
        import django

        django.setup()

    from django.conf import settings
    from django.contrib.auth import get_user_model
    from django.core.management import call_command

    with step("Compiling the translations"):
        call_command("catalogues", "compile", verbosity=0)
    with step("Bringing the database up to date"):
        call_command("migrate", interactive=False, verbosity=0)
    if not settings.DEBUG:
        with step("Collecting the static files"):
            call_command("collectstatic", interactive=False, verbosity=0)
    if settings.DEMO and not get_user_model().objects.exists():
        with step("Loading the demo (once)"):
            call_command("load_demo", verbosity=0)


if __name__ == "__main__":
    sys.exit(main())
