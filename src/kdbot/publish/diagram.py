"""The taxonomy as a Mermaid diagram, which GitHub draws."""

from kdbot.model.taxonomy import Category, Taxonomy


def render_diagram(taxonomy: Taxonomy, title: str) -> str:
    """Return a fenced Mermaid flow chart of the tree, from left to right.

    The categories of one parent that hold papers share a box, so that the picture stays as high as
    a screen.
    """
    lines = ["```mermaid", "flowchart LR", f"  list[{_label(title)}]"]
    numbers = {category.path: f"c{n}" for n, category in enumerate(taxonomy.categories)}
    boxes: dict[str, list[Category]] = {}
    for category in taxonomy.categories:
        parent = category.parent
        if category.leaf and parent is not None:
            boxes.setdefault(parent, []).append(category)
            continue
        source = numbers[parent] if parent else "list"
        lines.append(f"  {source} --> {numbers[category.path]}[{_label(category.title)}]")
    for parent, leaves in boxes.items():
        text = "<br>".join(_text(leaf.title) for leaf in leaves)
        lines.append(f'  {numbers[parent]} --- {numbers[leaves[0].path]}["{text}"]')
    return "\n".join((*lines, "```"))


def _label(text: str) -> str:
    return f'"{_text(text)}"'


def _text(text: str) -> str:
    """Return text for a quoted label; Mermaid writes entities as `#quot;` or by number."""
    return "".join(c if c.isalnum() or c in " -.,'/()" else f"#{ord(c)};" for c in text)
