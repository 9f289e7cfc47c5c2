"""Badges: pictures of words beside a paper, such as `ICLR'24` or a count of stars."""

import re
from urllib.parse import unquote

from kdbot.intake.markdown.lines import Run
from kdbot.model.venue import Venues
from kdbot.text.citations import venue_in

_HOSTS = ("img.shields.io", "badgen.net", "badge.fury.io", "badges.", "custom-icon-badges")
_WORDS = re.compile(r"/badge/([^/?#]+)")
_COLOUR = re.compile(r"-[0-9A-Za-z]+(?:\.svg)?$")


def is_badge(run: Run) -> bool:
    """Tell whether a link or an image shows a badge in place of words."""
    return any(host in image for image in _images(run) for host in _HOSTS)


def counts_stars(run: Run) -> bool:
    """Tell whether a badge counts the stars of the repository that it leads to."""
    return any("/stars/" in image for image in _images(run))


def badge_venue(run: Run, venues: Venues) -> str | None:
    """Read the venue off a badge (`…/badge/Conference-ICLR'24-blue`).

    The form is that of https://shields.io: label, message and colour between hyphens, a doubled
    hyphen for one inside a word, an underscore for a blank.
    """
    for image in _images(run):
        match = _WORDS.search(image)
        if match is None:
            continue
        words = unquote(_COLOUR.sub("", match[1]).replace("--", "\0"))
        parts = [part.replace("\0", "-").replace("_", " ").strip() for part in words.split("-")]
        for part in (*reversed(parts), " ".join(parts)):
            if part and (venue := venue_in(part, venues)):
                return venue
    return None


def _images(run: Run) -> tuple[str, ...]:
    return run.images
