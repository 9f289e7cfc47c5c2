"""Hand-kept lists of papers in Markdown, read line by line."""
