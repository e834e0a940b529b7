"""The same receiver without a framework: method, path and length are looked at by hand."""

import json
import os
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Receiver(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def handle_request(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if self.path != "/webhook":
            return self.answer(404)
        if self.command != "POST":
            return self.answer(405)
        event = json.loads(body)
        print(f"got {event['type']}: {event['id']}", flush=True)
        return self.answer(204)

    do_GET = do_POST = do_PUT = do_DELETE = handle_request

    def answer(self, status):
        self.send_response(status)
        if status != 204:
            self.send_header("Content-Length", "0")
        self.end_headers()


ThreadingHTTPServer(("127.0.0.1", int(os.environ["PORT"])), Receiver).serve_forever()
