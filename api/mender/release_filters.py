"""How lists of artifacts and releases are narrowed down: version 1 looks inside, 2 is exact."""

from django.db.models import Count, Exists, F, Min, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, Left
from django.db.models.lookups import Exact
from django.http import QueryDict

from api.mender.order import read_order
from artifacts.models import Artifact, Fit, Release, ReleaseTag
from fleet.errors import Invalid

MAX_TEXT = 4096
MAX_NAMES = 100
ARTIFACT_ORDER = {"name": "release__name", "modified": "modified_at"}
RELEASE_ORDER = {
    "name": "name",
    "modified": "modified_at",
    "artifacts_count": "artifacts_count",
    "tags": "first_tag",
}


def artifacts_containing(artifacts: QuerySet[Artifact], query: QueryDict) -> QuerySet[Artifact]:
    """Those with the `name`, `description` and `device_type` as a part of theirs, in any case."""
    if name := read_text(query, "name"):
        artifacts = artifacts.filter(release__name__icontains=name)
    return _with_contents(artifacts, query)


def in_order(artifacts: QuerySet[Artifact], query: QueryDict) -> QuerySet[Artifact]:
    return artifacts.order_by(*read_order(query, ARTIFACT_ORDER), "number")


def artifacts_named(artifacts: QuerySet[Artifact], query: QueryDict) -> QuerySet[Artifact]:
    """Those of any `name`, or of one that ends in a star; so, too, the other two filters.

    A backslash before the last star makes it part of the text. Raises Invalid("invalid_query").
    (Mender API, Deployments v2: List artifacts.)
    """
    names = query.getlist("name")
    starred = [name for name in names if _prefix(name) is not None]
    if starred and len(names) > 1:
        raise Invalid(
            "invalid_query",
            "cannot filter by a name prefix and other names",
            field="name",
        )
    if len(names) > MAX_NAMES or any(len(name) > MAX_TEXT for name in names):
        raise Invalid("invalid_query", "name: too many or too long", field="name")
    if names:
        artifacts = artifacts.filter(_spelt("release__name", *names))
    if description := read_text(query, "description"):
        artifacts = artifacts.filter(_spelt("description", description))
    if device_type := read_text(query, "device_type"):
        fits = Fit.objects.filter(_spelt("device_type", device_type))
        artifacts = artifacts.filter(pk__in=fits.values("artifact"))
    return artifacts


def releases_containing(
    releases: QuerySet[Release], artifacts: QuerySet[Artifact], query: QueryDict
) -> QuerySet[Release]:
    """Those with such a `name`, any such `tag`, and one of `artifacts` for the rest, if any."""
    if name := read_text(query, "name"):
        releases = releases.filter(name__icontains=name)
    if tags := [tag.lower() for tag in query.getlist("tag") if tag]:
        tagged = ReleaseTag.objects.filter(release=OuterRef("pk"), name__in=tags[:MAX_NAMES])
        releases = releases.filter(Exists(tagged))
    narrowed = _with_contents(artifacts, query)
    if update_type := read_text(query, "update_type"):
        narrowed = narrowed.filter(payloads__0__type=update_type)
    if narrowed is not artifacts:
        releases = releases.filter(number__in=narrowed.values("release"))
    else:
        # One may be made of software modules that are no artifacts; one of nothing is none.
        parts = Release.modules.through.objects.filter(release=OuterRef("pk"))
        releases = releases.filter(Exists(parts))
    tag_of_it = ReleaseTag.objects.filter(release=OuterRef("pk")).order_by().values("release")
    first = Subquery(tag_of_it.annotate(first=Min("name")).values("first"))
    counts = Artifact.objects.filter(release=OuterRef("pk")).order_by().values("release")
    return releases.annotate(
        first_tag=Coalesce(first, Value("")),
        artifacts_count=Coalesce(Subquery(counts.annotate(count=Count("pk")).values("count")), 0),
    ).order_by(*read_order(query, RELEASE_ORDER), "number")


def read_text(query: QueryDict, name: str) -> str:
    """A filter, empty for none; raises Invalid("invalid_query") above 4096 characters."""
    text = query.get(name, "")
    if len(text) > MAX_TEXT:
        raise Invalid("invalid_query", f"{name}: too long", field=name)
    return text


def _with_contents(artifacts: QuerySet[Artifact], query: QueryDict) -> QuerySet[Artifact]:
    if description := read_text(query, "description"):
        artifacts = artifacts.filter(description__icontains=description)
    if device_type := read_text(query, "device_type"):
        fits = Fit.objects.filter(device_type__icontains=device_type)
        artifacts = artifacts.filter(pk__in=fits.values("artifact"))
    return artifacts


def _prefix(text: str) -> str | None:
    """What comes before the star at the end; None if there is none, or it is escaped."""
    return text[:-1] if text.endswith("*") and not text.endswith("\\*") else None


def _spelt(column: str, *texts: str) -> Q:
    prefix = _prefix(texts[0])
    if prefix is None:
        exact = [f"{text[:-2]}*" if text.endswith("\\*") else text for text in texts]
        return Q(**{f"{column}__in": exact})
    # LIKE would not mind the case on SQLite.
    return Q(Exact(Left(F(column), len(prefix)), Value(prefix))) if prefix else Q()
