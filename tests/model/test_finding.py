"""Findings: how names stand in their words."""

from kdbot.model.finding import name_some


def test_G17_what_is_not_named_is_counted():
    assert name_some(["a"], 2) == "a"
    assert name_some(["a", "b"], 2) == "a, b"
    assert name_some(["a", "b", "c"], 2) == "a, b and 1 more"
    assert name_some([str(n) for n in range(2_002)], 2, "; ") == "0; 1 and 2,000 more"
