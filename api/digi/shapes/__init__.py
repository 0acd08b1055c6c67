"""What jobs and devices look like on the wire."""
