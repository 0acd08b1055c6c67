"""The calls about jobs."""

from api.digi.openapi.operations import (
    JOB_ID,
    LIST,
    QUERY,
    ROOT,
    TABLE,
    Operation,
    envelope,
    listed,
)
from api.openapi.operations import Answer, Parameter, done, gives
from api.openapi.schema import TEXT, either, record, ref

_PAGE = gives(envelope(ref("Job"), {"cursor": TEXT, "next_uri": TEXT}), "One page.")
_XML = {200: Answer("One page.", {}, "application/xml")}
_CANCELLED = {
    200: listed(ref("Job"), "The jobs that are cancelled."),
    207: listed(either(ref("Job"), ref("Refusal")), "Some were cancelled, others were not."),
}
_DELETED = {**done(), 207: listed(ref("Refusal"), "Those that were not deleted.")}
_REQUIRED_QUERY = [Parameter("query", QUERY[0].schema, is_required=True)]
_SUMMARY = record({f"{name}_uri": TEXT for name in ("bulk", "cancel", "inventory")})

OPERATIONS = [
    Operation("GET", ROOT, "What there is", gives(_SUMMARY)),
    Operation("GET", f"{ROOT}/inventory", "A page of jobs", _PAGE, refuses=[400, 406], query=LIST),
    Operation("GET", f"{ROOT}/inventory.json", "A page of jobs", _PAGE, refuses=[400], query=LIST),
    Operation("GET", f"{ROOT}/inventory.xml", "A page of jobs", _XML, refuses=[400], query=LIST),
    Operation(
        "GET",
        f"{ROOT}/bulk",
        "All jobs as CSV",
        {200: Answer("A line for each.", {}, "text/csv")},
        refuses=[400],
        query=TABLE,
    ),
    *(
        Operation(
            "GET",
            f"{ROOT}{place}/{{job_id}}",
            "One job with its targets",
            gives(ref("JobWithTargets")),
            refuses=[404],
            in_path=JOB_ID,
        )
        for place in ("", "/inventory")
    ),
    *(
        Operation(
            "PUT",
            f"{ROOT}/cancel{slash}{{job_id}}",
            "Cancel jobs",
            _CANCELLED,
            refuses=[400, 404, 409],
            in_path=JOB_ID,
        )
        for slash in ("", "/")
    ),
    *(
        Operation(
            "PUT",
            f"{ROOT}{path}",
            "Cancel all that match",
            _CANCELLED,
            refuses=[400],
            query=_REQUIRED_QUERY,
        )
        for path in ("/inventory/cancel", "/cancel")
    ),
    Operation(
        "DELETE",
        f"{ROOT}/inventory/{{job_id}}",
        "Delete a job",
        done(),
        refuses=[404, 409],
        in_path=JOB_ID,
    ),
    *(
        Operation(
            "DELETE",
            f"{ROOT}{path}",
            "Delete all that match",
            _DELETED,
            refuses=[400],
            query=_REQUIRED_QUERY,
        )
        for path in ("/cancel", "/inventory")
    ),
]
