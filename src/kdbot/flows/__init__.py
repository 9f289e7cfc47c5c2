"""One module per occasion; the only place that joins the other packages."""
