"""Bring the database, the translations and the static files up to date; load the demo once."""

import os
from hashlib import sha256
from io import StringIO
from pathlib import Path

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
        collect(Path(settings.STATIC_ROOT))
    if settings.DEMO and not get_user_model().objects.exists():
        with step("Loading the demo (once)"):
            call_command("load_demo", file=Path(os.environ["DEMO_FILE"]), verbosity=0, stdout=StringIO())


def collect(target: Path) -> None:
    """Only when a file changed: hashing and compressing all of them takes seconds."""
    from django.core.management import call_command

    stamp, now = target.with_suffix(".stamp"), fingerprint()
    if stamp.exists() and target.exists() and stamp.read_text() == now:
        return
    with step("Collecting the static files"):
        call_command("collectstatic", interactive=False, clear=True, verbosity=0)
    stamp.write_text(now)


def fingerprint() -> str:
    from django.contrib.staticfiles.finders import get_finders

    files = [storage.path(name) for finder in get_finders() for name, storage in finder.list([])]
    state = [(path, (stat := os.stat(path)).st_size, stat.st_mtime_ns) for path in sorted(files)]
    return sha256(repr(state).encode()).hexdigest()


if __name__ == "__main__":
    main()
