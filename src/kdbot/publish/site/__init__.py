"""The page: the newest papers, a full list for each category, and an index to search in."""
