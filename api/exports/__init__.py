"""What all exports share: lists that jobs write to files, kept for a while, then deleted."""
