"""Values to text: README regions, comments, issue forms and exports."""
