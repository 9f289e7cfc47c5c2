"""Present state and desired state to the writes between them."""

from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from kdbot.github.item import Account, Comment, Item
from kdbot.github.writes import (
    Desired,
    _add_labels,
    _close,
    _create_comment,
    _delete_comment,
    _edit_comment,
    _remove_label,
    difference,
)

BOT = Account(login="github-actions[bot]", id=41898282, bot=True)
ALICE = Account(login="alice", id=1)
NOW = datetime(2026, 3, 2, tzinfo=UTC)
REPORT = "<!-- kdbot:report sha256=x -->\n"


def comment(number, body, author=BOT):
    return Comment(id=number, author=author, body=body, created=NOW, updated=NOW)


def item(*comments, labels=(), is_open=True):
    return Item(
        number=1,
        title="",
        body="",
        author=ALICE,
        labels=frozenset(labels),
        open=is_open,
        comments=comments,
        bot=BOT.id,
    )


def test_the_order_is_comment_labels_note_close():
    desired = Desired(
        comment=REPORT,
        labels=frozenset({"b", "a"}),
        not_labels=frozenset({"d", "c"}),
        note="<!-- kdbot:note x -->\ntext",
        close="duplicate",
    )
    assert difference(item(labels={"c", "d", "foreign"}), desired) == (
        _create_comment(1, REPORT),
        _add_labels(1, ["a", "b"]),
        _remove_label(1, "c"),
        _remove_label(1, "d"),
        _create_comment(1, "<!-- kdbot:note x -->\ntext"),
        _close(1, "duplicate"),
    )


def test_an_equal_state_needs_no_write():
    present = item(comment(5, REPORT + "text"), labels={"ready", "foreign"})
    desired = Desired(
        comment=REPORT + "text",
        labels=frozenset({"ready"}),
        not_labels=frozenset({"needs changes"}),
    )
    assert difference(present, desired) == ()


def test_the_address_of_the_run_and_the_line_ends_are_no_difference():
    present = item(comment(5, REPORT + "a\r\n[run](https://github.com/o/r/actions/runs/1)\n"))
    desired = Desired(comment=REPORT + "a\n[run](https://github.com/o/r/actions/runs/22)")
    assert difference(present, desired) == ()


def test_B12_the_oldest_own_comment_is_kept():
    present = item(comment(5, REPORT + "old"), comment(6, "Hello"), comment(7, REPORT + "new"))
    assert difference(present, Desired(comment=REPORT + "new")) == (
        _edit_comment(5, REPORT + "new"),
        _delete_comment(7),
    )


def test_B09_a_strangers_marker_is_no_own_comment():
    present = item(comment(5, REPORT + "forged", author=ALICE))
    desired = Desired(comment=REPORT + "true")
    assert difference(present, desired) == (_create_comment(1, REPORT + "true"),)


def test_a_note_is_told_once():
    note = "<!-- kdbot:note duplicate -->\ntext"
    assert difference(item(comment(5, note)), Desired(note=note)) == ()
    other = "<!-- kdbot:note duplicate -->\nother words"
    assert difference(item(comment(5, note)), Desired(note=other)) == ()


def test_what_is_closed_is_not_closed_again():
    assert difference(item(is_open=False), Desired(close="completed")) == ()


names = st.frozensets(st.sampled_from(["ready", "duplicate", "mine", "yours"]))


@given(present=names, wanted=names, unwanted=names)
def test_F18_labels_end_as_desired_and_no_other_is_touched(present, wanted, unwanted):
    desired = Desired(labels=wanted, not_labels=unwanted)
    result = set(present)
    for write in difference(item(labels=present), desired):
        if write.kind == "AddLabels":
            result |= set(write.body["labels"])
        else:
            assert write.verb == "DELETE"
            result.remove(write.path.rpartition("/")[2])
    assert result == (present - unwanted) | wanted
