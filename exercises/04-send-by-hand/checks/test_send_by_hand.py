"""Is the receiver: it looks at what came, answers as it likes, and looks how the script ends."""

import base64
import contextlib
import hashlib
import hmac
from dataclasses import dataclass

KIND = "content-type"
SIGNATURE = "x-hub-signature-256"
NOBODY = "http://127.0.0.1:1/webhook"
COPY = (
    "Send the file itself, and not a copy that went through a variable or through an option that tidies up."
)
SIGN_COPY = "Give openssl the very file that is sent: what a variable or echo makes of it are other bytes."
QUOTES = 'In double quotes a variable stays one word: "$NAME".'


def signed(key, body, algorithm="sha256"):
    return hmac.new(key, body, algorithm).hexdigest()


def known_mistakes(key, body):
    """Pair the values that known mistakes put into the header with the words for them."""
    right = signed(key, body)
    yield None, "the header is missing"
    yield f"sha256={hashlib.sha256(body).hexdigest()}", "it is a hash without the secret"
    yield (
        f"sha256={hashlib.sha256(key + body).hexdigest()}",
        "it is a hash of secret and file, which is no HMAC",
    )
    yield f"sha256={signed(key, body, 'sha1')}", "it was made with SHA-1"
    yield f"sha256={signed(key + bytes([10]), body)}", "it was made with a line break behind the secret"
    yield f"sha256={signed(key, body + bytes([10]))}", "it is that of the file with a line break behind it"
    yield (
        f"sha256={signed(key, body.translate(None, bytes([10, 13])))}",
        "it is that of the file without line breaks",
    )
    variable = body.replace(bytes(1), b"").rstrip(bytes([10]))
    yield f"sha256={signed(key, variable)}", "it is that of what a shell variable keeps of the file"
    yield f"sha256={base64.b64encode(bytes.fromhex(right)).decode()}", "it is written in base64"
    yield f"sha256={right.upper()}", "it is written in capitals"
    yield right, "sha256= is missing in front of it"
    with contextlib.suppress(ValueError):
        yield f"sha256={signed(bytes.fromhex(key.decode()), body)}", "the secret was read as hex digits"


def shown(body):
    return repr(body if len(body) <= 200 else body[:200])[1:] + ("" if len(body) <= 200 else "...")


@dataclass(frozen=True)
class Post:
    """Where the script hands in its deliveries."""

    program: object
    provider: object
    downstream: object
    expect: object

    def text(self):
        return f'{{"id":"{self.provider.fresh_id("evt")}","type":"invoice.paid"}}'.encode()

    def run(self, body, name="event.json", path="/webhook", timeout=8.0, **env):
        """Run the script once with a file that holds `body`."""
        given = {"EVENT_FILE": self.program.give(name, body), "RECEIVER_URL": self.downstream.url + path}
        return self.program.run(env={**given, **env}, timeout=timeout)

    def the_call(self, ended, what, help=""):
        """Return the one request that came."""
        calls = self.downstream.calls()
        said = (
            f"{len(calls)} requests, exit code {ended.code}, and on standard error: {ended.stderr[-300:]!r}"
        )
        why = f"{what} is one delivery, and so one request."
        self.expect.that(len(calls) == 1, why, "1 request", said, help)
        return calls[0]

    def expect_body(self, body, what, help=COPY, **more):
        """What arrives is the file, whatever the signature says."""
        call = self.the_call(self.run(body, **more), what)
        why = f"{what} did not arrive byte for byte."
        came = call.request.body
        wanted, got = f"{len(body)} bytes: {shown(body)}", f"{len(came)} bytes: {shown(came)}"
        self.expect.that(came == body, why, wanted, got, help)

    def expect_signed(self, body, what, help=SIGN_COPY, secret=None, **more):
        """What the header says is the signature of the file, whatever arrives."""
        env = {} if secret is None else {"WEBHOOK_SECRET": secret}
        call = self.the_call(self.run(body, **more, **env), what)
        key = (secret or self.provider.secret).encode()
        came = call.header(SIGNATURE)
        because = dict(known_mistakes(key, body)).get(came)
        why = f"X-Hub-Signature-256 does not hold the signature of {what}{f': {because}' if because else ''}."
        self.expect.equal(came, f"sha256={signed(key, body)}", why, help=help)

    def expect_end(self, ended, code, why, help):
        said = f"exit code {ended.code}, and on standard error: {ended.stderr[-300:]!r}"
        self.expect.that(ended.code == code, why, f"exit code {code}", said, help)

    def expect_nothing_sent(self, what, help, **env):
        ended = self.program.run(env={"RECEIVER_URL": self.downstream.url + "/webhook", **env})
        calls = len(self.downstream.calls())
        self.expect.that(calls == 0, f"{what}, and yet a request was sent.", "no request", f"{calls}", help)
        self.expect_end(ended, 2, f"{what}: nothing can be sent, and the exit code says so.", help)


