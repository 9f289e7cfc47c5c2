"""kdbot keeps a curated list of papers: it reads proposals, reviews them and rebuilds the list."""
