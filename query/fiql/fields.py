"""The fields that a listing can be asked for, and what is said to whoever asks for others."""

import difflib

from query.fiql.errors import Misread, shortened
from query.fiql.sentences import Literal
from query.listing import Listing

# What stands for a saved condition, by its name: `filter==name`.
NAMED = "filter"


def no_field(listing: Listing, selector: Literal) -> Misread:
    known = names(listing)
    said = selector.text[:64].casefold()
    near = difflib.get_close_matches(said.split(".")[0], known, n=3, cutoff=0.5)
    near = difflib.get_close_matches(said, known, n=3, cutoff=0.6) or near
    expected = (*near, *(name for name in known if name not in near))
    advice = f" (did you mean {' or '.join(near)}?)" if near else f"; there are {', '.join(known)}"
    message = f"There is no field “{shortened(selector.text)}”{advice}"
    return Misread(selector.start, selector.text, expected, message)


def not_askable(listing: Listing, selector: Literal) -> Misread:
    found = f"“{shortened(selector.text)}”"
    known = names(listing)
    near = [name for name in known if name.startswith(f"{selector.text.casefold().strip('.')}.")]
    if near:
        message = f"{found} has values by name: write the name behind it, as in {near[0]}"
        return Misread(selector.start, selector.text, tuple(near), message)
    return Misread(selector.start, selector.text, known, f"{found} can be read, not asked for")


def names(listing: Listing) -> tuple[str, ...]:
    """The fields that can be asked for; of a MAP a name in it stands for all."""
    found: list[str] = []
    for column in listing.filterable:
        if column.target is not None:
            found.append(column.name)
        if column.target_at is not None:
            found.append(f"{column.name}.{column.example or 'name'}")
    return (*found, NAMED) if listing.named else tuple(found)
