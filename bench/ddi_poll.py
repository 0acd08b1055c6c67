"""Polls per second of hawkBit's devices beside those of Mender's, in one process and one thread.

    python bench/ddi_poll.py [--database URL] [--devices N] [--polled N] [--rounds N] [--seconds N]

Each goes through its lane in front of Django, without a server. Rounds are interleaved; half of
the polled devices have an instruction standing, half have nothing to do. Only the ratio of one run
means anything. Needs the development dependencies; the database is made and dropped.
"""

import argparse
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from io import BytesIO
from itertools import cycle
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from bench.poll import installation

TOKEN = "0123456789abcdef0123456789abcdef"  # noqa: S105 - of every device here
BODY = b'{"device_provides":{"artifact_name":"before","device_type":"bench"}}'


def main() -> None:
    options = arguments()
    with installation(options.database) as folder:
        os.environ.update(PYTHONPATH=str(ROOT), TOKENS=f"{folder}/tokens", SLIPWAY_DEVICE_RATE="0")
        seed = [sys.executable, "bench/poll_seed.py", str(options.devices), str(options.polled)]
        subprocess.run(seed, cwd=ROOT, check=True)
        report(measure(options.rounds, options.seconds, options.polled))


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--database", default="postgres://postgres@127.0.0.1:5432/postgres")
    parser.add_argument("--devices", type=int, default=100_000)
    parser.add_argument("--polled", type=int, default=5_000)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--seconds", type=float, default=3)
    return parser.parse_args()


def measure(rounds: int, seconds: float, polled: int) -> list[dict[str, float]]:
    import django

    django.setup()
    from django.db import connection

    from fleet import presence

    name_devices(polled)
    lanes = {"mender": mender_polls(), "hawkbit": hawkbit_polls(polled)}
    try:
        for polls in lanes.values():
            rate(polls, 0.5)
        readings = []
        for turn in range(rounds):
            names = list(lanes)[:: 1 if turn % 2 else -1]
            readings.append({name: rate(lanes[name], seconds) for name in names})
            print(*(f"{name} {value:,.0f}/s" for name, value in readings[-1].items()), sep="  ")
        return readings
    finally:
        # The database is dropped: nobody is to write into it any more.
        presence.forget()
        connection.close()


def name_devices(polled: int) -> None:
    """Give the polled devices a security token, which their organization allows."""
    from fleet.models import Device, Organization, SecurityToken
    from fleet.security_tokens import row_of

    organization = Organization.objects.get(key="BENCH")
    organization.policies = {"target_token_enabled": {"value": True}}
    organization.save()
    devices = list(Device.objects.order_by("number")[:polled])
    for device in devices:
        device.controller_id = device.name
        device.wants_attributes, device.address = False, "http://127.0.0.1"
    facts = ["controller_id", "wants_attributes", "address"]
    Device.objects.bulk_update(devices, facts, batch_size=1000)
    first = row_of(devices[0], TOKEN)
    SecurityToken.objects.bulk_create(
        SecurityToken(device=device, sealed=first.sealed, digest=first.digest) for device in devices
    )


def mender_polls() -> Iterator[tuple[Any, dict[str, Any]]]:
    from api.mender.fast_lane import V2, FastLane

    lane = FastLane(nobody)
    for token in cycle(Path(os.environ["TOKENS"]).read_text().split()):
        environ = asked("POST", V2, f"Bearer {token}")
        yield (
            lane,
            environ
            | {
                "CONTENT_TYPE": "application/json",
                "CONTENT_LENGTH": str(len(BODY)),
                "wsgi.input": BytesIO(BODY),
            },
        )


def hawkbit_polls(polled: int) -> Iterator[tuple[Any, dict[str, Any]]]:
    from api.hawkbit.ddi.fast_lane import FastLane

    lane = FastLane(nobody)
    for number in cycle(range(polled)):
        path = f"/BENCH/controller/v1/bench-{number}"
        yield lane, asked("GET", path, f"TargetToken {TOKEN}")


def asked(method: str, path: str, authorization: str) -> dict[str, Any]:
    return {
        "REQUEST_METHOD": method,
        "PATH_INFO": path,
        "QUERY_STRING": "",
        "HTTP_AUTHORIZATION": authorization,
        "HTTP_HOST": "127.0.0.1",
        "REMOTE_ADDR": "127.0.0.1",
        "wsgi.url_scheme": "http",
    }


def nobody(environ: dict[str, Any], start_response: Any) -> list[bytes]:
    sys.exit(f"{environ['PATH_INFO']} is no poll.")


def rate(polls: Iterator[tuple[Any, dict[str, Any]]], seconds: float) -> float:
    count, begun = 0, time.perf_counter()
    while (now := time.perf_counter()) - begun < seconds:
        lane, environ = next(polls)
        b"".join(lane(environ, check))
        count += 1
    return count / (now - begun)


def check(status: str, _: list[tuple[str, str]]) -> None:
    if status[:3] not in {"200", "204"}:
        sys.exit(f"A poll was answered with {status}.")


def report(rounds: list[dict[str, float]]) -> None:
    for name in sorted(rounds[0]):
        print(f"{name:8} median {statistics.median(each[name] for each in rounds):8,.0f}/s")
    ratios = sorted(each["hawkbit"] / each["mender"] for each in rounds)
    print(
        f"hawkbit / mender  median {statistics.median(ratios):.3f}"
        f"   ({ratios[0]:.3f} to {ratios[-1]:.3f})"
    )


if __name__ == "__main__":
    main()
