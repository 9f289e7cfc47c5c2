"""The registry of rules knows every rule that any module states."""

import importlib
import pkgutil
import re
from pathlib import Path

import kdbot
from kdbot.flows.rules import ALL_RULES
from kdbot.model.finding import Rule
from kdbot.publish.reference import render_findings_table
from kdbot.storage.package_data import read_examples

# The codes of the table of findings as release 0.1.0 had it.
OF_0_1_0 = Path(__file__).parents[1] / "data" / "publish" / "codes-0.1.0.txt"


def test_every_rule_of_every_module_is_in_the_registry() -> None:
    stated: dict[str, Rule] = {}
    for found in pkgutil.walk_packages(kdbot.__path__, "kdbot."):
        if not found.name.endswith("__main__"):
            for value in vars(importlib.import_module(found.name)).values():
                for rule in value.values() if isinstance(value, dict) else (value,):
                    if isinstance(rule, Rule):
                        assert stated.setdefault(rule.code, rule) == rule
    assert set(ALL_RULES) == set(stated.values())
    assert len(ALL_RULES) == len({rule.code for rule in ALL_RULES})


def test_every_code_names_its_first_version_and_none_has_gone() -> None:
    first = set(OF_0_1_0.read_text("utf-8").split())
    row = r'^\| <a id="([a-z-]+)">.* \| ([0-9.]+) \|$'
    versions = dict(re.findall(row, render_findings_table(ALL_RULES), re.MULTILINE))
    assert set(versions) == {rule.code for rule in ALL_RULES}
    assert {code for code, version in versions.items() if version == "0.1.0"} == first


def test_every_rule_of_the_review_has_an_example() -> None:
    examples = read_examples()
    assert len(examples) > 50
    assert set(examples) <= {rule.code for rule in ALL_RULES}
    assert not [code for code, cases in examples.items() if "```" in "".join(cases)]
