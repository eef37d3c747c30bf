"""python -m tools.manage COMMAND: manage.py with secrets made up for the moment, for commands that keep nothing."""

import os
import sys

from deploy import keys


def main() -> None:
    from django.core.management import execute_from_command_line

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    for name, value in keys.fresh().items():
        os.environ.setdefault(name, value)
    execute_from_command_line(["manage.py", *sys.argv[1:]])


if __name__ == "__main__":
    main()
