import subprocess
import sys

LOADED = """
import sys, config.wsgi
from django.urls import get_resolver
get_resolver().url_patterns
print(*sorted({"numpy", "scipy", "numba", "ortools", "pandas", "llvmlite"} & set(sys.modules)))
"""


def test_a_web_worker_carries_no_solver():
    found = subprocess.run([sys.executable, "-c", LOADED], capture_output=True, text=True, check=True)
    assert found.stdout.split() == []
