"""Jobs, as lists and filters know them."""

from jobs.models import Job
from query.declaring import choice, identifier, json, moment, number, text
from query.listing import Listing

JOBS = Listing(
    "jobs",
    (
        identifier("id", "Identifier", is_indexed=True),
        text("kind", "What is done", example="artifacts.generate"),
        choice("state", "How far it has come", Job.State.values, example="running"),
        number("progress", "How much of it is done, in percent"),
        number("attempts", "How often it was begun: what breaks off is begun again"),
        text("error", "Why it failed, or why the last attempt did"),
        json("result", "What came of it, once it is done"),
        moment("created_at", "When it was asked for", is_indexed=True),
        moment("due_at", "When it may begin, or begin again"),
        moment("finished_at", "When it was done, or given up", is_nullable=True),
    ),
    key="id",
    sort=("-created_at",),
)
