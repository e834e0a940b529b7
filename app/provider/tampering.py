"""What happens to a body between the signature and the receiver, on purpose."""

from random import Random

from app.errors import CourseFault

Tamper = int | tuple[bytes, bytes]
"""A place whose byte is changed (from the end where negative), or bytes and what stands there instead."""


def tampered(body: bytes, tamper: Tamper) -> bytes:
    """Change a body as told; raises CourseFault where that would change nothing."""
    if isinstance(tamper, int):
        if not -len(body) <= tamper < len(body):
            raise CourseFault(f"The suite changes byte {tamper} of a body of {len(body)} bytes.")
        changed = bytearray(body)
        changed[tamper] ^= 1
        return bytes(changed)
    old, new = tamper
    changed_body = body.replace(old, new, 1)
    if changed_body == body:
        raise CourseFault(f"The suite replaces {old!r} in a body where that changes nothing.")
    return changed_body


def one_byte_changed(body: bytes, random: Random) -> bytes:
    """Change one digit of the body, else its last byte: a small lie that keeps its length.

    No digit becomes 0: a number that begins with it is no JSON, and the program would stumble over that.
    """
    digits = [place for place, byte in enumerate(body) if chr(byte).isdigit()]
    if not digits:
        return body[:-1] + bytes([body[-1] ^ 1]) if body else b"x"
    place = random.choice(digits)
    other = (body[place] - ord("0")) % 9 + 1 + ord("0")
    return body[:place] + bytes([other]) + body[place + 1 :]
