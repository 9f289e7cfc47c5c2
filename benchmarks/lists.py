"""Lists of any size, made from the papers of this one."""

import shutil
from dataclasses import replace
from pathlib import Path

from kdbot.flows.list.checked_list import check_list
from kdbot.model.paper import Paper
from kdbot.text.record import render_record

ROOT = Path(__file__).resolve().parents[1]
_COPIED = ("kdbot.toml", "README.md", "schema")
_WORDS = (
    "adaptive", "bayesian", "causal", "dense", "efficient", "federated", "generative", "hybrid",
    "iterative", "joint", "latent", "modular", "neural", "online", "private", "robust", "sparse",
    "temporal", "unified", "variational",
)  # fmt: skip


def make_list(folder: Path, size: int) -> Path:
    """Write a list of `size` papers; those beyond the real ones get other names and identifiers."""
    for name in _COPIED:
        source = ROOT / name
        copy = shutil.copytree if source.is_dir() else shutil.copy
        copy(source, folder / name)
    checked = check_list(ROOT)
    assert checked.collection is not None
    real = [paper for paper in checked.collection.papers.values() if paper.arxiv]
    (folder / "papers").mkdir()
    for index in range(size):
        paper = _variant(real[index % len(real)], index // len(real), index)
        text = render_record(paper, checked.collection.schema)
        (folder / "papers" / f"{paper.id}.yaml").write_text(text, "utf-8")
    return folder


def _variant(paper: Paper, turn: int, index: int) -> Paper:
    if turn == 0:
        return paper
    year, month, number = 10 + index % 4, 1 + index % 12, index % 9000 + 100 * (index // 9000) + 1
    arxiv = f"{year:02d}{month:02d}.{number:04d}"
    words = [_WORDS[(index // 20**k) % 20] for k in range(3)]
    return replace(
        paper,
        id=arxiv,
        arxiv=arxiv,
        doi=None,
        acl=None,
        openreview=None,
        url=None,
        date=f"20{year:02d}-{month:02d}",
        title=f"{' '.join(words).capitalize()} {index}: {paper.title}",
        code=tuple(f"{address}-{index}" for address in paper.code),
        key=f"{paper.key}-{index}",
    )
