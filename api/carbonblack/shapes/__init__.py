"""What this API tells of things."""