# -- 1: the bytes -----------------------------------------------------------------------------------


def test_posts_once(program, provider, downstream, expect):
    """One request, a POST, to the address as it was given."""
    post = Post(program, provider, downstream, expect)
    path = f"/webhook?shop={provider.random.randrange(1000)}&kind=invoice.paid"
    call = post.the_call(post.run(post.text(), path=path), "A file")
    expect.equal(call.request.method, "POST", "A delivery is a POST.")
    expect.equal(call.request.target, path, "It goes to the whole address that was given.", help=QUOTES)
    expect.that(len(call.request.body) > 0, "It has a body.", "the file", "an empty body", COPY)


def test_content_type(program, provider, downstream, expect):
    """The body is marked as JSON, and not as the form that curl takes it for."""
    post = Post(program, provider, downstream, expect)
    came = post.the_call(post.run(post.text()), "A file").header(KIND)
    kind = (came or "none").partition(";")[0].strip().lower()
    help = "curl marks what it sends as an HTML form unless you name the header."
    expect.equal(kind, "application/json", "The header Content-Type says what the body is.", help=help)


def test_line_breaks(program, provider, downstream, expect):
    """Line breaks stay, those of Windows, too, and several at the end."""
    post = Post(program, provider, downstream, expect)
    post.expect_body(b'{\n\t"id": 1\r\n}\n' + post.text() + b"\n\n", "A file with line breaks in it")


def test_any_bytes(program, provider, downstream, expect):
    """Zero bytes, and all the others."""
    post = Post(program, provider, downstream, expect)
    post.expect_body(post.text() + bytes(range(256)), "A file with each of the 256 byte values")


def test_odd_texts(program, provider, downstream, expect):
    """What means something to a shell or to curl is text like any other."""
    post = Post(program, provider, downstream, expect)
    text = rb"""@/etc/passwd $HOME `id` "%s" 'it''s' \n \u00eb \\ & * ~ """ + "Zoë 東京".encode()
    post.expect_body(text, "A file that begins with @ and holds $HOME")


def test_large_file(program, provider, downstream, expect):
    """More than an argument of a program can hold."""
    post = Post(program, provider, downstream, expect)
    body = provider.random.randbytes(100_000).hex().encode()
    help = "A body of this size does not fit on a command line: let curl read the file."
    post.expect_body(body, "A file of 200 000 bytes", help)


def test_odd_file_name(program, provider, downstream, expect):
    """A name with spaces is one name."""
    post = Post(program, provider, downstream, expect)
    post.expect_body(post.text(), "A file whose name holds spaces", QUOTES, name="an event, signed.json")


# -- 2: the signature -------------------------------------------------------------------------------


def test_signed(program, provider, downstream, expect):
    """The header is there, in GitHub's form."""
    help = "sha256= and 64 small hex digits, and nothing of what openssl prints besides."
    Post(program, provider, downstream, expect).expect_signed(b'{"id":"evt_1"}', "a file of one line", help)


def test_signs_line_breaks(program, provider, downstream, expect):
    """The last line break belongs to the bytes."""
    post = Post(program, provider, downstream, expect)
    post.expect_signed(post.text() + b"\r\n\n", "a file that ends in line breaks")


def test_signs_any_bytes(program, provider, downstream, expect):
    """So do zero bytes and what is no text."""
    post = Post(program, provider, downstream, expect)
    post.expect_signed(bytes(range(256)) + post.text(), "a file with each of the 256 byte values")


def test_odd_secret(program, provider, downstream, expect):
    """A secret is bytes, whatever they mean to a shell."""
    post = Post(program, provider, downstream, expect)
    secret = f'it\'s a * secret, $HOME \\n "{provider.fresh_id("s")}"'
    post.expect_signed(post.text(), "a file, with a secret that holds spaces and quotes", QUOTES, secret)


