"""The one reader of Markdown that other people wrote: blocks, lines, tables, HTML and diffs."""
