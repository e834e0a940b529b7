"""The lint codes in CONTRIBUTING.md, read from the code that emits them: `python -m tests.lint_codes`.

A test fails while the block in the document differs from what this makes. What stands in a message only
when it is told, such as a name, is shown as `…`.
"""

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DOCUMENT = ROOT / "CONTRIBUTING.md"
BEGIN = "<!-- The codes of lint: written by `python -m tests.lint_codes`, not by hand. -->"
END = "<!-- End of the codes of lint. -->"
SOURCES = (*sorted((ROOT / "app/content").glob("*.py")), ROOT / "app/learning/verify_quizzes.py")
CODE = re.compile(r"[A-Z]\d{3}|\d{3}")
FAMILIES = {
    "Y": "Any YAML file (in a quiz it is told as Q001)",
    "L": "Lessons, links and diagrams",
    "E": "Exercises",
    "M": "Known wrong solutions",
    "S": "Scenarios",
    "Q": "Quizzes: errors, for which a quiz can't be asked",
    "W": "Quizzes: warnings, each of which can be waived with a reason",
}
BY_MODEL = "LEMSQ"  # the families whose fields are read by a model: they share 002, 003 and 020
ELSEWHERE = {  # told in words that are made somewhere else
    "002": "Unknown field `…`. Did you mean …?",
    "E014": "The exercise from which it starts is not there, or the chain has no end.",
    "Q001": "What YAML itself refuses, in the words of Y001 to Y009.",
    "Q030": "What a quizdown file says can't become a question.",
}
Names = dict[str, list[ast.expr]]
Told = tuple[str, str, bool]  # code, message, whether the code is written out


def codes() -> dict[str, list[str]]:
    """Give every code with its messages, in the order of families and numbers."""
    direct: dict[str, list[str]] = {}
    indirect: dict[str, list[str]] = {}  # by a name for the code, used only where it is never written out
    for code, message, is_direct in _all_told():
        for each in (code,) if code[0].isalpha() else (family + code for family in BY_MODEL):
            told = (direct if is_direct else indirect).setdefault(each, [])
            if message not in ("", *told):
                told.append(message)
    found = {code: direct.get(code) or indirect.get(code, []) for code in {**direct, **indirect}}
    families = "".join(FAMILIES)
    return dict(sorted(found.items(), key=lambda item: (families.index(item[0][0]), item[0])))


def _all_told() -> Iterator[Told]:
    modules = [ast.parse(file.read_text(encoding="utf-8")) for file in SOURCES]
    shared: Names = {}  # what one module imports from another
    for module in modules:
        for node in module.body:
            _note(node, shared)
    for module in modules:
        own: Names = dict(shared)
        for node in module.body:
            _note(node, own, anew=True)
        for node in module.body:
            for part in node.body if isinstance(node, ast.ClassDef) else [node]:
                inside: Names = {name: list(found) for name, found in own.items()}
                for child in ast.walk(part) if isinstance(part, ast.FunctionDef) else ():
                    _note(child, inside, nested=True)
                yield from _told(part, inside)


def _note(node: ast.AST, names: Names, anew: bool = False, nested: bool = False) -> None:
    """Note what a statement sets names to; a function stands for what it returns."""
    found: list[tuple[str, ast.expr]] = []
    if isinstance(node, ast.FunctionDef) and not nested:
        returned = [each.value for each in ast.walk(node) if isinstance(each, ast.Return)]
        found = [(node.name, value) for value in returned if value is not None]
    elif isinstance(node, ast.Assign):
        found = [each for target in node.targets for each in _bound(target, node.value)]
    elif isinstance(node, ast.NamedExpr):
        found = [(node.target.id, node.value)]
    elif isinstance(node, ast.For) and isinstance(node.iter, ast.Tuple):
        found = [pair for each in node.iter.elts for pair in _bound(node.target, each)]
    for name in {name for name, _ in found} if anew else ():
        names[name] = []
    for name, value in found:
        names.setdefault(name, []).append(value)


