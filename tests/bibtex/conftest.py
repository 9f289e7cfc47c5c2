"""`make test-bibtex` alone runs these tests: they need a program that is not Python."""

import os

if "KDBOT_BIBTEX" not in os.environ:
    collect_ignore_glob = ["test_*.py"]
