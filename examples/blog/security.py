"""Password hashes and signed login tokens, both from the standard library."""

import hashlib
import hmac
import secrets
import time

import settings


def hash_password(password: str) -> str:
    """The scrypt hash of a password, with its random salt in front."""
    salt = secrets.token_bytes(16)
    return f"{salt.hex()}${_scrypt(password, salt)}"


def verify_password(password: str, stored: str) -> bool:
    """Whether the password belongs to the stored hash; an unusable hash fits no password."""
    salt, separator, digest = stored.partition("$")
    if not separator:
        return False
    return hmac.compare_digest(_scrypt(password, bytes.fromhex(salt)), digest)


def create_token(user_id: int) -> str:
    """A token that proves the user's identity for settings.TOKEN_LIFETIME_SECONDS."""
    payload = f"{user_id}.{int(time.time()) + settings.TOKEN_LIFETIME_SECONDS}"
    return f"{payload}.{_sign(payload)}"


def read_token(token: str) -> int | None:
    """The user id in a token, or None when the token is forged, damaged or expired."""
    payload, _, signature = token.rpartition(".")
    if not hmac.compare_digest(_sign(payload).encode(), signature.encode()):
        return None
    user_id, _, expires = payload.partition(".")
    return int(user_id) if int(expires) > time.time() else None


def _scrypt(password: str, salt: bytes) -> str:
    return hashlib.scrypt(password.encode(), salt=salt, n=2**14, r=8, p=1).hex()


def _sign(payload: str) -> str:
    return hmac.new(settings.SECRET_KEY.encode(), payload.encode(), hashlib.sha256).hexdigest()
