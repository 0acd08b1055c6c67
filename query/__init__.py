"""Conditions on things with named values: one tree for all the languages they are written in.

`tree` is the condition, `matching` asks it of values in memory, `compiling` turns it into SQL.
"""
