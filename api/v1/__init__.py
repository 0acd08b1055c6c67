"""Slipway's own API: every list the same way, every error the same shape."""
