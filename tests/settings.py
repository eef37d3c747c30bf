"""The settings of the program, once its servers run and its translations are compiled."""

from pathlib import Path

from communities import catalogues
from tests import servers

servers.provide()
catalogues.compile_all(Path(__file__).resolve().parent.parent)

from config.settings import *  # noqa: E402, F403
