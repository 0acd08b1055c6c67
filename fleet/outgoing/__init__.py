"""Calling servers that somebody named: how an address is spelt, and what it may lead to."""
