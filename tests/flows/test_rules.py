"""The registry of rules knows every rule that any module states."""

import importlib
import pkgutil

import kdbot
from kdbot.flows.rules import ALL_RULES
from kdbot.model.finding import Rule


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
