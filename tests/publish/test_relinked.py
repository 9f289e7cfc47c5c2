"""Links of a brought list to headings that have moved."""

from __future__ import annotations

import time

from kdbot.publish.readme.anchors import relinked
from tests.rows import each

BEFORE = """# L

## 🔧 Tools & Others

<h2 id="odd">Technique</h2>

<a name="named"></a>

## Named One

## Gone
"""
NOW = '# L\n\n## Tools & Others\n\n## Technique\n\n### Named One\n\n<a id="kept"></a>\n'


@each(
    ("text", "mended"),
    [
        ("See [tools](#-tools--others).", "See [tools](#tools--others)."),
        ("See [t](#odd) and [n](#named).", "See [t](#technique) and [n](#named-one)."),
        ("See [what is gone](#gone).", "See what is gone."),
        ('<a href="#gone">Gone</a> <a href="#odd">t</a>', 'Gone <a href="#technique">t</a>'),
        (
            "[kept](#kept), [top](#), [page](other.md#gone)",
            "[kept](#kept), [top](#), [page](other.md#gone)",
        ),
    ],
)
def test_a_link_leads_where_its_heading_is_now(text: str, mended: str) -> None:
    assert relinked(NOW, BEFORE)(text) == mended


@each("text", ["[" * 50_000, "[a](#" * 20_000, '<a href="#x">' * 8_000])
def test_it_takes_bounded_time(text: str) -> None:
    start = time.process_time()
    relinked(NOW, text)(text)
    assert time.process_time() - start < 3  # measured: at most 0.3 s
