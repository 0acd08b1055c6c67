"""Carbon Black's Job Service: work in the background that its asker watches and fetches."""
