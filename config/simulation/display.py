"""A live picture of a simulated fleet, for a terminal."""

import asyncio

from rich.console import Console
from rich.live import Live
from rich.table import Table

from config.simulation.tally import Tally


async def show(tally: Tally) -> None:
    """Redraw twice a second until cancelled; says nothing when nobody is at a terminal."""
    console = Console()
    if not console.is_terminal:
        return
    with Live(_table(tally), console=console, auto_refresh=False) as live:
        while True:
            live.update(_table(tally), refresh=True)
            await asyncio.sleep(0.5)


def _table(tally: Tally) -> Table:
    table = Table.grid(padding=(0, 2))
    table.add_row(
        "devices", *(f"{word} {count:,}" for word, count in sorted((+tally.phases).items()))
    )
    table.add_row("so far", *(f"{word} {count:,}" for word, count in sorted(tally.events.items())))
    return table
