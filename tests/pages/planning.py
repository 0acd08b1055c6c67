"""The form of a plan, filled in."""

URL = "/deployments/new/"


def typed(*phases: tuple[str, str], **more: str) -> dict[str, str]:
    """Release os-2 to all devices; phases as (share, start), everything else by its name."""
    form = {
        "release": "os-2",
        "target": "all",
        "retries": "0",
        "phases-TOTAL_FORMS": "8",
        "phases-INITIAL_FORMS": "0",
    }
    for position, (percent, starts_at) in enumerate(phases):
        form |= {f"phases-{position}-percent": percent, f"phases-{position}-starts_at": starts_at}
    return form | more
