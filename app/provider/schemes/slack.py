"""Slack: `X-Slack-Request-Timestamp: <seconds>` and `X-Slack-Signature: v0=<lower-case hex>`.

HMAC-SHA256 over `v0:{timestamp}:{body}` with the signing secret's text as the key (slack_sdk,
slack_sdk/signature). A further attempt says so in `X-Slack-Retry-Num` and `X-Slack-Retry-Reason`, unsigned.
"""

from dataclasses import replace

from app.provider.exchange import Headers
from app.provider.schemes.mistaken import mistaken_ways
from app.provider.schemes.recipe import (
    Message,
    Recipe,
    Scheme,
    Secrets,
    wrong_hex,
    wrong_prefix,
    wrong_time,
    wrong_ways,
)

HEADER = "X-Slack-Signature"
TIME_HEADER = "X-Slack-Request-Timestamp"


def _headers(message: Message, values: tuple[str, ...]) -> Headers:
    return ((TIME_HEADER, message.timestamp), *((HEADER, value) for value in values))


def _content(message: Message) -> bytes:
    return f"v0:{message.timestamp}:".encode() + message.body


def _again(attempt: int, reason: str) -> Headers:
    return (("X-Slack-Retry-Num", str(attempt)), ("X-Slack-Retry-Reason", reason))


_RECIPE = Recipe(_headers, _content, prefix="v0=")


def _without_time(secrets: Secrets, message: Message) -> Headers:
    return _RECIPE.sign(secrets, message)[1:]


SLACK = Scheme(
    dials={
        "correct": _RECIPE.sign,
        **wrong_ways(_RECIPE),
        **wrong_prefix(_RECIPE, "v1="),
        **wrong_hex(_RECIPE),
        **wrong_time(_RECIPE),
        "dots": replace(
            _RECIPE, content=lambda message: f"v0.{message.timestamp}.".encode() + message.body
        ).sign,
        "missing-timestamp": _without_time,
    },
    mistaken=mistaken_ways(_RECIPE),
    open_to_choice=frozenset({"uppercase"}),
    again=_again,
)
