"""What the headings and the lead-in lines above a block say of it."""

from enum import Enum, auto

from kdbot.intake.lines import Block, BlockKind
from kdbot.intake.links import find_links
from kdbot.intake.phrases import is_mention_head


class Standing(Enum):
    """Whose papers a block holds."""

    OWN = auto()
    ANNOUNCES_OTHERS = auto()
    OF_OTHERS = auto()


class Surroundings:
    """Carries headings and lines that end in a colon from block to block."""

    def __init__(self) -> None:
        self._others: str | None = None
        self._heading = ""
        self._lead = ""
        self._listed = False

    @property
    def section(self) -> str:
        """Words of the nearest line above that announces what follows."""
        return self._lead or self._heading

    def enter(self, block: Block, text: str) -> Standing:
        """Take in a block; tell whether it holds, or announces, papers that are only spoken of."""
        heading = is_heading(block)
        leads = text.rstrip().endswith((":", "："))
        head = text.rstrip().rsplit("\n", 1)[-1]
        self._note(block, head, heading=heading, leads=leads)
        if self._others and (heading or (not block.items and self._others == "list")):
            self._others = None
        if (heading or leads) and is_mention_head(head) and not find_links(block.lines[-1]):
            self._others = "heading" if heading else "list"
            return Standing.ANNOUNCES_OTHERS
        if self._others is not None and (self._others == "heading" or block.items):
            return Standing.OF_OTHERS
        return Standing.OWN

    def _note(self, block: Block, head: str, *, heading: bool, leads: bool) -> None:
        if heading:
            self._heading, self._lead = head, ""
        elif leads and not block.items:
            self._lead, self._listed = head, False
        elif block.items:
            self._listed = True
        elif self._listed:
            self._lead = ""


def is_heading(block: Block) -> bool:
    """Tell whether a block is a heading, or one line in bold that serves as one."""
    return block.kind is BlockKind.HEADING or (
        len(block.lines) == 1
        and not block.items
        and all(span.strong or not span.text.strip(" :") for span in block.lines[0].spans)
    )
