"""Run every benchmark, or those that are named: `python -m benchmarks [NAME …]`."""

import importlib
import sys

NAMES = ("collection", "answer", "category_hint", "links", "reading")


def main(names: list[str]) -> None:
    for name in names or NAMES:
        print(f"\n# {name}\n", flush=True)
        module = f"benchmarks.{name}.__main__" if name == "links" else f"benchmarks.{name}"
        importlib.import_module(module).main()


if __name__ == "__main__":
    main(sys.argv[1:])
