"""The settings of the program, once its servers run and its translations are compiled."""

import os
from pathlib import Path

from communities import catalogues
from tests import servers

os.environ.setdefault("DEMO", "1")  # people in tests have demo phones
servers.provide()
catalogues.compile_all(Path(__file__).resolve().parent.parent)

from config.settings import *  # noqa: E402, F403

# Nothing is collected for tests; the live server finds static files where they are written.
STATIC_ROOT = None
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}  # noqa: F405
DATABASES["default"]["ENGINE"] = "tests.postgres"  # noqa: F405
