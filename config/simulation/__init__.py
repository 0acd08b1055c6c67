"""Simulated devices: real keys over the real device API, for demos and for load."""
