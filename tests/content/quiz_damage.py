"""Damage a valid quiz at random: it must stay a quiz, or be refused at a place, and never raise.

python -m tests.content.quiz_damage [--mutations 10000] [--seed 1]
"""

import argparse
import tempfile
from pathlib import Path
from random import Random

from app.content.quiz_file import read_quiz
from tests.content.all_types import ALL_TYPES, write_all_types

PIECES = (
    *b"`@%&*!|>'\"{}[],#?:-~\\\t\r\n \x00\x07\x7f\x85",
    *(b"\xff", b"\xc3", b"\xef\xbb\xbf", b"\xe2\x80\xa8", b"&a ", b"*a", b"!!python/object:x ", b"<<: *a\n"),
    *(
        b"---\n",
        b"...\n",
        b"%YAML 9\n",
        b"? ",
        b"- - - ",
        b"[[[[",
        b"{{{{",
        b": : ",
        b"\n\t",
        b" # x",
        b"'''",
    ),
    *(
        b"<script>",
        b"999999999999",
        b"-1",
        b"NaN",
        b"../x",
        b"id: id\n",
        b"questions: 1\n",
        b"type: numeric\n",
    ),
)


def damaged(data: bytes, chance: Random) -> bytes:
    """Give the file with one to four places damaged."""
    for _ in range(chance.randint(1, 4)):
        at = chance.randrange(len(data) + 1)
        upto = min(len(data), at + chance.choice((0, 1, 2, 8, 60, 400)))
        piece = chance.choice(PIECES)
        piece = bytes([piece]) if isinstance(piece, int) else piece
        match chance.randrange(6):
            case 0:
                data = data[:at] + piece + data[at:]
            case 1:
                data = data[:at] + piece + data[upto:]
            case 2:
                data = data[:at] + data[upto:]
            case 3:
                data = data[:upto] + data[at:upto] + data[upto:]
            case 4:
                data = data[:at]
            case _:
                data = _lines_swapped(data, chance)
    return data


def _lines_swapped(data: bytes, chance: Random) -> bytes:
    lines = data.split(b"\n")
    one, other = chance.randrange(len(lines)), chance.randrange(len(lines))
    lines[one], lines[other] = lines[other], lines[one]
    return b"\n".join(lines)


def mistake(file: Path, data: bytes) -> str:
    """Say what is wrong with how a damaged file is answered; empty: nothing."""
    file.write_bytes(data)
    quiz, problems, _ = read_quiz(file, file.parent.parent)
    errors = [problem for problem in problems if problem.level == "error"]
    if (quiz is None) != bool(errors):
        return "neither a quiz nor an error, or both"
    last = len(data.replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n"))
    last += (
        data.count(b"\xe2\x80\xa8") + data.count(b"\xe2\x80\xa9") + data.count(b"\x85")
    )  # YAML's own breaks
    for problem in problems:
        if not 1 <= problem.line <= last or problem.column < 1 or not problem.message:
            return f"a problem at no place: {problem}"
    return ""


def main() -> None:
    """Damage the sample of all types so often, and stop at the first wrong answer."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--mutations", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    kept = 0
    with tempfile.TemporaryDirectory(prefix="quiz-damage-") as name:
        file = write_all_types(Path(name))
        for at in range(arguments.mutations):
            data = damaged(ALL_TYPES.encode(), Random(arguments.seed * 1_000_003 + at))  # noqa: S311
            wrong = mistake(file, data)
            if wrong:
                raise SystemExit(f"mutation {at} of seed {arguments.seed}: {wrong}\n{data!r}")
            kept += read_quiz(file, Path(name))[0] is not None
    print(f"{arguments.mutations} mutations: {kept} stayed a quiz, the others were refused at a place")


if __name__ == "__main__":
    main()
