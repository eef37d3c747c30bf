"""The Celery app and its clock. A task is a name for one action; see each package's tasks.py."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
app = Celery("redvest")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(["communities", "volunteers", "staffing"])
