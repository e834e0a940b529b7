"""Plays somebody who has the RFCs open, and somebody who would like to get past the comparison."""

import base64
import hashlib
import hmac
from dataclasses import dataclass

GITHUB = (b"It's a Secret to Everybody", b"Hello, World!")
SHORT_KEYS = {
    1: (b"\x0b" * 20, b"Hi There"),
    2: (b"Jefe", b"what do ya want for nothing?"),
    3: (b"\xaa" * 20, b"\xdd" * 50),
    4: (bytes(range(1, 26)), b"\xcd" * 50),
}
LONG_KEYS = {
    6: (b"\xaa" * 131, b"Test Using Larger Than Block-Size Key - Hash Key First"),
    7: (
        b"\xaa" * 131,
        b"This is a test using a larger than block-size key and a larger than block-size data. "
        b"The key needs to be hashed before being used by the HMAC algorithm.",
    ),
}

RAW_BYTES = "The message is every byte of the body, and nothing but these bytes."
THE_KEY = "The key is what the hex digits in X-Key-Hex stand for: two digits make one byte."
WHOLE = "The two values must be equal, from the first character to the last."
CALM = "A stranger writes this header. Whatever stands in it, the answer is a calm no."


def signed(key, body, algorithm="sha256"):
    return hmac.new(key, body, algorithm).hexdigest()


@dataclass(frozen=True)
class Desk:
    """The program's two services."""

    program: object
    provider: object
    expect: object

    def fresh(self, size):
        return self.provider.random.randbytes(size)

    def pair(self):
        """Draw a key and a body whose signature has letters in it, first and last a digit."""
        while True:
            key, body = self.fresh(32), self.fresh(24).hex().encode()
            value = signed(key, body)
            if value[0].isdigit() and value[-1].isdigit() and not value.isdigit():
                return key, body

    def ask(self, path, body, *headers):
        return self.provider.request("POST", path, body, headers=headers)

    def expect_computed(self, key, body, what, help=RAW_BYTES, *headers):
        answer = self.ask("/hmac", body, ("X-Key-Hex", key.hex()), *headers)
        self.expect.accepted(answer, f"{what} must be computed.", help="Answer with status 200.")
        said = answer.body.decode(errors="backslashreplace").strip()
        why = f"{what} has another HMAC-SHA256."
        self.expect.equal(said, signed(key, body), why, help=help, answer=answer)

    def expect_accepted(self, key, body, why="The signature is the right one, and must be accepted."):
        answer = self.ask("/verify", body, ("X-Key-Hex", key.hex()), ("X-Signature", signed(key, body)))
        help = "Compare with the very value that /hmac answers for this key and this body."
        self.expect.accepted(answer, why, help=help)

    def expect_refused(self, what, key, body, signature, help=WHOLE):
        headers = [("X-Key-Hex", key.hex())]
        if signature is not None:
            headers.append(("X-Signature", signature))
        answer = self.ask("/verify", body, *headers)
        self.expect.refused(answer, f"{what} must be refused.", help=help)

    def expect_all_refused(self, make, help=WHOLE):
        """Each of `make(key, body, right)`, (what it is, signature), is refused; the right one gets in."""
        key, body = self.pair()
        for what, signature in make(key, body, signed(key, body)):
            self.expect_refused(what, key, body, signature, help)
        self.expect_accepted(key, body)


# -- 1: compute -------------------------------------------------------------------------------------


def test_github_example(program, provider, expect):
    """GitHub publishes one example to test with."""
    desk = Desk(program, provider, expect)
    desk.expect_computed(*GITHUB, "GitHub's example, a key and the body 'Hello, World!',", THE_KEY)


def test_published_cases(program, provider, expect):
    """RFC 4231: keys up to one block, text and bytes; then fresh ones."""
    desk = Desk(program, provider, expect)
    for number, (key, body) in SHORT_KEYS.items():
        desk.expect_computed(key, body, f"Case {number} of RFC 4231", THE_KEY)
    for size in (1, 16, 33):
        key = desk.fresh(size)
        desk.expect_computed(
            key, desk.fresh(20).hex().encode(), f"A body with a key of {size} bytes", THE_KEY
        )


