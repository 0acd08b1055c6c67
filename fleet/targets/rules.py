"""What the facts of a target must be like. Source: hawkBit, create and update of targets."""

import re
from urllib.parse import urlsplit

from fleet.declared import check_text
from fleet.errors import Invalid, NotFound
from fleet.identity import CONTROLLER_ID
from fleet.models import Organization, TargetType
from fleet.texts import is_storable

NAME_LENGTH, DESCRIPTION_LENGTH, ADDRESS_LENGTH = 128, 512, 512
_NOT_IN_URI = re.compile(r'[\s"<>\\^`{|}\x00-\x1f\x7f]|%(?![0-9A-Fa-f]{2})')


def check_controller_id(controller_id: str) -> str:
    """Raises Invalid("controller_id_invalid")."""
    if not CONTROLLER_ID.fullmatch(controller_id) or not is_storable(controller_id):
        text = "controllerId must have 1 to 256 characters, none of them white space"
        raise Invalid("controller_id_invalid", text, field="controllerId")
    return controller_id


def check_name(name: str) -> str:
    """Raises Invalid("text_invalid")."""
    check_text("name", name, NAME_LENGTH, least=1)
    return name


def check_description(description: str) -> str:
    """Raises Invalid("text_invalid")."""
    check_text("description", description, DESCRIPTION_LENGTH)
    return description


def check_address(address: str) -> str:
    """Raises Invalid("text_invalid") if it is too long, "address_invalid" if it is no URI."""
    check_text("address", address, ADDRESS_LENGTH)
    try:
        urlsplit(address)
        is_uri = not _NOT_IN_URI.search(address)
    except ValueError:
        is_uri = False
    if not is_uri:
        raise Invalid("address_invalid", f"{address} is no address", field="address")
    return address


def types_by_number(organization: Organization, numbers: set[int]) -> dict[int, TargetType]:
    """Raises NotFound("target_type_not_found") if there is not each of these."""
    known = TargetType.objects.filter(organization=organization).in_bulk(
        [number for number in numbers if abs(number) < 2**31]
    )
    if lacking := sorted(numbers - known.keys()):
        text = f"TargetType with given identifier {{{lacking[0]}}} does not exist."
        raise NotFound("target_type_not_found", text, field="targetType")
    return known
