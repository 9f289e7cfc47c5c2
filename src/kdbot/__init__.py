"""kdbot keeps a curated list of papers: it reads proposals, reviews them and rebuilds the list."""

from functools import cache


@cache  # reading it takes as long as some answers
def own_version() -> str:
    """Return the version of kdbot that is installed."""
    from importlib.metadata import version

    return version("kdbot")