def test_long_keys(program, provider, expect):
    """RFC 4231: a key of more than 64 bytes is hashed first; then fresh ones."""
    desk = Desk(program, provider, expect)
    help = "A key that is longer than a block of 64 bytes is hashed, and its hash is the key."
    for number, (key, body) in LONG_KEYS.items():
        desk.expect_computed(key, body, f"Case {number} of RFC 4231, whose key has 131 bytes,", help)
    for size in (65, 96, 200):
        desk.expect_computed(desk.fresh(size), b"a body", f"A body with a key of {size} bytes", help)


def test_whole_blocks(program, provider, expect):
    """A key of exactly 64 bytes is taken as it is, like one of 63."""
    desk = Desk(program, provider, expect)
    help = "Only a key of more than 64 bytes is hashed first."
    for size in (63, 64):
        desk.expect_computed(desk.fresh(size), b"a body", f"A body with a key of {size} bytes", help)


def test_binary_body(program, provider, expect):
    """Bodies of any bytes: all values, white space at both ends, line ends, a byte order mark."""
    desk = Desk(program, provider, expect)
    for what, body in (
        ("A body of all 256 byte values", bytes(range(256))),
        ("A body that ends in a line break", b'{"a": 1}\n'),
        ("A body that begins with spaces", b"  a body"),
        ("A body with the line ends of Windows", b"a\r\nb\r\n"),
        ("A body behind a byte order mark", b"\xef\xbb\xbf{}"),
        ("A fresh body of 100 bytes", b"\xff" + desk.fresh(99)),
    ):
        desk.expect_computed(desk.fresh(32), body, what)


def test_letters(program, provider, expect):
    """Text beyond ASCII, in the key and in the body, composed or not."""
    desk = Desk(program, provider, expect)
    for body in ("Zoë Müller, 東京 🎉", "Zoe\u0308"):
        key = f"clé {desk.provider.fresh_id('k')}".encode()
        desk.expect_computed(key, body.encode(), f"The body {body!r}, in UTF-8,")


def test_form_body(program, provider, expect):
    """A form is bytes as well."""
    desk = Desk(program, provider, expect)
    for kind in ("application/x-www-form-urlencoded", "application/json", "text/plain; charset=utf-16"):
        body = f"payload=%7B%22id%22%3A%22{provider.fresh_id('evt')}%22%7D&a=1+2".encode()
        help = "The content type says what somebody may make of the body. The HMAC asks for its bytes alone."
        desk.expect_computed(desk.fresh(32), body, f"A body marked {kind}", help, ("Content-Type", kind))


def test_empty_body(program, provider, expect):
    """Nothing is a message like any other."""
    desk = Desk(program, provider, expect)
    desk.expect_computed(desk.fresh(32), b"", "An empty body")
    desk.expect_accepted(desk.fresh(32), b"", "An empty body with its right signature must be accepted.")


def test_large_body(program, provider, expect):
    """Providers send bodies of more than a hundred kilobytes."""
    desk = Desk(program, provider, expect)
    help = "Does something limit the size of a body? 300 000 bytes are little for some providers."
    desk.expect_computed(desk.fresh(32), desk.fresh(150_000).hex().encode(), "A body of 300 000 bytes", help)


# -- 2: compare -------------------------------------------------------------------------------------


def test_accepts_right(program, provider, expect):
    """The right signature gets in, whatever digit it begins with; another one does not."""
    desk = Desk(program, provider, expect)
    for begins in "0123456789abcdef":
        key = next(key for key in iter(lambda: desk.fresh(32), b"") if signed(key, b"a body")[0] == begins)
        desk.expect_accepted(key, b"a body")
    desk.expect_refused("A signature of zeros", key, b"a body", "0" * 64)


def test_refuses_wrong(program, provider, expect):
    """Another key, another body, another digit."""

    def wrong(key, body, right):
        yield "A signature with another key", signed(bytes(reversed(key)), body)
        yield "The signature of another body", signed(key, body + b" ")
        for at, place in ((0, "first"), (31, "middle"), (63, "last")):
            other = "0" if right[at] != "0" else "1"
            yield f"A signature whose {place} digit is wrong", right[:at] + other + right[at + 1 :]

    Desk(program, provider, expect).expect_all_refused(wrong)


