"""What a list says, joined paper by paper into records, with what a person decided."""
