"""A recorded delivery as one `curl` command that a POSIX shell runs byte for byte."""

import shlex
from collections.abc import Mapping
from typing import Any

from app.provider.exchange import Headers, Request, request_from_data, signature_from_data
from app.provider.secrets import named
from app.provider.signing import signature_headers

_OURS = ("host", "content-length", "user-agent", "connection")


def curl_line(exchange: dict[str, Any], base_url: str, secrets: Mapping[str, str]) -> str:
    """Return the command that repeats a recorded exchange against `base_url`, signed now with `secrets`."""
    if exchange["request"]["body"]["truncated"]:
        return f"# A body of {exchange['request']['body']['size']} bytes is too long for a command line."
    return curl_command(signed_again(exchange, secrets), base_url)


def signed_again(exchange: dict[str, Any], secrets: Mapping[str, str], now: float | None = None) -> Request:
    """Return the recorded request as the same dial signs it with other secrets (by name), at another time.

    What was signed with a secret that only the check knew stays as it was.
    """
    request = request_from_data(exchange["request"])
    signature = signature_from_data(exchange["signature"])
    if signature is None:
        return request
    values = tuple(named(name, secrets) for name in signature.secrets)
    known = tuple(value for value in values if value is not None)
    if len(known) < len(values):
        return request
    fresh = signature_headers(signature, known, request.body, now)
    names = {name.lower() for name, _ in fresh}
    kept = tuple((name, value) for name, value in request.headers if name.lower() not in names)
    return Request(request.method, request.target, kept + fresh, request.body)


def curl_command(request: Request, base_url: str) -> str:
    """Write a request as a `curl` command, safe for the shell whatever bytes it holds."""
    words = ["curl", "-i"] if not set(request.target) & set("[]{}") else ["curl", "-i", "--globoff"]
    if request.method != ("POST" if request.body else "GET"):
        words += ["-X", request.method]
    for header in _header_arguments(request):
        words += ["-H", _quoted(header)]
    pipe = ""
    if request.body:
        inline = _inline(request.body)
        words += ["--data-raw", inline] if inline is not None else ["--data-binary", "@-"]
        pipe = "" if inline is not None else f"printf '{_octal(request.body)}' | "
    words.append(_quoted(base_url.rstrip("/") + request.target))
    return pipe + " ".join(words)


def _header_arguments(request: Request) -> list[str]:
    headers: Headers = tuple(pair for pair in request.headers if pair[0].lower() not in _OURS)
    # `Name;` is curl's way to send a header whose value is empty.
    arguments = [f"{name}: {value}" if value else f"{name};" for name, value in headers]
    if request.body and not any(name.lower() == "content-type" for name, _ in headers):
        arguments.append("Content-Type:")
    return arguments


def _inline(body: bytes) -> str | None:
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        return None
    if any(not (character.isprintable() or character == "\n") for character in text):
        return None
    return _quoted(text)


def _quoted(text: str) -> str:
    return shlex.quote(text)


def _octal(body: bytes) -> str:
    return "".join(_printf(byte) for byte in body)


def _printf(byte: int) -> str:
    character = chr(byte)
    # `%`, the backslash, the quote and a leading dash mean something to printf or to the shell;
    # three octal digits never do.
    if character.isascii() and character.isprintable() and character not in "%\\'-":
        return character
    return f"\\{byte:03o}"