def test_refuses_none(program, provider, expect):
    """No signature is not the right signature."""

    def none(key, body, right):
        yield "A request without a signature", None
        yield "An empty signature", ""

    help = "What does your program do when there is nothing to compare?"
    Desk(program, provider, expect).expect_all_refused(none, help)


def test_refuses_part(program, provider, expect):
    """Less than the right signature is not the right signature."""

    def parts(key, body, right):
        yield "The first digit of the right signature", right[0]
        yield "Half of the right signature", right[:32]
        yield "The right signature without its last digit", right[:-1]

    Desk(program, provider, expect).expect_all_refused(parts)


def test_refuses_more(program, provider, expect):
    """More than the right signature is not the right signature."""

    def more(key, body, right):
        yield "The right signature behind another one", "0" * 64 + "," + right
        yield "The right signature with a digit behind it", right + "0"
        yield "The right signature with letters behind it that are no hex", right + "zz"

    Desk(program, provider, expect).expect_all_refused(more)


def test_refuses_other_writing(program, provider, expect):
    """64 small hex digits of HMAC-SHA256: no other writing, no other sum."""

    def others(key, body, right):
        yield "The right signature in capital digits", right.upper()
        yield "The right signature with sha256= in front", "sha256=" + right
        yield "The right signature in base64", base64.b64encode(bytes.fromhex(right)).decode()
        yield "An HMAC with SHA-1", signed(key, body, "sha1")
        yield "A hash of the body alone", hashlib.sha256(body).hexdigest()
        yield "A hash of the key and the body", hashlib.sha256(key + body).hexdigest()

    help = "The task asks for one writing: 64 small hex digits. Compare without tidying up."
    Desk(program, provider, expect).expect_all_refused(others, help)


def test_strange_signature(program, provider, expect):
    """What a stranger may write into the header."""

    def strange(key, body, right):
        yield "A signature with a letter that is not ASCII", right[:-1] + "é"
        yield "32 letters that are not ASCII, 64 bytes in all,", "é" * 32
        yield "64 letters that are not ASCII", "é" * 64
        yield "64 letters that are no hex", "z" * 64
        yield "A signature of 4000 letters", "a" * 4000
        yield "A lone equals sign", "="

    Desk(program, provider, expect).expect_all_refused(strange, CALM)


# -- 3: keys ----------------------------------------------------------------------------------------


def expect_no_service(desk, what, *headers):
    """Without a key nothing is computed, and what is signed with the empty key is not accepted."""
    help = "An HMAC has no objection to an empty key. Your program should have one."
    answer = desk.ask("/hmac", b"a body", *headers)
    desk.expect.refused(answer, f"{what}: nothing must be computed.", help=help)
    forged = ("X-Signature", signed(b"", b"a body"))
    answer = desk.ask("/verify", b"a body", *headers, forged)
    desk.expect.refused(answer, f"{what}: a signature made with an empty key must be refused.", help=help)


def test_no_key(program, provider, expect):
    """No header, or an empty one, is no key."""
    desk = Desk(program, provider, expect)
    expect_no_service(desk, "The header X-Key-Hex is missing")
    expect_no_service(desk, "The header X-Key-Hex is empty", ("X-Key-Hex", ""))
    desk.expect_computed(desk.fresh(32), b"a body", "A body with a key", THE_KEY)


def test_broken_key(program, provider, expect):
    """What is no hex stands for no bytes."""
    desk = Desk(program, provider, expect)
    help = "Does every character belong to a pair of hex digits? If not, there is no key: 400."
    for text in ("4a6", "4a65zz65", "zz", "0x4a656665", "clé"):
        for path in ("/hmac", "/verify"):
            key = bytes.fromhex(text[:4]) if text.startswith("4a65") else b""
            answer = desk.ask(path, b"a body", ("X-Key-Hex", text), ("X-Signature", signed(key, b"a body")))
            desk.expect.refused(answer, f"The key {text!r} is no hex, so {path} must refuse.", help=help)
    desk.expect_computed(desk.fresh(32), b"a body", "A body with a key", THE_KEY)
