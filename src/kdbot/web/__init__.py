"""The edge to HTTP: links and metadata services."""
