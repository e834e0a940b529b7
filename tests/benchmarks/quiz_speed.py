"""How fast ten thousand questions are read: beside PyYAML's own C loader, and from what was compiled.

    python -m tests.benchmarks.quiz_speed [--questions 10000] [--files 100] [--rounds 3]

Each figure is taken in a process of its own, in turns, and the median counts. `loader` is yaml.load with
CSafeLoader over the same texts; `cold` is reading, validating and linting them; `warm` a start with unchanged
files. The aims: cold at most 3 times loader, warm at most 0.05 times cold.
"""

import argparse
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from random import Random

WORDS = [
    "receiver",
    "sender",
    "event",
    "delivery",
    "signature",
    "secret",
    "header",
    "body",
    "answer",
    "status",
    "queue",
    "retry",
    "order",
    "clock",
    "payload",
    "provider",
    "endpoint",
    "database",
    "worker",
    "request",
    "version",
    "token",
    "digest",
    "window",
    "record",
    "replay",
    "key",
    "timeout",
    "backoff",
    "schema",
    "account",
    "invoice",
    "payment",
    "customer",
    "refund",
    "message",
    "network",
    "server",
    "client",
]
VERBS = [
    "answers",
    "stores",
    "repeats",
    "refuses",
    "verifies",
    "drops",
    "delays",
    "reads",
    "signs",
    "parses",
    "sorts",
    "counts",
]


CHANCE = Random(4)  # noqa: S311 - the same questions each time


def main() -> None:
    """Make the files, take the times in turns, print the figures."""
    arguments = _arguments()
    if arguments.part:
        sys.stdout.write(_measure(PARTS[arguments.part], arguments.root))
        return
    with tempfile.TemporaryDirectory(prefix="quiz-speed-") as name:
        root = Path(name)
        size = write_quizzes(root, arguments.questions, arguments.files)
        print(f"{arguments.questions} questions, {arguments.files} files, {size / 1e6:.1f} MB of YAML")
        run(root, "warm")  # compiles
        figures: dict[str, list[tuple[float, float]]] = {part: [] for part in PARTS}
        for _ in range(arguments.rounds):
            for part, taken in figures.items():
                taken.append(run(root, part))
        report(figures)


def report(figures: dict[str, list[tuple[float, float]]]) -> None:
    """Print medians, ratios and memory."""
    seconds = {part: statistics.median(each[0] for each in taken) for part, taken in figures.items()}
    for part, taken in figures.items():
        memory = statistics.median(each[1] for each in taken)
        spread = f"{min(taken)[0]:.2f} to {max(taken)[0]:.2f}"
        print(f"{part:7} {seconds[part]:7.2f} s  ({spread})  {memory:6.0f} MB at most")
    print(f"cold / loader  {seconds['cold'] / seconds['loader']:.2f}   aim: 3 or less")
    print(f"warm / cold    {seconds['warm'] / seconds['cold']:.3f}  aim: 0.05 or less")


def run(root: Path, part: str) -> tuple[float, float]:
    """Take one figure in a process of its own: seconds, and megabytes at most."""
    command = [sys.executable, "-m", __spec__.name, "--part", part, "--root", str(root)]
    told = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
    return float(told[0]), float(told[1])


def _measure(part: Callable[[Path], None], root: Path) -> str:
    import yaml  # noqa: F401 - what everything imports is not measured

    from app.content import compiled, lint, loader, quiz_file  # noqa: F401

    began = time.perf_counter()
    part(root)
    took = time.perf_counter() - began
    return f"{took} {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}"


def _loader(root: Path) -> None:
    import yaml

    for file in sorted((root / "quizzes").glob("*.yaml")):
        yaml.load(file.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)


def _cold(root: Path) -> None:
    from app.content.lint import lint
    from app.content.loader import load_course

    course = load_course([root])
    problems = lint(course)
    assert course.quizzes
    assert not [problem for problem in problems if problem.level == "error"], problems[:3]


def _warm(root: Path) -> None:
    from app.content.loader import load_course

    assert load_course([root], root / "compiled").quizzes


PARTS: dict[str, Callable[[Path], None]] = {"loader": _loader, "cold": _cold, "warm": _warm}


def write_quizzes(root: Path, questions: int, files: int) -> int:
    """Write so many different questions into so many files; returns their size in bytes."""
    (root / "quizzes").mkdir()
    size = 0
    for at in range(files):
        each = range(at * questions // files, (at + 1) * questions // files)
        text = _HEAD.format(at) + "".join(_question(number) for number in each)
        size += len(text)
        (root / "quizzes" / f"bank-{at}.yaml").write_text(text, encoding="utf-8")
    return size


def _sentence(words: int) -> str:
    chosen = CHANCE.choices(WORDS, k=words - 1)
    chosen.insert(2, CHANCE.choice(VERBS))
    return f"The {' '.join(chosen)}"


def _question(number: int) -> str:
    kind = ("single_choice",) * 6 + ("multi_select", "numeric", "short_text", "ordering")
    return _FORMS[kind[number % 10]].format(
        number,
        stem=f"{_sentence(12)}, and then?",
        texts=[_sentence(CHANCE.randint(5, 9)) + f" {place}" for place in range(4)],
        feedback=[f"{_sentence(10)}." for _ in range(4)],
        explanation=f"{_sentence(16)}.",
        value=number,
    )


_HEAD = """\
# yaml-language-server: $schema=quiz.schema.json
format: 1
quiz: {{id: bank-{0}, title: A bank of questions}}
objectives:
  all: Everything
questions:
"""
_END = """\
    hints:
      - Read the second sentence again.
    explanation: {explanation}
    objectives: [all]
    difficulty: medium
"""
_CHOICES = "".join(
    f"""\
      - id: choice-{at}
        text: {{texts[{at}]}}
{{mark{at}}}        feedback: {{feedback[{at}]}}
"""
    for at in range(4)
)


def _with_choices(kind: str, right: tuple[int, ...]) -> str:
    marked = _CHOICES
    for at in range(4):
        marked = marked.replace(f"{{mark{at}}}", "        correct: true\n" if at in right else "")
    return f"  - id: question-{{0}}\n    type: {kind}\n    stem: {{stem}}\n    choices:\n{marked}{_END}"


_HEAD_OF_ONE = "  - id: question-{0}\n    stem: {stem}\n    type: "
_ITEMS = "".join(f"      - id: item-{at}\n        text: {{texts[{at}]}}\n" for at in range(4))
_FORMS = {
    "single_choice": _with_choices("single_choice", (1,)),
    "multi_select": _with_choices("multi_select", (1, 2)),
    "numeric": _HEAD_OF_ONE + "numeric\n    value: {value}\n    tolerance: 1%\n" + _END,
    "short_text": _HEAD_OF_ONE + "short_text\n    accept:\n      - {texts[0]}\n" + _END,
    "ordering": _HEAD_OF_ONE + "ordering\n    items:\n" + _ITEMS + _END,
}


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--questions", type=int, default=10_000)
    parser.add_argument("--files", type=int, default=100)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--part", choices=list(PARTS))
    parser.add_argument("--root", type=Path)
    return parser.parse_args()


if __name__ == "__main__":
    main()
