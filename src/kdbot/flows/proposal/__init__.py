"""From a proposal on GitHub to the answer and to the list."""
