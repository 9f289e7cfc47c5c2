"""Values of the domain: pure, frozen, and without imports from the rest of the project."""
