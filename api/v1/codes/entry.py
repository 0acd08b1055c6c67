"""What is said of one code."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Code:
    """`title` is the same for every occurrence, `explanation` says when it comes and what to do."""

    status: int
    title: str
    explanation: str
