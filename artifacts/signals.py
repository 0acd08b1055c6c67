"""What others may object to: a receiver that raises Conflict prevents the change.

Sent inside the transaction, the release locked; the sender is Artifact, `artifact` the row.
"""

from django.dispatch import Signal

artifact_about_to_be_deleted = Signal()
artifact_about_to_be_described = Signal()
