"""What tools are told of the calls of Digi's jobs API."""
