"""Ids in addresses: `<number:tag_id>`, once this module is imported by a URLconf."""

import re

from django.urls import register_converter

NUMBER = re.compile(r"[+-]?[0-9]{1,18}")


class PathNumber:
    """A whole number; None for what is none, which `Resource` answers with 400."""

    regex = "[^/]+"

    def to_python(self, text: str) -> int | None:
        return int(text) if NUMBER.fullmatch(text) else None

    def to_url(self, number: int) -> str:
        return str(number)


register_converter(PathNumber, "number")
