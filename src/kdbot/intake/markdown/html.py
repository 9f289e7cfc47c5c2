"""The little HTML that people put into Markdown, as spans."""

from dataclasses import replace
from html.parser import HTMLParser

from kdbot.intake.markdown.lines import Run

_LINE_TAGS = frozenset(
    {
        "br",
        "p",
        "div",
        "li",
        "ul",
        "ol",
        "tr",
        "table",
        "h1",
        "h2",
        "h3",
        "h4",
        "summary",
        "details",
    }
)
_CELL_TAGS = frozenset({"td", "th"})
_STRONG_TAGS = frozenset({"b", "strong"})
_EM_TAGS = frozenset({"i", "em"})
_SILENT_TAGS = frozenset({"script", "style"})


class _Reader(HTMLParser):
    def __init__(self, style: Run) -> None:
        super().__init__(convert_charrefs=True)
        self.style = style
        self.spans: list[Run] = []
        self._silent = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "a":
            self.style = replace(self.style, url=dict(attrs).get("href"))
        elif tag in _STRONG_TAGS:
            self.style = replace(self.style, strong=True)
        elif tag in _EM_TAGS:
            self.style = replace(self.style, emphasis=True)
        self._break(tag)
        if tag in _SILENT_TAGS:
            self._silent = True

    def handle_endtag(self, tag: str) -> None:
        if tag == "a":
            self.style = replace(self.style, url=None)
        elif tag in _STRONG_TAGS:
            self.style = replace(self.style, strong=False)
        elif tag in _EM_TAGS:
            self.style = replace(self.style, emphasis=False)
        if tag not in _CELL_TAGS:
            self._break(tag)
        if tag in _SILENT_TAGS:
            self._silent = False

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.spans.append(replace(self.style, text=data))

    def _break(self, tag: str) -> None:
        text = "\n" if tag in _LINE_TAGS else "|" if tag in _CELL_TAGS else ""
        if text:
            self.spans.append(Run(text=text))


def read_html(content: str) -> list[Run]:
    """Return the visible text of an HTML block; comments, scripts and images are left out."""
    reader = _Reader(Run(text=""))
    reader.feed(content)
    return reader.spans


def tag_link(tag: str, style: Run) -> tuple[Run, str]:
    """Return the style behind one inline tag, and the text (a line break) that it stands for."""
    reader = _Reader(style)
    reader.feed(tag)
    return reader.style, "".join(span.text for span in reader.spans)
