#!/usr/bin/env bash
# Delivers the event in the file $EVENT_FILE to $RECEIVER_URL, signed with $WEBHOOK_SECRET.
#
# Exit code: 0 delivered (2xx), 1 answered with something else, 2 not answered or not sent.
set -u

# TODO 4: is there a secret, and a file?

# TODO 2: compute the signature of the file's bytes, 64 hex digits.

# TODO 1: send the file with curl, with a content type and the signature, within $MAX_SECONDS seconds.

# TODO 3: look at the status of the answer, and choose the exit code.
echo "Nothing was sent yet." >&2
exit 3
