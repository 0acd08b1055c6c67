"""Which media type to answer with."""

from collections.abc import Sequence


def best_of(accept: str, offered: Sequence[str]) -> str:
    """The best of what is offered, the first where the caller takes anything, "" if it takes none.

    `accept` is the header Accept; of equal weights what is named goes before a wildcard.
    """
    if not accept.strip():
        return offered[0]
    best, best_weight = "", (0.0, False)
    for item in accept.split(","):
        pattern, *parameters = (part.strip().lower() for part in item.split(";"))
        weight = _weight(parameters), "*" not in pattern
        found = next((each for each in offered if _fits(each, pattern)), "")
        if found and weight[0] and weight > best_weight:
            best, best_weight = found, weight
    return best


def _weight(parameters: list[str]) -> float:
    given = next((each[2:] for each in parameters if each.startswith("q=")), "1")
    try:
        return float(given)
    except ValueError:
        return 1.0


def _fits(media_type: str, pattern: str) -> bool:
    if pattern in {"*/*", "*", media_type}:
        return True
    return pattern.endswith("/*") and media_type.startswith(pattern[:-1])
