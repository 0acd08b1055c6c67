"""One try to deliver: what goes out, what comes back, and how long anybody waits for it."""

import asyncio
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import httpx
from django.utils import timezone

from fleet.outgoing.resolving import Refused
from fleet.outgoing.transport import AsyncCheckedTransport
from fleet.texts import storable
from webhooks import destinations
from webhooks.bodies import body_of
from webhooks.models import Attempt, Delivery
from webhooks.signing import signatures

# Seconds: for the connection, between two pieces of an answer, and for everything together.
CONNECT, READ, DEADLINE = 5.0, 10.0, 15.0
MOST_READ = 64 * 1024
KEPT = 1024
GONE = 410
USER_AGENT = "Slipway (webhooks)"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one try; `error` is "" when it succeeded."""

    delivery: Delivery
    at: datetime
    duration_ms: int
    status_code: int | None = None
    error: str = ""
    response: str = ""

    @property
    def attempt(self) -> Attempt:
        return Attempt(
            delivery=self.delivery,
            at=self.at,
            duration_ms=self.duration_ms,
            status_code=self.status_code,
            error=self.error,
            response=self.response,
        )


async def send_all(
    client: httpx.AsyncClient, url: str, keys: Sequence[str], deliveries: Sequence[Delivery]
) -> list[Outcome]:
    """Send these at the same time, signed with each of the keys; whatever happens is an outcome."""
    return list(await asyncio.gather(*(_send(client, url, keys, each) for each in deliveries)))


async def _send(
    client: httpx.AsyncClient, url: str, keys: Sequence[str], delivery: Delivery
) -> Outcome:
    at, begun = timezone.now(), time.monotonic()
    status_code, response, error = None, bytearray(), ""
    body = body_of(delivery.event)
    headers = _headers(keys, str(delivery.event.id), int(at.timestamp()), body)
    try:
        async with (
            asyncio.timeout(DEADLINE),
            client.stream("POST", url, content=body, headers=headers) as answer,
        ):
            status_code = answer.status_code
            await _read(answer, response)
    except (TimeoutError, httpx.TimeoutException) as late:
        error = _late(late)
    except Refused as refusal:
        error = str(refusal)
    except (httpx.HTTPError, httpx.InvalidURL, OSError, ValueError) as broken:
        error = f"The connection failed: {broken or type(broken).__name__}"
    if status_code is not None:
        # The status line is the answer; how its body went is not.
        error = _verdict(status_code)
    return Outcome(
        delivery,
        at,
        round((time.monotonic() - begun) * 1000),
        status_code,
        storable(error)[:256],
        storable(response.decode(errors="replace"))[:KEPT],
    )


def client() -> httpx.AsyncClient:
    """What sends: directly, following nobody, to checked addresses only."""
    return httpx.AsyncClient(
        transport=AsyncCheckedTransport(destinations.allowed),
        timeout=httpx.Timeout(READ, connect=CONNECT),
        follow_redirects=False,
        trust_env=False,
    )


async def _read(answer: httpx.Response, into: bytearray) -> None:
    """Read a little; as it comes, lest something small unpacks into something large."""
    read = 0
    async for piece in answer.aiter_raw(chunk_size=4096):
        read += len(piece)
        into += piece[: max(KEPT * 4 - len(into), 0)]
        if read >= MOST_READ:
            return


def _headers(
    keys: Sequence[str], message_id: str, timestamp: int, body: bytes
) -> Mapping[str, str]:
    return {
        "content-type": "application/json",
        "accept-encoding": "identity",
        "user-agent": USER_AGENT,
        "webhook-id": message_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": signatures(keys, message_id, timestamp, body),
    }


def _verdict(status_code: int) -> str:
    """What is wrong with this status; nothing if it is a success."""
    if 200 <= status_code < 300:
        return ""
    if 300 <= status_code < 400:
        return f"It answered {status_code}, a redirect, which is not followed."
    return f"It answered {status_code}."


def _late(late: Exception) -> str:
    if isinstance(late, httpx.ConnectTimeout):
        return f"No connection within {CONNECT:.0f} s."
    if isinstance(late, httpx.ReadTimeout):
        return f"It took the connection and then said nothing for {READ:.0f} s."
    return f"No whole answer within {DEADLINE:.0f} s."
