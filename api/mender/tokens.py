"""Bearer tokens in the Authorization header, and what a caller without one is told."""

USER_REALM = "ManagementJWT"
DEVICE_REALM = "DeviceJWT"
MISSING = "Authorization not present in header"


def bearer(authorization: str) -> str:
    """The token, empty if there is none."""
    scheme, _, token = authorization.partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""
