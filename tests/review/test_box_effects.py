"""What a ticked box does to the records that it is about."""

from __future__ import annotations

from kdbot.model.audit import Edit, EditKind, ProposedEdit, apply_proposed_edit, still_applies
from kdbot.model.paper import Paper
from tests.rows import each

PAPER = Paper(
    id="p",
    title="A Title",
    url="https://old.example",
    venue="arXiv",
    code=("https://a.example", "https://b.example", "https://c.example"),
)

EFFECTS = {
    "replaces-an-item": ("code", "https://b.example", "https://n.example", {"code": "anc"}),
    "takes-an-item-out": ("code", "https://b.example", None, {"code": "ac"}),
    "has-the-item-already": ("code", "https://b.example", "https://c.example", {"code": "ac"}),
    "adds-an-item": ("code", None, "https://n.example", {"code": "abcn"}),
    "adds-nothing-twice": ("code", None, "https://a.example", None),
    "item-is-gone": ("code", "https://gone.example", "https://n.example", None),
    "replaces-a-text": ("venue", "arXiv", "ICLR", {"venue": "ICLR"}),
    "fills-a-text": ("doi", None, "10.1/2", {"doi": "10.1/2"}),
    "takes-a-text-out": ("url", "https://old.example", None, {"url": None}),
    "text-is-another": ("venue", "ACL", "ICLR", None),
    "text-is-there-now": ("venue", None, "ICLR", None),
    "sets-a-flag": ("withdrawn", None, "true", {"withdrawn": True}),
    "no-such-field": ("id", "p", "q", None),
    "says-nothing": ("venue", "arXiv", "arXiv", None),
}


@each(("field", "before", "after", "change"), EFFECTS.values(), ids=EFFECTS)
def test_an_edit(field, before, after, change):
    edit = Edit(paper="p", field=field, before=before, after=after)
    box = ProposedEdit(kind=EditKind.MOVED, papers=("p",), edits=(edit,))
    done = apply_proposed_edit(box, {"p": PAPER})
    assert still_applies(box, {"p": PAPER}) is bool(change)
    if change is None:
        assert done == {}
        return
    ((name, value),) = change.items()
    if name == "code":
        value = tuple(f"https://{letter}.example" for letter in value)
    assert getattr(done["p"], name) == value


def test_of_several_places_those_that_still_fit_are_changed():
    papers = {"p": PAPER, "q": Paper(id="q", title="Q")}
    edits = tuple(
        Edit(paper=one, field="code", before="https://a.example", after="https://n.example")
        for one in ("p", "q", "gone")
    )
    box = ProposedEdit(kind=EditKind.MOVED, papers=("p", "q", "gone"), edits=edits)
    assert apply_proposed_edit(box, papers).keys() == {"p"}


def test_a_key_names_what_the_box_does_and_not_who_says_so():
    edit = Edit(paper="p", field="venue", before="arXiv", after="ICLR")
    box = ProposedEdit(kind=EditKind.VENUE, papers=("p",), edits=(edit,), sources=("DBLP",))
    same = ProposedEdit(
        kind=EditKind.VENUE, papers=("p",), edits=(edit,), sources=("arXiv",), ticked=True
    )
    other = Edit(paper="p", field="venue", before="arXiv", after="ACL")
    assert box.key == same.key
    assert box.key != ProposedEdit(kind=EditKind.VENUE, papers=("p",), edits=(other,)).key
    assert len(box.key) == 12
