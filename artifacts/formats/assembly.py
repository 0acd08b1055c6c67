"""From the headers to what the artifact provides, needs and clears as a whole."""

from dataclasses import dataclass

from artifacts.formats.errors import Code, FormatError, quoted
from artifacts.formats.header import AugmentHeader, Header, PayloadHeader
from artifacts.formats.header_info import TypeInfo

_NOTHING = TypeInfo(type="", provides={}, depends={}, clears=None)


@dataclass(frozen=True, slots=True)
class PayloadPlan:
    """One payload as the headers announce it; `files` lists names in version 2 only."""

    type: str | None
    provides: dict[str, str]
    depends: dict[str, list[str]]
    clears: tuple[str, ...]
    metadata: dict[str, object]
    files: tuple[str, ...] | None


def plan_payloads(header: Header, augment: AugmentHeader | None) -> list[PayloadPlan]:
    """One plan per payload, with the augmented header's additions merged in."""
    count = len(header.payloads)
    extra_types = augment.types if augment else ()
    extras = augment.payloads if augment else []
    if len(extras) > count:
        raise _bad("The augmented header has more payloads than the header.")
    missing = count - len(extras)
    return [
        _plan(original_type, original, extra_type, extra)
        for original_type, original, extra_type, extra in zip(
            header.info.types,
            header.payloads,
            (*extra_types, *[""] * missing),
            (*extras, *[PayloadHeader()] * missing),
            strict=True,
        )
    ]


def join_provides(header: Header, plans: list[PayloadPlan]) -> dict[str, str]:
    """What the header and all payloads provide; `bad_header` when a key comes twice."""
    joined = dict(header.info.provides)
    for plan in plans:
        _require_new(plan.provides.keys() & joined.keys(), "provides")
        joined |= plan.provides
    return joined


def join_depends(header: Header, plans: list[PayloadPlan]) -> dict[str, list[str]]:
    """What the header and all payloads need; `bad_header` when a key comes twice."""
    joined = dict(header.info.depends)
    for plan in plans:
        _require_new(plan.depends.keys() & joined.keys(), "depends")
        joined |= plan.depends
    return joined


def _plan(
    type_: str | None, original: PayloadHeader, extra_type: str, extra: PayloadHeader
) -> PayloadPlan:
    info, added = original.type_info or _NOTHING, extra.type_info or _NOTHING
    _require_type(info.type, type_)
    _require_type(added.type, extra_type or type_)
    if type_ is None and (extra_type or extra != PayloadHeader()):
        raise _bad("A bootstrap payload cannot be augmented.")
    return PayloadPlan(
        type=extra_type or type_,
        provides=info.provides | added.provides,
        depends=info.depends | added.depends,
        clears=(info.clears if added.clears is None else added.clears) or (),
        metadata=_merge(original.metadata or {}, extra.metadata or {}),
        files=original.files,
    )


def _require_type(in_type_info: str, in_header_info: str | None) -> None:
    # rootfs-image leaves it empty in type-info
    if in_type_info not in ("", in_header_info):
        raise _bad(f"The type {quoted(in_type_info)} in type-info is not the one in header-info.")


def _merge(original: dict[str, object], added: dict[str, object]) -> dict[str, object]:
    merged = dict(original)
    for key, value in added.items():
        old = original.get(key, value)
        if isinstance(old, dict) and isinstance(value, dict):
            merged[key] = _merge(old, value)
        elif _shape(old) is _shape(value):
            merged[key] = value
        else:
            raise _bad(f"The augmented meta-data gives {quoted(key)} another shape.")
    return merged


def _shape(value: object) -> type | None:
    return type(value) if isinstance(value, (dict, list)) else None


def _require_new(clashes: set[str], what: str) -> None:
    if clashes:
        raise _bad(f"{quoted(min(clashes))} is given twice in artifact_{what}.")


def _bad(message: str) -> FormatError:
    return FormatError(Code.BAD_HEADER, message)
