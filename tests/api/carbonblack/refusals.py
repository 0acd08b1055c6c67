"""What was refused, and with which error."""

from django.http import HttpResponse


def refused(answer: HttpResponse, status: int = 400) -> tuple[str, list[object]]:
    """The code and the arguments of an error, once its shape is what it must be."""
    assert answer.status_code == status, (answer.status_code, answer.content[:500])
    assert answer.headers["Content-Type"] == "application/json"
    told = answer.json()
    assert list(told) == ["error_code", "message", "args"]
    assert told["message"]
    return told["error_code"], told["args"]
