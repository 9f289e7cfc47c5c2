"""The README: prose that people wrote, and the regions that are rendered from the collection."""
