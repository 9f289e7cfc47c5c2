"""JSON forms of the records, complete enough for GitHub's own description of its answers."""
