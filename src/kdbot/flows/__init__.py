"""One module per flow; only this package combines the other packages."""
