"""Devices that poll Mender's API without a pause, for `bench/job.py`.

    python bench/job_polls.py PORT

The first line that comes in is a JSON list of their tokens; they poll until another line comes, and
tell, as JSON, how many polls there were and the longest of them in seconds.
"""

import json
import select
import sys
import time

import httpx

BODY = {"device_provides": {"artifact_name": "release-0", "device_type": "board-1"}}


def main() -> None:
    url = f"http://127.0.0.1:{sys.argv[1]}/api/devices/v2/deployments/device/deployments/next"
    tokens = json.loads(sys.stdin.readline())
    polls, longest = 0, 0.0
    with httpx.Client(timeout=60) as client:
        while not select.select([sys.stdin], [], [], 0)[0]:
            bearer = {"Authorization": f"Bearer {tokens[polls % len(tokens)]}"}
            begun = time.perf_counter()
            answer = client.post(url, json=BODY, headers=bearer)
            longest = max(longest, time.perf_counter() - begun)
            if answer.status_code not in {200, 204, 409}:
                sys.exit(f"A poll was answered {answer.status_code}")
            polls += 1
    print(json.dumps({"polls": polls, "longest": longest}))


if __name__ == "__main__":
    main()
