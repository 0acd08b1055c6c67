"""What the lists of this app can be asked for: a module for each area."""
