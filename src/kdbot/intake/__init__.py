"""Text to values: issue bodies, YAML records and existing lists."""
