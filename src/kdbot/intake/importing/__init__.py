"""What a list says, joined into one record per paper, with the decisions of its maintainer."""
