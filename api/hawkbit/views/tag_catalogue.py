"""Tags by name, of targets and of distribution sets. Source: hawkBit, target tags, DS tags."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar

from api.hawkbit.errors import not_found
from api.hawkbit.listing.repository import DISTRIBUTION_SET_TAGS
from api.hawkbit.listing.targets import TARGET_TAGS
from api.hawkbit.lists import listed
from api.hawkbit.members import text_of
from api.hawkbit.requests import Call, json_object, json_objects
from api.hawkbit.resources import CREATED, NOTHING, Answer, Resource
from api.hawkbit.rights import Right
from api.hawkbit.shapes.kinds import tag as told_tag
from api.hawkbit.shapes.kinds import tags as told_tags
from artifacts import tagging as releases
from fleet import tagging as devices
from fleet.models import Tag
from fleet.tag_catalogue import NewTag, tags_of
from query.listing import Listing

MEMBERS = ("name", "description", "colour")


@dataclass(frozen=True, slots=True)
class Catalogue:
    """What the tags of one kind are called here, and who changes them."""

    kind: Tag.Kind
    entity: str
    listing: Listing
    declare: Callable[..., list[Tag]]
    change: Callable[..., Tag]
    forget: Callable[..., None]


TARGETS = Catalogue(
    Tag.Kind.DEVICE,
    "TargetTag",
    TARGET_TAGS,
    devices.declare_device_tags,
    devices.change_device_tag,
    devices.delete_device_tag,
)
SETS = Catalogue(
    Tag.Kind.RELEASE,
    "DistributionSetTag",
    DISTRIBUTION_SET_TAGS,
    releases.declare_release_tags,
    releases.change_release_tag,
    releases.delete_release_tag,
)


class Tags(Resource):
    catalogue: ClassVar[Catalogue]

    def get(self, call: Call) -> dict[str, Any]:
        rows = tags_of(call.organization, self.catalogue.kind)
        return listed(call, self.catalogue.listing, rows, lambda page: told_tags(call, page))

    def post(self, call: Call) -> Answer:
        new = [_new(body) for body in json_objects(call)]
        rows = self.catalogue.declare(actor=call.actor, organization=call.organization, tags=new)
        return Answer(CREATED, told_tags(call, rows))


class OneTag(Resource):
    catalogue: ClassVar[Catalogue]

    def get(self, call: Call, tag_id: int) -> dict[str, Any]:
        return told_tag(call, find(call, self.catalogue, tag_id))

    def put(self, call: Call, tag_id: int) -> dict[str, Any]:
        row, body = find(call, self.catalogue, tag_id), json_object(call)
        given = {name: text_of(body, name) for name in MEMBERS}
        change = {name: text for name, text in given.items() if text is not None}
        return told_tag(call, self.catalogue.change(actor=call.actor, tag=row, change=change))

    def delete(self, call: Call, tag_id: int) -> Answer:
        self.catalogue.forget(actor=call.actor, tag=find(call, self.catalogue, tag_id))
        return NOTHING


class TargetTags(Tags):
    catalogue = TARGETS
    needs = {"GET": (Right.READ_TARGET,), "POST": (Right.CREATE_TARGET,)}


class OneTargetTag(OneTag):
    catalogue = TARGETS
    needs = {
        "GET": (Right.READ_TARGET,),
        "PUT": (Right.UPDATE_TARGET,),
        "DELETE": (Right.DELETE_TARGET,),
    }


class SetTags(Tags):
    catalogue = SETS
    needs = {"GET": (Right.READ_REPOSITORY,), "POST": (Right.CREATE_REPOSITORY,)}


class OneSetTag(OneTag):
    catalogue = SETS
    needs = {
        "GET": (Right.READ_REPOSITORY,),
        "PUT": (Right.UPDATE_REPOSITORY,),
        "DELETE": (Right.DELETE_REPOSITORY,),
    }


def find(call: Call, catalogue: Catalogue, tag_id: int) -> Tag:
    """Raises Refused (404)."""
    row = tags_of(call.organization, catalogue.kind).filter(pk=tag_id).first()
    if row is None:
        raise not_found(catalogue.entity, tag_id)
    return row


def _new(body: dict[str, Any]) -> NewTag:
    name, description, colour = (text_of(body, each) or "" for each in MEMBERS)
    return NewTag(name, description, colour)
