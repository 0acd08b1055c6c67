"""A share of the devices of `bench/rollout.py`, each of which has come to the end of the rollout.

    python bench/rollout_devices.py DEVICES INDEX OF

They call through the server's own entry, in this process. Told in the end, as JSON: how many calls
there were in how many seconds, and the longest of them, and the longest transaction, in seconds.
"""

import io
import json
import sys
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench.rollout import KEY, VERSION

HOST = "http://bench.example.com"
CLOSED = json.dumps({"status": {"execution": "closed", "result": {"finished": "success"}}}).encode()


class Devices:
    """Those whose number leaves `index` when it is divided by `of`."""

    def __init__(self, devices: int, index: int, of: int) -> None:
        from config.wsgi import application

        self.application: Any = application
        self.waiting = [f"bench-{number}" for number in range(index, devices, of)]
        self.calls = 0
        self.longest = 0.0

    def run(self) -> None:
        while self.waiting:
            self.waiting = [name for name in self.waiting if not self.is_done(name)]

    def is_done(self, name: str) -> bool:
        """Poll, do what one is told, and say so; whether that was the installation."""
        links = self.call("GET", f"/BENCH/controller/v1/{name}").get("_links", {})
        if "cancelAction" in links:
            self.say(links["cancelAction"]["href"])
            return False
        if "deploymentBase" not in links:
            return False
        told = self.call("GET", links["deploymentBase"]["href"].removeprefix(HOST))
        self.say(links["deploymentBase"]["href"])
        # It may have come for what it was to install before.
        return all(chunk["version"] == VERSION for chunk in told["deployment"]["chunks"])

    def say(self, href: str) -> None:
        path = href.removeprefix(HOST).partition("?")[0]
        self.call("POST", f"{path}/feedback", CLOSED)

    def call(
        self, method: str, address: str, body: bytes = b"", *, expected: str = "200"
    ) -> dict[str, Any]:
        path, _, query = address.partition("?")
        told: list[str] = []
        begun = time.perf_counter()
        answer = self.application(
            {
                "REQUEST_METHOD": method,
                "PATH_INFO": path,
                "QUERY_STRING": query,
                "SERVER_NAME": "bench.example.com",
                "SERVER_PORT": "80",
                "HTTP_HOST": "bench.example.com",
                "HTTP_AUTHORIZATION": f"GatewayToken {KEY}",
                "REMOTE_ADDR": "127.0.0.1",
                "CONTENT_TYPE": "application/json",
                "CONTENT_LENGTH": str(len(body)),
                "wsgi.input": io.BytesIO(body),
                "wsgi.errors": sys.stderr,
                "wsgi.url_scheme": "http",
            },
            lambda status, _headers, *_: told.append(status),
        )
        content = b"".join(answer)
        if hasattr(answer, "close"):
            answer.close()
        self.longest = max(self.longest, time.perf_counter() - begun)
        self.calls += 1
        if not told[0].startswith(expected):
            raise SystemExit(f"{method} {address}: {told[0]} {content[:500]!r}")
        return json.loads(content) if content else {}


class Transactions:
    """Times the outermost ones."""

    longest = 0.0

    @classmethod
    def watch(cls) -> None:
        from django.db.transaction import Atomic

        enter, leave = Atomic.__enter__, Atomic.__exit__
        begun: list[float] = []

        def entering(self: Atomic) -> None:
            begun.append(time.perf_counter())
            enter(self)

        def leaving(self: Atomic, *raised: Any) -> None:
            leave(self, *raised)
            since = begun.pop()
            if not begun:
                cls.longest = max(cls.longest, time.perf_counter() - since)

        Atomic.__enter__, Atomic.__exit__ = entering, leaving  # type: ignore[method-assign]


def main() -> None:
    share = [int(word) for word in sys.argv[1:]]
    devices = Devices(*share)
    Transactions.watch()
    # The first calls of a process make what the others find made.
    at = f"/BENCH/controller/v1/{devices.waiting[0]}"
    devices.call("GET", at)
    devices.call("POST", f"{at}/deploymentBase/0/feedback", CLOSED, expected="404")
    devices.longest = Transactions.longest = 0.0
    begun = time.perf_counter()
    devices.run()
    facts = {
        "calls": devices.calls,
        "seconds": time.perf_counter() - begun,
        "call": devices.longest,
        "transaction": Transactions.longest,
    }
    print(json.dumps(facts))


if __name__ == "__main__":
    main()
