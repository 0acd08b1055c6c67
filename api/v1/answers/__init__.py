"""What calls answer that is no row of a list, and how the document describes it."""
