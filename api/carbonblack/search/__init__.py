"""Carbon Black's device search: criteria and a query text, which choose devices.

Source: the seed, search_definition; Carbon Black, Devices API.
"""

from api.carbonblack.search.selecting import devices_found

__all__ = ["devices_found"]
