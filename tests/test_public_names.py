"""A public name has an importer: what one module alone uses is private to it."""

import ast
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

SOURCE = Path(__file__).resolve().parents[1] / "src"
CHECKED = (
    *("kdbot.cli", "kdbot.model", "kdbot.review"),
    *("kdbot.publish.audit", "kdbot.publish.new_papers", "kdbot.publish.reference"),
)
ENTRIES = {"main"}
"""Functions that something outside of Python calls."""


def modules() -> dict[str, ast.Module]:
    return {
        ".".join(path.relative_to(SOURCE).with_suffix("").parts).removesuffix(".__init__"): (
            ast.parse(path.read_text("utf-8"))
        )
        for path in SOURCE.rglob("*.py")
    }


def imported(trees: dict[str, ast.Module]) -> dict[str, set[str]]:
    """Return the names that other modules import of each, and read of it as a whole."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for tree in trees.values():
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and node.module:
                for name in node.names:
                    found[node.module].add(name.name)
                    whole = f"{node.module}.{name.name}"
                    found[whole] |= set(read_of(tree, name.asname or name.name))
    return found


def read_of(tree: ast.Module, module: str) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and ast.unparse(node.value) == module:
            yield node.attr


def public(tree: ast.Module) -> Iterator[tuple[str, ast.stmt]]:
    for node in tree.body:
        names = []
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            names = [node.name]
        elif isinstance(node, ast.Assign):
            names = [target.id for target in node.targets if isinstance(target, ast.Name)]
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            names = [node.target.id]
        yield from ((name, node) for name in names if not name.startswith("_"))


def is_rule(node: ast.stmt) -> bool:
    """Tell whether a name is a rule's, which the registry finds by itself."""
    return "Rule(" in ast.unparse(node) and not isinstance(node, ast.FunctionDef | ast.ClassDef)


def annotations(node: ast.stmt) -> Iterator[str]:
    """Yield the names of types that a public name shows to those who use it."""
    for part in ast.walk(node):
        if isinstance(part, ast.FunctionDef | ast.AnnAssign | ast.arg):
            shown = part.returns if isinstance(part, ast.FunctionDef) else part.annotation
            if shown is not None:
                yield from (n.id for n in ast.walk(shown) if isinstance(n, ast.Name))
        elif isinstance(part, ast.ClassDef):
            yield from (base.id for base in part.bases if isinstance(base, ast.Name))


def test_every_public_name_has_an_importer() -> None:
    trees = modules()
    used = imported(trees)
    alone = []
    for module, tree in trees.items():
        if not module.startswith(CHECKED):
            continue
        names = dict(public(tree))
        shown = {word for node in names.values() for word in annotations(node)}
        for name, node in names.items():
            is_type = isinstance(node, ast.ClassDef | ast.AnnAssign) and name in shown
            if not (name in used[module] | ENTRIES or is_type or is_rule(node)):
                alone.append(f"{module}.{name}")
    assert alone == []
