"""How often the category hint is right on the list itself, each paper left out in turn."""

import time
from pathlib import Path

from kdbot.model.paper import Paper
from kdbot.review.categories import (
    _LEAST_VOTES,
    TitleIndex,
    _suggest_categories,
    elect_categories,
)
from kdbot.storage.repository import load_records, paper_of


def leave_one_out(papers: list[Paper]) -> tuple[float, float]:
    """Return the shares of papers with a right category first, and among the first three."""
    index = TitleIndex({paper.id: paper.title for paper in papers})
    categories = {paper.id: paper.categories for paper in papers}
    first = among = 0
    for paper in papers:
        neighbours = index.nearest(paper.title, without=paper.id)
        hints = elect_categories(neighbours, categories.__getitem__)
        first += hints[:1] != () and hints[0] in paper.categories
        among += not set(hints).isdisjoint(paper.categories)
    return first / len(papers), among / len(papers)


def named_above_the_bound(papers: list[Paper], least: float) -> tuple[int, int, int]:
    """Return how many papers get a hint, how many names that are, and how many are right."""
    index = TitleIndex({paper.id: paper.title for paper in papers})
    categories = {paper.id: paper.categories for paper in papers}
    hinted = named = right = 0
    for paper in papers:
        neighbours = index.nearest(paper.title, without=paper.id)
        hints = elect_categories(neighbours, categories.__getitem__, least=least)
        hinted += bool(hints)
        named += len(hints)
        right += len(set(hints) & set(paper.categories))
    return hinted, named, right


def main() -> None:
    root = Path(__file__).parents[1]
    papers = [paper_of(candidate) for candidate in load_records(root).candidates]
    first, among = leave_one_out(papers)
    print(f"category hint, {len(papers)} papers left out one by one:")
    print(f"  right in the first place   {first:6.1%}   (at least 50 %)")
    print(f"  right among the first three{among:6.1%}   (at least 65 %)")
    for least in (0.0, 0.1, _LEAST_VOTES, 0.2):
        hinted, named, right = named_above_the_bound(papers, least)
        print(
            f"  votes of {least:.2f} and more: {hinted} papers, {named} names,"
            f" {right / max(named, 1):.1%} of them right"
        )
    titles = {f"{copy}/{p.id}": f"{p.title} {copy}" for copy in range(47) for p in papers}
    categories = {paper.id: paper.categories for paper in papers}
    start = time.perf_counter()
    _suggest_categories(papers[0].title, titles, lambda key: categories[key.partition("/")[2]])
    print(f"  one hint in {len(titles):,} papers {time.perf_counter() - start:8.3f} s")


if __name__ == "__main__":
    main()
