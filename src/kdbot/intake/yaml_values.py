"""Values of a YAML file that people write by hand: each is checked, and named with its line."""

from collections.abc import Collection, Mapping
from typing import Any, NoReturn

from kdbot.intake.yaml_text import MAINTAINED, Path, parse_yaml
from kdbot.model.errors import KdbotError
from kdbot.model.finding import Finding


class YamlValues:
    """The values of one file, each found by its path.

    Args:
        data: the file.
        file: its name, for errors.

    Raises:
        KdbotError: the file cannot be read.
    """

    def __init__(self, data: bytes, file: str) -> None:
        document = parse_yaml(data, file, MAINTAINED)
        if isinstance(document, Finding):
            where = f"{file}:{document.line}" if document.line else file
            raise KdbotError(document.message, where=where, fix=document.fix)
        self.root: Any = document.value
        self.lines = document.lines
        self._file = file

    def check(self, item: Any, path: Path, known: Collection[str]) -> None:
        """Raise where an item is no mapping, or has a key that means nothing."""
        if not isinstance(item, dict):
            self.fail(path, "this must be a mapping")
        for key in item:
            if key not in known:
                self.fail((*path, key), f"unknown key `{key}`; known: {', '.join(sorted(known))}")

    def items(self, item: Mapping[str, Any], path: Path, key: str) -> list[Any]:
        """Return a list that an item has under a key."""
        value: Any = item.get(key)
        if not isinstance(value, list):
            self.fail((*path, key), f"`{key}` must be a list")
        return list(value)

    def text(self, item: Mapping[str, Any], path: Path, key: str) -> str:
        """Return a text that an item must have under a key."""
        value = item.get(key)
        if not isinstance(value, str) or not value.strip():
            self.fail(path, f"`{key}` is missing here or is not text")
        return value

    def texts(self, item: Mapping[str, Any], path: Path, key: str) -> tuple[str, ...]:
        """Return a list of texts that an item may have under a key."""
        value = item.get(key, [])
        if not isinstance(value, list) or not all(isinstance(part, str) for part in value):
            self.fail((*path, key), f"`{key}` must be a list of texts")
        return tuple(value)

    def fail(self, path: Path, message: str) -> NoReturn:
        """Raise an error about the value of a path."""
        line = self.lines.get(path)
        raise KdbotError(message, where=f"{self._file}:{line}" if line else self._file)
