"""Slipway's API as an integrator would wrap it who has read no more than its documentation."""

import uuid
from collections.abc import Callable, Iterator
from typing import Any

import httpx

Thing = dict[str, Any]


class Slipway:
    """Calls with a token; raises httpx.HTTPStatusError for what is refused."""

    def __init__(self, url: str, token: str, transport: httpx.BaseTransport | None = None) -> None:
        self.http = httpx.Client(
            base_url=f"{url}/api/v1",
            headers={"Authorization": f"Bearer {token}"},
            timeout=30,
            transport=transport,
        )

    def __enter__(self) -> "Slipway":
        return self

    def __exit__(self, *_: object) -> None:
        self.http.close()

    def get(self, path: str, **parameters: Any) -> Any:
        return self.http.get(path, params=parameters).raise_for_status().json()

    def all_of(self, path: str, **parameters: Any) -> Iterator[Thing]:
        """Every row of a list, page by page."""
        page = self.get(path, **parameters)
        while True:
            yield from page["items"]
            if page["next"] is None:
                return
            page = self.http.get(page["next"]).raise_for_status().json()

    def create(self, path: str, body: Thing, *, attempts: int = 3) -> Thing:
        """Made once, however often the answer gets lost on the way."""
        headers = {"Idempotency-Key": str(uuid.uuid4())}
        for left in reversed(range(attempts)):
            try:
                answer = self.http.post(path, json=body, headers=headers)
            except httpx.TransportError:
                if not left:
                    raise
                continue
            made: Thing = answer.raise_for_status().json()
            return made
        raise AssertionError("no attempts")

    def change(self, path: str, how: Callable[[Thing], Thing]) -> Thing:
        """Patch what `how` makes of the thing as it is; looks again if somebody was quicker."""
        while True:
            found = self.http.get(path).raise_for_status()
            headers = {"If-Match": found.headers["ETag"]}
            answer = self.http.patch(path, json=how(found.json()), headers=headers)
            if answer.status_code != httpx.codes.PRECONDITION_FAILED:
                changed: Thing = answer.raise_for_status().json()
                return changed

    def upload(self, chunks: Iterator[bytes]) -> Thing:
        """An artifact whose length nobody knows beforehand."""
        answer = self.http.post(
            "/artifacts",
            content=_form(chunks),
            headers={"Content-Type": "multipart/form-data; boundary=edge"},
        )
        made: Thing = answer.raise_for_status().json()
        return made


def _form(chunks: Iterator[bytes]) -> Iterator[bytes]:
    yield b"--edge\r\n"
    yield b'Content-Disposition: form-data; name="artifact"; filename="a.mender"\r\n\r\n'
    yield from chunks
    yield b"\r\n--edge--\r\n"
