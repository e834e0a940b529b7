"""Make a quiz of quizdown, with a report of what could not be kept."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from app.content.problems import Problem
from app.content.quiz_file import read_quiz_text, read_shapes
from app.content.quiz_ids import id_of
from app.content.quiz_rules import without_code
from app.content.quiz_yaml import quiz_text, write_quiz
from app.content.quizdown import Answer, Asked, Page, read_quizdown
from app.content.skeleton import title_of
from app.content.yaml_text import Tree, read_yaml

NOT_KEPT = "not kept"


@dataclass(frozen=True)
class Imported:
    """What became of a file: how many questions were written, what was not kept, what stood in the way."""

    questions: int
    report: tuple[Problem, ...]
    errors: tuple[Problem, ...]


def import_quizdown(text: str, name: str, output: Path) -> Imported:
    """Write a quizdown file as the quiz `output`; with an error, nothing is written."""
    page = read_quizdown(text)
    maker = _Maker(name)
    tree = maker.quiz(page, output.stem)
    if not maker.errors and not maker.made:
        maker.error(1, "No question stands here: a heading with a list of answers below it.")
    if not maker.errors:
        maker.errors += _refusals(tree, maker.made, output, name)
    if not maker.errors:
        document, _ = read_yaml(quiz_text(tree), output.name)
        quiz = read_quiz_text(quiz_text(tree), output, output.name)[0]
        assert document is not None  # it had no error a moment ago
        assert quiz is not None
        write_quiz(output, document.tree, quiz)
    return Imported(
        0 if maker.errors else len(maker.made), tuple(sorted(maker.report)), tuple(sorted(maker.errors))
    )


def _refusals(tree: Tree, made: list[Asked], output: Path, name: str) -> list[Problem]:
    """Find what makes a question unusable, and tell it at the question's heading."""
    text = quiz_text(tree)
    read = read_shapes(text, output, name)
    starts = [number for number, line in enumerate(text.split("\n"), 1) if line.startswith("  - id:")]
    found = []
    for problem in read.problems:
        if problem.level == "error":
            before = sum(start <= problem.line for start in starts)
            line = made[before - 1].line if before else 1
            found.append(Problem(name, line, 1, problem.code, problem.message))
    return found


