"""The web server: granian, with the program read once before it forks.

The workers share what all of them only read: a second worker costs little memory and starts at once. Arguments are
those of granian, without the application.
"""

import gc
import multiprocessing
import os
import sys

TARGET = "config.wsgi:application"
TURN = 0.003  # seconds before a busy thread lets another run (Python's own: 0.005), which may hold a row that many want


def read() -> None:
    """What the first requests would load: every view, and the texts in each language."""
    from django.conf import settings
    from django.urls import get_resolver
    from django.utils import translation

    import config.wsgi  # noqa: F401

    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            get_resolver()._populate()  # type: ignore[no-untyped-call]
            translation.gettext("")


def main() -> None:
    from granian.cli import entrypoint

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    os.environ.setdefault("PLAN_CACHE_MODE", "force_generic_plan")  # requests ask the same again; bulk loads do not
    if sys.platform == "linux":
        multiprocessing.set_start_method("fork")
        read()
        gc.collect()
        gc.freeze()  # the collector, too, leaves shared pages alone
    gc.set_threshold(10_000, 50, 100)
    sys.setswitchinterval(TURN)
    sys.argv += ["--interface", "wsgi", "--blocking-threads", "16", "--respawn-failed-workers", TARGET]
    entrypoint()


if __name__ == "__main__":
    main()
