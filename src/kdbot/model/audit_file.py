"""`audit.json` as text: one line for each address, paper and box, so that a diff can be read.

The form is described by `storage/audit.schema.json`, too, which the file is held against before it
is parsed here.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict
from datetime import date
from typing import Any, TypeVar

from kdbot.model.audit import (
    Audit,
    AuditSummary,
    Box,
    BoxKind,
    BoxState,
    Edit,
    NewPaper,
    Remark,
    Unchecked,
    WaitingProposal,
)
from kdbot.model.link_history import parse_link_record

VERSION = 1
"""Version of the form; a file of another version is not read."""

Value = TypeVar("Value")


def render_audit_file(audit: Audit) -> str:
    """Return the text of `audit.json`, keys sorted, with a final newline."""
    maps: dict[str, Mapping[str, Any]] = {
        "boxes": {key: _box_record(box) for key, box in audit.boxes.items()},
        "links": {url: record.as_record() for url, record in audit.links.items()},
        "new_papers": {key: _whole(asdict(paper)) for key, paper in audit.new_papers.items()},
        "papers": {
            paper: [asdict(remark) for remark in remarks]
            for paper, remarks in audit.papers.items()
            if remarks
        },
        "unchecked": {name: asdict(one) for name, one in audit.unchecked.items()},
        "waiting": {
            str(one.number): {"label": one.label, "since": one.since.isoformat()}
            for one in audit.waiting
        },
    }
    parts = [f"{_text(name)}: {_render_map(values)}" for name, values in maps.items()]
    if audit.summary is not None:
        parts.append(f'"summary": {_text(asdict(audit.summary))}')
    parts.append(f'"version": {VERSION}')
    return "{\n" + ",\n".join(sorted(parts)) + "\n}\n"


def parse_audit_file(document: Mapping[str, Any]) -> Audit:
    """Read the parsed JSON of `audit.json`.

    Raises:
        ValueError: it is not what `render_audit_file` writes.
    """
    if document.get("version") != VERSION:
        raise ValueError(f"its version is {document.get('version')!r}, and this is {VERSION}")
    try:
        return Audit(
            summary=parse_audit_summary(document),
            links=_parsed(document, "links", parse_link_record),
            papers=_parsed(document, "papers", lambda v: tuple(Remark(**one) for one in v)),
            boxes=_parsed(document, "boxes", _parse_box),
            new_papers=_parsed(document, "new_papers", _parse_new_paper),
            unchecked=_parsed(document, "unchecked", lambda value: Unchecked(**value)),
            waiting=tuple(
                WaitingProposal(
                    number=int(number),
                    label=value["label"],
                    since=date.fromisoformat(value["since"]),
                )
                for number, value in sorted(
                    document.get("waiting", {}).items(), key=lambda item: int(item[0])
                )
            ),
        )
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"{type(error).__name__}: {error}") from error


def parse_audit_summary(document: Mapping[str, Any]) -> AuditSummary | None:
    """Read the numbers of the last audit alone.

    Raises:
        ValueError: they are not what `render_audit_file` writes.
    """
    summary = document.get("summary")
    if summary is None:
        return None
    names = {"papers", "links", "dead", "moved", "upgraded"}
    if (
        not isinstance(summary, dict)
        or summary.keys() != names | {"week"}
        or not isinstance(summary["week"], str)
        or not all(type(summary[name]) is int for name in names)
    ):
        raise ValueError("its summary has not the form of one")
    return AuditSummary(**summary)


def _parsed(
    document: Mapping[str, Any], name: str, parse: Callable[[Any], Value]
) -> dict[str, Value]:
    return {key: parse(value) for key, value in document.get(name, {}).items()}


def _parse_box(value: Mapping[str, Any]) -> Box:
    return Box(
        kind=BoxKind(value["kind"]),
        papers=tuple(value["papers"]),
        edits=tuple(
            Edit(
                paper=edit["paper"],
                field=edit["field"],
                before=edit.get("before"),
                after=edit.get("after"),
            )
            for edit in value.get("edits", ())
        ),
        sources=tuple(value.get("sources", ())),
        ticked=value.get("ticked", False),
        state=BoxState(value.get("state", BoxState.OPEN)),
    )


def _parse_new_paper(value: Mapping[str, Any]) -> NewPaper:
    return NewPaper(
        **{
            **value,
            "authors": tuple(value.get("authors", ())),
            "categories": tuple(value.get("categories", ())),
            "state": BoxState(value.get("state", BoxState.OPEN)),
        }
    )


def _box_record(box: Box) -> dict[str, Any]:
    return _whole(
        {
            "kind": box.kind,
            "papers": box.papers,
            "edits": [_whole(asdict(edit)) for edit in box.edits],
            "sources": box.sources,
            "ticked": box.ticked,
            "state": box.state,
        }
    )


def _whole(values: Mapping[str, Any]) -> dict[str, Any]:
    """Leave out what is empty, and a state that is the usual one."""
    return {k: v for k, v in values.items() if v and v != BoxState.OPEN}


def _render_map(values: Mapping[str, Any]) -> str:
    return "{\n" + ",\n".join(_lines(values)) + "\n}" if values else "{}"


def _lines(values: Mapping[str, Any]) -> Iterator[str]:
    for key in sorted(values, key=lambda key: (len(key) if key.isdecimal() else 0, key)):
        yield f"{_text(key)}: {_text(values[key])}"


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True)
