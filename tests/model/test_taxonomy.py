"""The tree of categories."""

from kdbot.model.taxonomy import Category, Taxonomy


def tree(*paths):
    """Categories of some paths, each titled by its id; those with others below hold no papers."""
    return tuple(
        Category(
            path=path,
            title=path.rpartition("/")[2],
            depth=path.count("/"),
            leaf=not any(other.startswith(f"{path}/") for other in paths),
        )
        for path in paths
    )


def test_G01_categories_that_are_gone_come_back_last_below_their_parent():
    taxonomy = Taxonomy(categories=tree("a", "a/b", "a/b/c", "d", "d/e"))
    more = tree("x", "x/y", "a", "a/z", "a/b", "a/b/q", "d", "d/e")
    paths = [category.path for category in taxonomy.with_categories(more).categories]
    assert paths == ["a", "a/b", "a/b/c", "a/b/q", "a/z", "d", "d/e", "x", "x/y"]
