#!/usr/bin/env bash
# Delivers the event in the file $EVENT_FILE to $RECEIVER_URL, signed with $WEBHOOK_SECRET.
#
# Exit code: 0 delivered (2xx), 1 answered with something else, 2 not answered or not sent.

[ -n "$WEBHOOK_SECRET" ] && [ -f "$EVENT_FILE" ] || exit 2

digits=$(openssl dgst -sha256 -hmac "$WEBHOOK_SECRET" -binary "$EVENT_FILE" | od -An -v -tx1 | tr -d ' \n')

# The configuration comes by standard input, so that it does not stand in the list of processes.
answer=$(curl --config - "$RECEIVER_URL" <<CONFIG
silent
include
request = "POST"
max-time = "$MAX_SECONDS"
header = "Content-Type: application/json; charset=utf-8"
header = "X-Hub-Signature-256: sha256=$digits"
header = "Expect:"
data-binary = "@$EVENT_FILE"
CONFIG
) || exit 2

read -r version status rest <<< "$answer"
[ "${status:0:1}" = 2 ]
