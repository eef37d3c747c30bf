import os
import sys

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

# openpyxl takes NumPy along wherever it is found: 19 MiB in every web worker, which only the solver needs.
sys.modules["numpy"] = None  # type: ignore[assignment]
import openpyxl  # noqa: E402, F401

del sys.modules["numpy"]

application = get_wsgi_application()
