"""Web addresses of a list, and those in its records as other formats take them."""

import re
from urllib.parse import quote

_UNSAFE = re.compile(r"[^!#-;=?-\[\]_a-z~]")


def repository_address(repository: str | None) -> str | None:
    """Return the repository's address on GitHub, or None where the repository is unknown."""
    return f"https://github.com/{repository}" if repository else None


def page_address(repository: str | None) -> str | None:
    """Return the address of the published page, with a slash at its end, or None.

    A repository that is named like its own host is at the root:
    https://docs.github.com/en/pages/getting-started-with-github-pages/what-is-github-pages.
    """
    if not repository:
        return None
    owner, _, name = repository.partition("/")
    host = f"{owner.lower()}.github.io"
    return f"https://{host}/" if name.lower() == host else f"https://{host}/{name}/"


def encode_address(url: str) -> str:
    """Return an address in the characters of RFC 3986 alone; what is encoded stays as it is.

    So it holds no blank, quote, brace or angle bracket by which a format could end it.
    """
    return _UNSAFE.sub(lambda match: quote(match[0], errors="replace"), url)
