"""Access tokens as Meta issues them: they are granted on assets, they expire, they can be exchanged while alive and revoked.

Reference: section 6 "Tokens". The one thing that surprises people is kept: an expired token cannot be exchanged any more.
"""

import hashlib
import hmac
import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sandbox.graph.errors import GraphError, Json

SIXTY_DAYS = timedelta(days=60)
SCOPES = ("whatsapp_business_management", "whatsapp_business_messaging")

EXPIRED, INVALID = 463, 467


@dataclass(slots=True)
class Token:
    """One access token of a system user."""

    value: str
    issued_at: datetime
    expires_at: datetime | None
    assets: set[str] = field(default_factory=set)
    scopes: set[str] = field(default_factory=lambda: set(SCOPES))
    revoked: bool = False
    user_id: str = "122100000000000001"
    app_id: str | None = None
    """The app that made it, if that is not ours."""
    targets: set[str] | None = None
    """The assets that its scopes say they are limited to, where that is not what it opens."""

    def problem(self, now: datetime) -> GraphError | None:
        """Say why this token no longer opens anything."""
        if self.revoked:
            text = "Error validating access token: The session has been invalidated"
            return GraphError(190, text, subcode=INVALID)
        if self.expires_at is not None and now >= self.expires_at:
            text = f"Error validating access token: Session has expired on {self.expires_at:%A, %d-%b-%y %H:%M:%S} UTC"
            return GraphError(190, text, subcode=EXPIRED)
        return None


class TokenOffice:
    """All tokens of one app, and the counter where they are checked, exchanged and revoked."""

    def __init__(self, app_id: str, app_secret: str) -> None:
        self.app_id, self.app_secret = app_id, app_secret
        self.require_proof = False
        self._tokens: dict[str, Token] = {}

    def grant(self, value: str, assets: set[str], issued_at: datetime, expires_at: datetime | None) -> Token:
        """Create the token, or widen one that exists to more assets."""
        token = self._tokens.setdefault(value, Token(value, issued_at, expires_at))
        token.assets |= assets
        return token

    def find(self, value: str) -> Token | None:
        return self._tokens.get(value)

    def of(self, asset: str) -> list[Token]:
        """Return every token that opens this asset, or once did."""
        return [each for each in self._tokens.values() if asset in each.assets]

    def check(self, value: str | None, proof: str | None, now: datetime) -> Token:
        """Return the living token behind a call, or refuse (codes 190 and 100)."""
        if not value:
            raise GraphError(190, "An active access token must be used to query information about the current user.")
        token = self._tokens.get(value)
        if token is None:
            raise GraphError(190, "Invalid OAuth access token - Cannot parse access token", subcode=INVALID)
        if problem := token.problem(now):
            raise problem
        foreign = token.app_id not in (None, self.app_id)  # its proof is made with that app's secret
        self.check_proof(value, "foreign" if proof is not None and foreign else proof)
        return token

    def check_proof(self, value: str, proof: str | None) -> None:
        """Refuse a call whose proof is wrong, or missing while it is required (100)."""
        if proof is None and self.require_proof:
            raise GraphError(100, "API calls from the server require an appsecret_proof argument")
        if proof is not None and not hmac.compare_digest(proof, self.proof(value)):
            raise GraphError(100, "Invalid appsecret_proof provided in the API argument")

    def check_access(self, token: Token, asset: str, scope: str) -> None:
        """Refuse a token without the permission (10) or without the asset (200)."""
        if scope not in token.scopes:
            raise GraphError(10, f"(#10) Application does not have permission for this action: {scope}")
        if asset not in token.assets:
            raise GraphError(200)

    def proof(self, value: str) -> str:
        """Return the `appsecret_proof` of a token."""
        return hmac.new(self.app_secret.encode(), value.encode(), hashlib.sha256).hexdigest()

    def check_app(self, client_id: str | None, client_secret: str | None) -> None:
        if client_id != self.app_id:
            raise GraphError(101)
        if not hmac.compare_digest(client_secret or "", self.app_secret):
            raise GraphError(1, "Error validating client secret.", http=400)

    def exchange(self, value: str | None, now: datetime, *, sixty_days: bool) -> Token:
        """Issue a new token for a living one; the old one stays valid until its own end."""
        old = self.check(value, self.proof(value or ""), now)
        expires_at = now + SIXTY_DAYS if sixty_days or old.expires_at is not None else None
        new = Token("EAAG" + secrets.token_hex(24), now, expires_at, set(old.assets), set(old.scopes))
        self._tokens[new.value] = new
        return new

    def revoke(self, value: str | None) -> None:
        token = self._tokens.get(value or "")
        if token is None:
            raise GraphError(100, "The token to revoke is not valid")
        token.revoked = True

    def describe(self, value: str, now: datetime) -> Json:
        """Return the `data` object of `debug_token`."""
        token = self._tokens.get(value)
        if token is None:
            error = GraphError(190, "Invalid OAuth access token - Cannot parse access token", subcode=INVALID)
            return {"is_valid": False, "scopes": [], "error": _brief(error)}
        if token.app_id not in (None, self.app_id):
            error = GraphError(100, "(#100) The App_id in the input_token did not match the Viewing App")
            return {"is_valid": False, "scopes": [], "error": _brief(error)}
        problem, targets = token.problem(now), sorted(token.assets if token.targets is None else token.targets)
        data: Json = {
            "app_id": self.app_id,
            "type": "SYSTEM_USER",
            "application": "Centralita",
            "data_access_expires_at": 0,
            "expires_at": int(token.expires_at.timestamp()) if token.expires_at else 0,
            "is_valid": problem is None,
            "issued_at": int(token.issued_at.timestamp()),
            "scopes": sorted(token.scopes),
            "granular_scopes": [{"scope": scope, "target_ids": targets} for scope in sorted(token.scopes)],
            "user_id": token.user_id,
        }
        return data if problem is None else data | {"error": _brief(problem)}


def _brief(error: GraphError) -> Json:
    return {"code": error.code, "message": error.details, "subcode": error.subcode}
