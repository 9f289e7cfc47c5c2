"""What goes to the terminal, and how."""

from collections.abc import Mapping
from typing import TextIO


def use_color(stream: TextIO, environment: Mapping[str, str]) -> bool:
    """Tell whether to colour: on a terminal, unless NO_COLOR is set (https://no-color.org)."""
    return stream.isatty() and not environment.get("NO_COLOR")
