"""SHA-1 and MD5 of Mender artifacts, also of those that came before they were computed."""

from itertools import islice

from artifacts.hashing import digests_of_file
from artifacts.models import Artifact
from artifacts.storage import path_of

BATCH = 20


def digests_of(artifact: Artifact) -> tuple[str, str]:
    """SHA-1 and MD5, read from the file and kept where they are not known; empty without a file."""
    if not artifact.sha1:
        fill_in(artifact)
    return artifact.sha1, artifact.md5


def fill_in(artifact: Artifact) -> bool:
    """Compute both and keep them; False if there is no file."""
    try:
        digests = digests_of_file(path_of(artifact.file))
    except FileNotFoundError:
        return False
    artifact.sha1, artifact.md5 = digests.sha1, digests.md5
    Artifact.objects.filter(pk=artifact.pk).update(sha1=artifact.sha1, md5=artifact.md5)
    return True


def fill_in_missing() -> int:
    """Compute those of some artifacts that lack them; how many. Call it outside a transaction."""
    lacking = Artifact.objects.filter(sha1="").order_by("-number").iterator(chunk_size=BATCH)
    return len(list(islice(filter(fill_in, lacking), BATCH)))
