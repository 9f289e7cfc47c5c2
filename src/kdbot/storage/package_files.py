"""Files that come with kdbot itself, wherever it is installed.

`templates/` lies in the package. What this repository and every list share (workflows, the form for
the faults of the bot, the venues) is not kept twice: a wheel carries it below `defaults/`, and a
checkout has it in its own place.
"""

from importlib.resources import files
from importlib.resources.abc import Traversable

from kdbot.model.errors import KdbotError

_PACKAGE = files("kdbot")
_CHECKOUT = "../.."


def read_template(name: str) -> str:
    """Return the text of a file of `templates/`."""
    return (_PACKAGE / "templates" / name).read_text("utf-8")


def read_shared(name: str) -> str:
    """Return the text of a file that this repository and every list share, by its path here.

    Raises:
        KdbotError: the installation lacks it.
    """
    return _shared(name).read_text("utf-8")


def shared_names(folder: str) -> list[str]:
    """Return the names of the files in a folder that this repository and every list share.

    Raises:
        KdbotError: the installation lacks it.
    """
    return sorted(entry.name for entry in _shared(folder).iterdir() if entry.is_file())


def _shared(name: str) -> Traversable:
    for place in (_PACKAGE / "defaults" / name, _PACKAGE / _CHECKOUT / name):
        if place.is_file() or place.is_dir():
            return place
    raise KdbotError("is missing from this installation", where=name, fix="install kdbot again")
