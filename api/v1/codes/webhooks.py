"""What can be wrong with webhooks and their deliveries."""

from api.v1.codes.entry import Code

CODES: dict[str, Code] = {
    "delivery_pending": Code(409, "Delivery pending", "The delivery waits and is sent by itself."),
    "event_kind_unknown": Code(
        400,
        "Kind of event unknown",
        "A webhook names at least one kind of event, and only such as there are.",
    ),
    "reason_invalid": Code(400, "Reason invalid", "A reason is a short text."),
    "url_invalid": Code(
        400,
        "Address invalid",
        "A webhook goes to an address of the form `https://host/path`, without a user in it.",
    ),
    "url_private": Code(
        400,
        "Address private",
        "The address leads into a private network, which this server does not call.",
    ),
    "delivery_unknown": Code(404, "No such delivery", "The page was of a delivery that is gone."),
    "webhook_disabled": Code(409, "Webhook disabled", "The webhook is disabled: enable it first."),
    "webhook_exists": Code(
        409, "Webhook exists", "The organization has a webhook of this name already."
    ),
    "webhook_limit": Code(
        409, "Too many webhooks", "The organization has as many webhooks as it may."
    ),
    "webhook_name_invalid": Code(
        400, "Name of a webhook invalid", "A name has 1 to 128 characters."
    ),
    "webhook_unknown": Code(404, "Webhook unknown", "There is no such webhook any more."),
}
