"""The statuses that the documentation of Mender's API gives for each of its calls.

401, 403, 429 and 500 are the "common HTTP response codes" of every call, said there once.
"""

import re

COMMON = frozenset({401, 403, 429, 500})
TEXT = """
Deployments (devices)             /api/devices/v1/deployments
GET    /device/deployments/next                                    200 204 400 404 409
POST   /device/deployments/next                                    200 204 400 409
PUT    /device/deployments/{}/status                               204 400 404 409
PUT    /device/deployments/{}/log                                  204 400 404
GET    /download/configuration/{}/{}/{}                            200 400 403
Deployments, version 2 (devices)  /api/devices/v2/deployments
POST   /device/deployments/next                                    200 204 400 409
GET    /device/deployments/{}/update_control_map                   200 400 404
Device authentication (devices)   /api/devices/v1/authentication
POST   /auth_requests                                              200 400 401
Device configure (devices)        /api/devices/v1/deviceconfig
GET    /configuration                                              200 400 404
PUT    /configuration                                              204 400
Device connect (devices)          /api/devices/v1/deviceconnect
GET    /connect                                                    101 400
Device monitor (devices)          /api/devices/v1/devicemonitor
POST   /alert                                                      204 400
POST   /config                                                     204 400
Device inventory (devices)        /api/devices/v1/inventory
PATCH  /device/attributes                                          200 400 401
PUT    /device/attributes                                          200 400 401
Audit logs                        /api/management/v1/auditlogs
GET    /logs                                                       200 401 429
GET    /logs/export                                                200 401 429
Deployments                       /api/management/v1/deployments
GET    /deployments                                                200 400 401
POST   /deployments                                                201 400 401 422
POST   /deployments/statistics/list                                200 400 401 404
POST   /deployments/group/{}                                       201 400 401 422
GET    /deployments/{}                                             200 401 404
PATCH  /deployments/{}                                             204 400 401 404 409
PUT    /deployments/{}/status                                      204 400 401 404 422
GET    /deployments/{}/statistics                                  200 401 404
GET    /deployments/{}/devices                                     200 401 404
GET    /deployments/{}/devices/list                                200 401 404
GET    /deployments/{}/device_list                                 200 400 401 404
GET    /deployments/{}/devices/{}/log                              200 401 404
DELETE /deployments/devices/{}                                     204 401
GET    /deployments/releases                                       200 401
GET    /deployments/releases/list                                  200 401
GET    /artifacts                                                  200 401
POST   /artifacts                                                  201 400 401
GET    /artifacts/list                                             200 401
POST   /artifacts/generate                                         201 400 401
GET    /artifacts/{}                                               200 400 401 404
PUT    /artifacts/{}                                               204 400 401 404 422
DELETE /artifacts/{}                                               204 401 404 409
GET    /artifacts/{}/download                                      200 400 401 404
GET    /limits/storage                                             200 401
Deployments, version 2            /api/management/v2/deployments
POST   /deployments                                                201 400 422
Device authentication             /api/management/v2/devauth
GET    /devices                                                    200 400
POST   /devices                                                    201 400 409
POST   /devices/search                                             200 400
GET    /devices/{}                                                 200 404
DELETE /devices/{}                                                 204 404
DELETE /devices/{}/auth/{}                                         204 404
GET    /devices/{}/auth/{}/status                                  200 404
PUT    /devices/{}/auth/{}/status                                  204 400 404 422
GET    /devices/count                                              200 400
DELETE /tokens/{}                                                  204 404
GET    /limits/{}                                                  200
Device configure                  /api/management/v1/deviceconfig
GET    /configurations/device/{}                                   200 400 404
PUT    /configurations/device/{}                                   204
"""
CALL = re.compile(r"([A-Z]+) +(/\S*) +([\d ]+)")


def documented() -> dict[tuple[str, str], set[int]]:
    """By method and path, whose parameters are all `{}`."""
    found, base = {}, ""
    for line in TEXT.strip().splitlines():
        if matched := CALL.fullmatch(line):
            method, path, statuses = matched.groups()
            found[method, base + path] = set(map(int, statuses.split()))
        else:
            base = line.split()[-1]
    return found
