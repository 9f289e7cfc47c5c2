"""What a stranger writes is read in bounded time, whatever it is (threat C08)."""

import time

from kdbot.model.venue import Venue, Venues
from kdbot.text.addresses import address_fault, clean_address, find_bare_links
from kdbot.text.citations import (
    first_names,
    read_citation,
    split_title,
    strip_prefix,
)
from kdbot.text.dates import find_date, is_date
from kdbot.text.labels import field_of_label, label_role, says_nothing
from kdbot.text.names import bibtex_names, names_in, split_names
from kdbot.text.titles import canonical_title, clean_title, is_title
from kdbot.text.venues import bare_venue, canonical_venue, find_venue, venue_in, venues_in_remark
from tests.rows import each

VENUES = Venues(
    venues=(Venue(name="ICLR"), Venue(name="Findings of ACL", aliases=("ACL Findings",)))
)
READERS = {
    "dates": (find_date, is_date),
    "names": (names_in, split_names, bibtex_names, first_names),
    "titles": (clean_title, canonical_title, is_title),
    "labels": (field_of_label, label_role, says_nothing),
    "links": (lambda t: list(find_bare_links(t)), clean_address, address_fault),
    "venues": (
        bare_venue,
        *(
            lambda text, read=read: read(text, VENUES)
            for read in (canonical_venue, find_venue, venue_in, venues_in_remark)
        ),
    ),
    "citations": (
        lambda text: strip_prefix(text, VENUES),
        lambda text: split_title(text, VENUES),
        lambda text: read_citation(text, VENUES),
    ),
}
UNITS = (
    " ", "(", "[", "((", "a ", "A ", "A. ", ", ", "and ", "1 ", "1/", "2024 ", "2024-", "Feb ",
    " oral", "ICLR ", "ICLR, ", "in ", "“", '"', "*", "🔥", ".", ":", "x:", "http://", "a@", "\n",
    "`", "{", "A and ", "1. ", "(ours) ", "Lee, A., ", "Ann Lee, ", "A. Lee and ", "van ", "A.",
    "Lee et al. ", "Lee & ", "Lee; ", "by A ", "Proc. A ", "paper at A",
)  # fmt: skip
LENGTH = 8_000  # the longest line that any reader hands on


@each("unit", UNITS)
@each("kind", READERS)
def test_C08_a_line_of_one_thing_takes_no_time(kind, unit):
    text = ("Title " + unit * LENGTH)[: LENGTH - 1] + "x"
    start = time.process_time()
    for read in READERS[kind]:
        read(text)
    assert time.process_time() - start < 0.5