class _Maker:
    """Turn questions into the fields of a quiz file, and note what gets lost."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.report: list[Problem] = []
        self.errors: list[Problem] = []
        self.made: list[Asked] = []

    def lost(self, line: int, what: str) -> None:
        self.report.append(Problem(self.name, line, 1, NOT_KEPT, what, "warning"))

    def error(self, line: int, what: str) -> None:
        self.errors.append(Problem(self.name, line, 1, "Q030", what))

    def quiz(self, page: Page, quiz_id: str) -> Tree:
        """Give the tree of the whole file."""
        asked = list(page.questions)
        if not page.shortcodes and len(asked) > 1 and not asked[0].answers:
            page.title = page.title or asked[0].title
            self._prose(asked.pop(0))
        settings = self._settings(page.options)
        questions: list[Tree] = [each for each in map(self._question, asked) if each]
        head: dict[str, Tree] = {"id": quiz_id, "title": _plain(page.title) or title_of(quiz_id)}
        if "passingGrade" in settings:
            head["pass_mark"] = settings.pop("passingGrade")
        return {"format": "1", "quiz": head, "settings": settings, "questions": questions}

    def _prose(self, asked: Asked) -> None:
        if any(line.strip() for line in asked.body) or asked.hints:
            self.lost(asked.line, "The text below the title is no question.")

    def _settings(self, options: dict[str, tuple[int, str]]) -> dict[str, Tree]:
        """Say what quizdown does where nothing is said: questions in order, answers shuffled."""
        settings: dict[str, Tree] = {"shuffle_questions": "false"}
        for key, (line, value) in options.items():
            match key:
                case "shuffle_questions" | "shuffleQuestions":
                    settings["shuffle_questions"] = str(value == "true").lower()
                case "shuffle_answers" | "shuffleAnswers":
                    settings["shuffle_choices"] = str(value == "true").lower()
                case "nQuestions" | "n_questions" if value.isdecimal() and int(value):
                    settings["choose"] = value
                case "passingGrade" | "passing_grade" if value.isdecimal():
                    settings["passingGrade"] = value
                case _:
                    self.lost(line, f"The option `{key}: {value}`.")
        return settings

    def _question(self, asked: Asked) -> Tree:
        if not asked.answers:
            self.lost(asked.line, f"`{asked.title}` has no answers, so it is no question.")
            return {}
        kind = self._kind(asked)
        if kind is None:
            return {}
        self.made.append(asked)
        field = "items" if kind == "ordering" else "choices"
        stem = self._stem(asked)
        question: dict[str, Tree] = {"id": id_of(stem), "type": kind, "stem": stem}
        for key, (line, value) in asked.options.items():
            if key in ("shuffle_answers", "shuffleAnswers") and field == "choices":
                question["shuffle"] = str(value == "true").lower()
            else:
                self.lost(line, f"The option `{key}: {value}`.")
        question[field] = [self._answer(each, kind) for each in asked.answers]
        if asked.hints:
            question["hints"] = [self._text(hint, asked.line) for hint in asked.hints]
        if asked.explanations:
            question["explanation"] = self._text("\n\n".join(asked.explanations), asked.line)
        return question

    def _kind(self, asked: Asked) -> str | None:
        """Recognise the type by the list, as quizdown does."""
        tasks = [answer.marked is not None for answer in asked.answers]
        if not any(tasks) and asked.ordered:
            return "ordering"
        if not all(tasks):
            line = asked.answers[tasks.index(False)].line
            self.error(line, "This answer has no box. Write `[ ]` or `[x]` before it.")
            return None
        if not asked.ordered:
            return "multi_select"
        texts = {"".join(answer.text).strip().casefold() for answer in asked.answers}
        return "true_false" if texts == {"true", "false"} else "single_choice"

    def _stem(self, asked: Asked) -> str:
        body = "\n".join(asked.body).strip("\n")
        return "\n\n".join(self._text(part, asked.line) for part in (asked.title, body) if part.strip())

    def _answer(self, answer: Answer, kind: str) -> Tree:
        text = self._text("\n".join(answer.text).strip("\n"), answer.line)
        made: dict[str, Tree] = {"id": id_of(text), "text": text}
        if answer.marked and kind != "ordering":
            made["correct"] = "true"
        if answer.comments:
            made["feedback"] = self._text("\n\n".join(answer.comments), answer.line)
        return made

    def _text(self, text: str, line: int) -> str:
        """Keep a Markdown text, less pictures and HTML, which are reported."""
        for image in _IMAGE.findall(without_code(text)):
            text = text.replace(image, "")
            self.lost(line, f"The picture {image}. Put it beside the quiz and write `image:` with `alt:`.")
        for old, new in _HTML_WORDS:
            text = _outside_code(text, old, new)
        for tag in _TAG.findall(without_code(text)):
            text = text.replace(tag, "")
            self.lost(line, f"The HTML {tag}. What stood inside is kept as text.")
        if _FORMULA.search(without_code(text)):
            self.lost(line, "A formula between `$` is shown as it is typed.")
        return "\n".join(each.rstrip() for each in text.strip().split("\n"))


_IMAGE = re.compile(r"!\[[^\]\n]*\]\([^)\n]*\)")
_TAG = re.compile(r"</?[A-Za-z][^<>]*>|<!--.*?-->", re.DOTALL)
_FORMULA = re.compile(r"\$\$.+?\$\$|\$[^\s$\d][^$\n]*\$(?!\d)", re.DOTALL)
_HTML_WORDS = (
    (re.compile(r"</?(?:b|strong)>", re.IGNORECASE), "**"),
    (re.compile(r"</?(?:i|em)>", re.IGNORECASE), "*"),
    (re.compile(r"<br\s*/?>", re.IGNORECASE), "\n\n"),
)
_CODE = re.compile(r"(```.*?```|~~~.*?~~~|`[^`\n]+`)", re.DOTALL)


def _outside_code(text: str, old: re.Pattern[str], new: str) -> str:
    parts = _CODE.split(text)
    return "".join(part if at % 2 else old.sub(new, part) for at, part in enumerate(parts))


def _plain(title: str) -> str:
    """Give a title without the marks of Markdown."""
    return re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", title).replace("`", "").replace("*", "").strip()


def told(report: tuple[Problem, ...]) -> Iterator[str]:
    """Give the report's lines."""
    for problem in report:
        yield f"{problem.path}:{problem.line}: {NOT_KEPT}: {problem.message}"
