"""How much of a machine one hostile file may use."""

from dataclasses import dataclass

KIB = 1024
MIB = 1024 * KIB


@dataclass(frozen=True, slots=True)
class Limits:
    """Ceilings for reading one artifact; sizes are bytes. The payload's own size has none.

    A compressed member counts as a bomb once it has unpacked to more than `bomb_floor` and to
    more than `bomb_ratio` times the compressed bytes read so far.
    """

    version: int = 4 * KIB
    manifest: int = 2 * MIB
    signature: int = 16 * KIB
    header: int = 64 * MIB  # unpacked, with all state scripts
    json_member: int = MIB
    json_total: int = 2 * MIB
    json_depth: int = 64  # levels of nesting
    text: int = 1024  # characters of one name, type, key or value
    header_members: int = 1024  # state scripts and documents
    payloads: int = 64  # archives
    files: int = 4096  # members, over all payloads
    bomb_floor: int = 256 * MIB
    bomb_ratio: int = 250
    xz_memory: int = 256 * MIB
    zstd_window: int = 128 * MIB


DEFAULT_LIMITS = Limits()
