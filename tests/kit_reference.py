"""The kit's reference in CONTRIBUTING.md, made from docstrings: `python -m tests.kit_reference` writes it.

A test fails while the block in the document differs from what this makes.
"""

import inspect
import sys
from collections.abc import Iterator
from pathlib import Path

from app.checks.deaths import Ended
from app.checks.deliveries import Delivery, Provider
from app.checks.downstream import Call, Downstream, HeldAnswer
from app.checks.expect import Expect
from app.checks.holding import Hold
from app.checks.program import Program
from app.checks.sending import Sending
from app.checks.storage import Storage
from app.provider.delivery import Dials
from app.provider.events import Event
from app.provider.exchange import Answer
from app.provider.secrets import FORMS
from app.provider.signing import SCHEMES

DOCUMENT = Path(__file__).resolve().parent.parent / "CONTRIBUTING.md"
BEGIN = "<!-- The kit's reference: written by `python -m tests.kit_reference`, not by hand. -->"
END = "<!-- End of the kit's reference. -->"

PARTS: tuple[tuple[str, type], ...] = (
    ("`program`", Program),
    ("What `program.run` returns", Ended),
    ("What `program.hold` returns", Hold),
    ("`provider`", Provider),
    ("What `provider.event` returns", Event),
    ("What `send`, `get` and `request` return: an answer", Answer),
    ("What `provider.start_sending` returns", Sending),
    ("What `provider.delivery` returns", Delivery),
    ("`downstream`, and `provider.api`", Downstream),
    ("What `downstream.calls` lists", Call),
    ("What `downstream.hold` returns", HeldAnswer),
    ("`storage`", Storage),
    ("`expect`", Expect),
)
OF_THE_GRADER = {"begin_check", "end_check", "close", "stay", "send_ready", "crashed", "exchange", "folder"}
OF_THE_GRADER |= {"printed_each", "wait_until_printed"}
"""Public for the grader; no word of a suite."""


def reference() -> str:
    """Return the whole reference as Markdown."""
    blocks = [block for title, kind in PARTS for block in _part(title, kind)]
    return "\n\n".join([*blocks, *_dials(), *_schemes()])


def _part(title: str, kind: type) -> Iterator[str]:
    yield f"#### {title}"
    yield _text(kind)
    if not list(_members(kind)):
        return
    rows = [f"| `{_call(name, member)}` | {_cell(member)} |" for name, member in _members(kind)]
    yield "\n".join(["| word | what it does |", "|---|---|", *rows])


def _members(kind: type) -> Iterator[tuple[str, object]]:
    """Yield what a class itself defines for suites, in the order of the file."""
    for name, member in vars(kind).items():
        if name.startswith("_") or name in OF_THE_GRADER:
            continue
        if isinstance(member, property) or inspect.isfunction(member):
            yield name, member


def _call(name: str, member: object) -> str:
    if isinstance(member, property):
        return name
    assert callable(member)
    parameters = list(inspect.signature(member).parameters.values())[1:]
    bare = [parameter.replace(annotation=inspect.Parameter.empty) for parameter in parameters]
    text = str(inspect.Signature(bare)).replace("'", '"')
    return name + text.replace("*, ", "").replace("|", r"\|")


def _cell(member: object) -> str:
    return " ".join(_text(member).split()).replace("|", r"\|")


def _text(documented: object) -> str:
    text = inspect.getdoc(documented)
    assert text, f"{documented} has no docstring"
    return text


def _dials() -> Iterator[str]:
    first, _, rest = _text(Dials).partition("\n\n")
    yield "#### The dials of a delivery"
    yield f"Arguments of `send`, `deliver`, `delivery`, `start_sending` and `send_together`. {first}"
    yield rest


def _schemes() -> Iterator[str]:
    yield "#### The signing schemes"
    yield (
        "`provider: {scheme: ...}` in the manifest, or `provider.using(scheme=...)`. A right receiver\n"
        "accepts the ways in bold and refuses the others. About those in italics real libraries differ:\n"
        "a suite judges them only where the task states the rule."
    )
    rows = [
        f"| `{name}` | {', '.join(_way(name, dial) for dial in scheme.dials)} |"
        for name, scheme in SCHEMES.items()
    ]
    yield "\n".join(["| scheme | ways to sign (`signature=`) |", "|---|---|", *rows])
    forms = ", ".join(f"`{form}`" for form in FORMS)
    yield f"Values of the manifest's `env` that stand for a secret, new in each run: {forms}."


def _way(scheme: str, dial: str) -> str:
    if dial in SCHEMES[scheme].genuine:
        return f"**{dial}**"
    return f"*{dial}*" if dial in SCHEMES[scheme].open_to_choice else dial


def with_reference(document: str) -> str:
    """Return the document with the block between the marks made anew."""
    before, _, rest = document.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n\n{reference()}\n\n{END}{after}"


def main() -> int:
    """Write the reference into the document."""
    DOCUMENT.write_text(with_reference(DOCUMENT.read_text(encoding="utf-8")), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
