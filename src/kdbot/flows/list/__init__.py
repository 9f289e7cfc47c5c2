"""The list as a whole: validate, build, import, set up."""
