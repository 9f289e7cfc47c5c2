"""The edge to GitHub; the only package that imports PyGithub."""
