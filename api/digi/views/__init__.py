"""The calls of Digi's jobs API."""
