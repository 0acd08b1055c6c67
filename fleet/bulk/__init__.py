"""One change to many devices: which ones, what became of each, at once or by a job."""
