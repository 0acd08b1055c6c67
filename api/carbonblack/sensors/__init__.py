"""The sensors of a job: which of its devices are asked for, in which order, and what is told."""
