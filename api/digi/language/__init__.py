"""Digi's query language: what `query` and `orderby` of a list of jobs say.

A job matches where one of its target devices makes the whole expression true together with the
job itself. Source: Digi Remote Manager, v1 API query language.
"""

from api.digi.language.errors import QueryError
from api.digi.language.ordering import order_keys
from api.digi.language.selecting import jobs_matching

__all__ = ["QueryError", "jobs_matching", "order_keys"]
