"""hawkBit's Direct Device Integration: what devices call."""
