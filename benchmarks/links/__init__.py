"""The link checker against lychee on a workload whose truth is known."""
