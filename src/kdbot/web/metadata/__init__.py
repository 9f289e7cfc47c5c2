"""The metadata services: one module each, a pure parser of its answers apart from the questions."""
