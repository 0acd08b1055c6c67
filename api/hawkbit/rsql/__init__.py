"""hawkBit's RSQL: the grammar of `query.fiql` without our own additions, and another reading.

A whole text is read in small letters, and texts are compared whatever their case. Source: hawkBit,
RSQL query language.
"""
