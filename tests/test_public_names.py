"""A public name has an importer: what one module alone uses is private to it.

What is found by another way than an import is none the less used: a type that a public name shows,
a rule (`flows.rules` gathers them) and a metadata service (`web.metadata.service` takes it by the
name of its row of `Origin`). The Jinja filters are gathered where they are written.
"""

import ast
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

SOURCE = Path(__file__).resolve().parents[1] / "src"
ENTRIES = {"kdbot.cli.main", "kdbot.web.child.main"}
"""What starts a process: the console script, and `python -m` of the child that checks links."""
FOUND_BY_TYPE = ("_rule(", "MetadataService(")


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
        read: defaultdict[str, set[str]] = defaultdict(set)
        aliases = []
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
                read[node.value.id].add(node.attr)
            elif isinstance(node, ast.ImportFrom) and node.module:
                aliases += [(node.module, name) for name in node.names]
        for module, name in aliases:
            found[module].add(name.name)
            found[f"{module}.{name.name}"] |= read[name.asname or name.name]
    return found


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


def is_found_by_type(node: ast.stmt) -> bool:
    """Tell whether a name is a rule's or a service's, which another module finds by itself."""
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        return False
    return any(made in ast.unparse(node) for made in FOUND_BY_TYPE)


def annotations(node: ast.stmt) -> Iterator[str]:
    """Yield the names of types that a public name shows to those who use it."""
    if isinstance(node, ast.Assign) and isinstance(node.value, ast.Subscript | ast.BinOp):
        yield from (n.id for n in ast.walk(node.value) if isinstance(n, ast.Name))
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
        names = dict(public(tree))
        shown = {word for node in names.values() for word in annotations(node)}
        for name, node in names.items():
            is_used = name in used[module] or name in shown or f"{module}.{name}" in ENTRIES
            if not is_used and not is_found_by_type(node):
                alone.append(f"{module}.{name}")
    assert alone == []
