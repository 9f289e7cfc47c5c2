"""The collection in the formats that other programs read: JSON, CSV, BibTeX, Atom, badge, CFF."""
