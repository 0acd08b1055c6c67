"""The images of an appliance, as its calls are described. Source: the seed, image and images."""

from api.npm.openapi.operations import BASE, Operation
from api.openapi.operations import Parameter, done, gives, sends
from api.openapi.schema import (
    BYTES,
    TEXT,
    Schema,
    array,
    asked,
    choice,
    either,
    record,
    ref,
    text,
    whole,
)
from artifacts.images import ImageState
from artifacts.raw_files import MAX_VERSION
from fleet.outgoing.urls import LONGEST

IMAGES = f"{BASE}/images"
VERBS = ("POST", "PUT")
STATES = [state.upper() for state in ImageState.values]
CHECKSUM: Schema = TEXT | {"pattern": "^[0-9a-f]{64}$"}
VERSION = [Parameter("X-Image-Version", text(least=1, most=MAX_VERSION), place="header")]
FORM = asked({"file": BYTES})

SCHEMAS: dict[str, Schema] = {
    "Image": record(
        {
            "id": whole(1),
            "state": choice(*STATES),
            "state_description": TEXT,
            "progress": whole(0, 100),
        },
        {"checksum": CHECKSUM, "version": TEXT},
    ),
    "Images": record({"items": array(ref("Image"))}),
}

OPERATIONS: list[Operation] = [
    Operation("GET", IMAGES, "List the images", gives(ref("Images"))),
    Operation("GET", f"{IMAGES}/items/{{image_id}}", "Show an image", gives(ref("Image")), [404]),
    Operation("DELETE", f"{IMAGES}/items/{{image_id}}", "Delete an image", done(), [404, 409]),
    *(
        Operation(
            *(verb, f"{IMAGES}/fetch", "Have an image fetched"),
            gives(ref("Image"), "It is coming."),
            [400],
            body=sends(asked({"url": text(least=1, most=LONGEST)})),
            headers=VERSION,
        )
        for verb in VERBS
    ),
    *(
        Operation(
            *(verb, f"{IMAGES}/upload", "Send an image, as the body or as the part `file`"),
            gives(ref("Image"), "It is there, valid or not."),
            [400],
            body=sends(either(BYTES, FORM), "application/octet-stream", "multipart/form-data"),
            headers=VERSION,
        )
        for verb in VERBS
    ),
]
