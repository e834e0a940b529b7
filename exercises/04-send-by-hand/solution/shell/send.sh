#!/usr/bin/env bash
# Delivers the event in the file $EVENT_FILE to $RECEIVER_URL, signed with $WEBHOOK_SECRET.
#
# Exit code: 0 delivered (2xx), 1 answered with something else, 2 not answered or not sent.
set -uo pipefail

if [ -z "${WEBHOOK_SECRET:-}" ]; then
  echo "Set WEBHOOK_SECRET: without a secret nobody can tell this delivery from a forged one." >&2
  exit 2
fi
if [ ! -r "$EVENT_FILE" ]; then
  echo "There is no file $EVENT_FILE to send." >&2
  exit 2
fi

signature=$(openssl dgst -sha256 -hmac "$WEBHOOK_SECRET" -r < "$EVENT_FILE" | cut -d ' ' -f 1)

status=$(curl --silent --show-error --max-time "$MAX_SECONDS" \
  --output /dev/null --write-out '%{http_code}' \
  --header 'Content-Type: application/json' \
  --header "X-Hub-Signature-256: sha256=$signature" \
  --data-binary "@$EVENT_FILE" \
  "$RECEIVER_URL") || exit 2

echo "answered $status"
case "$status" in
  2??) exit 0 ;;
  *) exit 1 ;;
esac
