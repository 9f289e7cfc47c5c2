"""The review: pure, from a proposal and a collection to a report."""
