"""Which device a call is about: the appliance is its own host, or stands in front of the path.

As a host it is `<number or name>.npm.<name of the server>`, or what the device's `host_name` says;
in front of the path, where there is no DNS, `/npm/<number, UUID or name>`. Source: NPM, {device}.
"""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.db.models import Q
from django.http.request import split_domain_port

from api.endpoints import Call
from api.npm.errors import not_found
from fleet.models import Device
from fleet.texts import is_storable

LABEL = ".npm."
HIGHEST = 2**31 - 1
_NUMBER = re.compile(r"[0-9]{1,10}")


def device_of(call: Call, named: str | None) -> Device:
    """The device of the call's organization that `named` says, or else the host.

    Raises Refused (404), also where several devices have the name, and for one that was not
    admitted.
    """
    meant = _of_host(call) if named is None else _called(named)
    devices = Device.objects.of(call.organization).accepted().select_related("organization")
    for condition in meant:
        found = list(devices.filter(condition)[:2])
        if len(found) == 1:
            return found[0]
    raise not_found("There is no such appliance.")


def _of_host(call: Call) -> Iterator[Q]:
    """DNS ignores case, and so do the names of devices in it."""
    host = split_domain_port(call.get_host())[0].rstrip(".")
    yield Q(host_name=host)
    if label := _label(host):
        yield from _called(label)
        yield Q(name__iexact=label)


def _label(host: str) -> str:
    """What stands before `.npm.` and the name of the server; "" for any other host."""
    server = urlsplit(settings.PUBLIC_URL).hostname
    if server:
        end = LABEL + server
        return host.removesuffix(end) if host.endswith(end) else ""
    label, separator, _ = host.partition(LABEL)
    return label if separator else ""


def _called(text: str) -> Iterator[Q]:
    """A number is a number first, even if another device is called so."""
    if _NUMBER.fullmatch(text) and int(text) <= HIGHEST:
        yield Q(number=int(text))
    elif len(text) in {32, 36} and (id_ := _uuid(text)):
        yield Q(id=id_)
    if is_storable(text):
        yield Q(name=text)


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