def _bound(target: ast.expr, value: ast.expr) -> Iterator[tuple[str, ast.expr]]:
    if isinstance(target, ast.Name):
        yield target.id, value
    elif isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple):
        for each, part in zip(target.elts, value.elts, strict=False):
            yield from _bound(each, part)


def _told(node: ast.AST, names: Names) -> Iterator[Told]:
    """Give each code that stands among other values, with the sentence that stands behind it."""
    for child in ast.walk(node):
        values = [*child.elts] if isinstance(child, ast.Tuple) else []
        values += child.args if isinstance(child, ast.Call) else []
        for at, value in enumerate(values):
            behind = (_sentences(each, names) for each in values[at + 1 : at + 3])
            said = next((each for each in behind if each), [""])
            for code in _codes(value, names):
                told = [ELSEWHERE[code]] if code in ELSEWHERE else said
                yield from ((code, each, isinstance(value, ast.Constant)) for each in told)


def _codes(value: ast.expr, names: Names) -> list[str]:
    match value:
        case ast.Constant(value=str() as text) if CODE.fullmatch(text):
            return [text]
        case ast.Name(id=name):
            return [code for found in _nearest(name, value, names) for code in _codes(found, names)]
        case ast.Subscript(value=ast.Name(id=name)):
            tables = [each for each in names.get(name, ()) if isinstance(each, ast.Dict)]
            return [code for table in tables for each in table.values for code in _codes(each, names)]
    return []


def _nearest(name: str, use: ast.expr, names: Names) -> list[ast.expr]:
    """Give the value that a name was set to last before its use, else all that it may have."""
    found = sorted(names.get(name, []), key=lambda each: each.lineno)
    before = [each for each in found if each.lineno <= use.lineno]
    is_code = before and isinstance(before[-1], ast.Constant) and CODE.fullmatch(str(before[-1].value))
    return found if is_code or not before else before[-1:]


def _sentences(value: ast.expr, names: Names, depth: int = 0) -> list[str]:
    """Give the sentences that an expression may be."""
    if depth > 5:
        return []
    match value:
        case ast.Constant(value=str() as text) if " " in text.strip():
            return [text]
        case ast.JoinedStr(values=parts):
            whole = "".join(_piece(part, names, depth) for part in parts)
            return [whole] if re.search(r"[a-z] ", whole) else []
        case ast.BinOp(left=left, right=right):
            ends = _sentences(right, names, depth + 1) or ["…"]
            return [one + ends[0] for one in _sentences(left, names, depth + 1)]
        case ast.IfExp(body=body, orelse=other):
            return _sentences(body, names, depth + 1) + _sentences(other, names, depth + 1)
        case ast.Name(id=name):
            found = _nearest(name, value, names)
            return [each for one in found for each in _sentences(one, names, depth + 1)]
        case ast.Call(func=ast.Name(id=name)):
            return [each for one in names.get(name, ()) for each in _sentences(one, names, depth + 1)]
    return []


def _piece(part: ast.expr, names: Names, depth: int) -> str:
    match part:
        case ast.Constant(value=str() as text):
            return text
        case ast.FormattedValue(value=ast.Name() as name):
            return next(iter(_sentences(name, names, depth + 1)), "…")
    return "…"


def listed() -> str:
    """Return the whole list as Markdown, a table for each family."""
    return "\n\n".join(_table(letter, title) for letter, title in FAMILIES.items())


def _table(letter: str, title: str) -> str:
    rows = [f"| {code} | {_cell(said)} |" for code, said in codes().items() if code[0] == letter]
    return "\n".join([f"#### {title}", "", "| code | what it says |", "|---|---|", *rows])


def _cell(messages: list[str]) -> str:
    return " · ".join(re.sub(r"…{2,}", "…", " ".join(each.split())) for each in messages).replace("|", r"\|")


def with_codes(document: str) -> str:
    """Return the document with the block between the marks made anew."""
    before, _, rest = document.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n\n{listed()}\n\n{END}{after}"


def main() -> int:
    """Write the list into the document."""
    DOCUMENT.write_text(with_codes(DOCUMENT.read_text(encoding="utf-8")), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
