"""Run kdbot as `python -m kdbot`."""

import sys

from kdbot.cli import main

if __name__ == "__main__":
    sys.exit(main())
