"""Proposal and collection to report: pure checks with stable codes."""
