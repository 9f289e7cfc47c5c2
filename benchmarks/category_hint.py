"""How often the category hint is right on the list itself, each paper left out in turn."""

import time
from pathlib import Path

from kdbot.model.paper import Paper
from kdbot.review.categories import TitleIndex, _suggest_categories, elect_categories
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


def main() -> None:
    root = Path(__file__).parents[1]
    papers = [paper_of(candidate) for candidate in load_records(root).candidates]
    first, among = leave_one_out(papers)
    print(f"category hint, {len(papers)} papers left out one by one:")
    print(f"  right in the first place   {first:6.1%}   (at least 50 %)")
    print(f"  right among the first three{among:6.1%}   (at least 65 %)")
    titles = {f"{copy}/{p.id}": f"{p.title} {copy}" for copy in range(47) for p in papers}
    categories = {paper.id: paper.categories for paper in papers}
    start = time.perf_counter()
    _suggest_categories(papers[0].title, titles, lambda key: categories[key.partition("/")[2]])
    print(f"  one hint in {len(titles):,} papers {time.perf_counter() - start:8.3f} s")


if __name__ == "__main__":
    main()