def test_secret_stays(program, provider, downstream, expect):
    """Neither the receiver nor who reads the output learns the secret; the signature is what goes."""
    post = Post(program, provider, downstream, expect)
    ended = post.run(post.text())
    request = post.the_call(ended, "A file").request
    sent = f"{request.target}\n{request.headers}\n{request.body.decode(errors='replace')}"
    help = "The secret is for the sum. What is sent is the sum's result."
    absent = "no secret in it"
    expect.that(provider.secret not in sent, "The secret itself was sent along.", absent, sent[:600], help)
    said = ended.stdout + ended.stderr
    expect.that(provider.secret not in said, "The secret was printed.", absent, said[:600], help)


# -- 3: the answer ----------------------------------------------------------------------------------


def answering(post, status, headers=()):
    """Run the script against a receiver that answers with a status; returns how it ended."""
    post.downstream.begin_check()
    usual = ("/elsewhere",)
    post.downstream.script(lambda call: None if call.request.target in usual else (status, {}, headers))
    return post.run(post.text())


def test_delivered(program, provider, downstream, expect):
    """Any 2xx is a delivery."""
    post = Post(program, provider, downstream, expect)
    status = provider.random.choice((201, 202, 204))
    ended = answering(post, status)
    post.the_call(ended, "A file")
    help = "Every status from 200 to 299 means that it has arrived."
    post.expect_end(ended, 0, f"The receiver answered {status}, so it has the event.", help)


def test_refused(program, provider, downstream, expect):
    """A refusal is an answer: exit code 1, and no second try."""
    post = Post(program, provider, downstream, expect)
    for status in (provider.random.choice((400, 404, 410, 429)), provider.random.choice((500, 503))):
        ended = answering(post, status)
        help = (
            "By itself curl is content with any answer, and with --fail it ends with 22. "
            "Ask it for the status, look at that, and choose the exit code yourself."
        )
        post.expect_end(ended, 1, f"The receiver answered {status}, so it has not taken the event.", help)
        post.the_call(ended, f"An event that is answered {status}")


def test_redirected(program, provider, downstream, expect):
    """A provider goes where it was told to go, and nowhere else."""
    post = Post(program, provider, downstream, expect)
    status = provider.random.choice((301, 302, 307, 308))
    ended = answering(post, status, (("Location", "/elsewhere"),))
    help = "A signed event must not travel on to an address that nobody registered: leave --location away."
    post.the_call(ended, f"An event that is answered {status}", help)
    help = "A 3xx is no delivery, and --fail says nothing about it. Look at the status yourself."
    post.expect_end(ended, 1, f"The receiver answered {status}, which is no 2xx.", help)


# -- 4: the end -------------------------------------------------------------------------------------


def test_too_slow(program, provider, downstream, expect):
    """A receiver that says nothing can't hold a sender longer than MAX_SECONDS."""
    post = Post(program, provider, downstream, expect)
    downstream.hold()
    ended = post.run(post.text(), timeout=4.0, MAX_SECONDS="0.15")
    help = "Nothing was heard in time: it may have arrived, or not. That is 2, not 1."
    post.expect_end(
        ended, 2, "The receiver took the request and said nothing for longer than MAX_SECONDS.", help
    )


def test_nobody_there(program, provider, downstream, expect):
    """No connection, or one that ends without an answer, is not an answer."""
    post = Post(program, provider, downstream, expect)
    help = "curl ends with numbers of its own here, such as 7 or 52. The task asks for a 2."
    ended = post.run(post.text(), RECEIVER_URL=NOBODY)
    post.expect_end(ended, 2, "Nobody listens on the receiver's port.", help)
    downstream.lose()
    ended = post.run(post.text())
    post.expect_end(ended, 2, "The receiver hung up without an answer.", help)


def test_no_secret(program, provider, downstream, expect):
    """An event that is signed with nothing is worth nothing."""
    post = Post(program, provider, downstream, expect)
    file = program.give("event.json", post.text())
    help = "openssl signs with an empty key without a word. Look at the variable first."
    post.expect_nothing_sent("WEBHOOK_SECRET is empty", help, EVENT_FILE=file, WEBHOOK_SECRET="")
    post.expect_nothing_sent("WEBHOOK_SECRET is missing", help, EVENT_FILE=file, WEBHOOK_SECRET=None)


def test_no_file(program, provider, downstream, expect):
    """Where there is no file, there is no event. An empty file is one, if a short one."""
    post = Post(program, provider, downstream, expect)
    missing = program.give("event.json", b"") + ".gone"
    help = "Some versions of curl warn and send an empty body. Look for the file first."
    post.expect_nothing_sent("There is no such file", help, EVENT_FILE=missing)
    post.expect_body(b"", "An empty file", "A file without a byte in it can be read, and sent.")
