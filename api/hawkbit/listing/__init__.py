"""The fields that hawkBit's lists know, a module for each area."""
