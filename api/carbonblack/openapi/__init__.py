"""What the calls take and answer, for tools."""
