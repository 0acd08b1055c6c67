"""The document lists every call there is, and no other."""

import re

from django.conf import settings

from api.mender.resources import Resource
from api.mender.urls import urlpatterns

ROW = re.compile(r"^\| ([A-Z]+) \| `(/[^`]*)` \| ([\d, ]+) \|", re.MULTILINE)
DEVICES, MANAGEMENT = "/api/devices", "/api/management"


def test_every_call_is_documented() -> None:
    text = (settings.ROOT / "docs/mender.md").read_text()
    devices, management = text.split("## Management", 1)
    documented = {(method, DEVICES + path) for method, path, _ in ROW.findall(devices)}
    documented |= {(method, MANAGEMENT + path) for method, path, _ in ROW.findall(management)}
    served = {
        (method, "/" + re.sub(r"<str:(\w+)>", r"{\1}", str(pattern.pattern)))
        for pattern in urlpatterns
        if isinstance(pattern.callback, Resource)
        for method in pattern.callback.views
    }
    assert documented == served
