"""The commands of authors of quizzes: ids, new, import, export."""

import csv
import io
from pathlib import Path

import pytest

from app.content.lint import lint
from app.content.loader import load_course
from app.content.schema import quiz_schema
from tests.cli.conftest import Learner


def test_a_quiz_is_right_as_made(learner: Learner) -> None:
    """`course new quiz` writes a file in which lint finds nothing, after the other quizzes of its lesson."""
    result = learner.types("new", "quiz", "say-it-back")
    assert result.exit_code == 0, result.output
    assert "quizzes/say-it-back.yaml" in result.stdout
    course = load_course([learner.content])
    assert [str(each) for each in lint(course) if "say-it-back" in each.path] == []
    quiz = course.quiz("say-it-back")
    assert (quiz.title, quiz.lesson, len(quiz.questions)) == ("Say it back", "basics", 1)
    assert quiz.order == 1 + max(each.order for each in course.quizzes if each.id != quiz.id)


def test_editors_complete_in_a_folder_of_ones_own(learner: Learner, tmp_path: Path) -> None:
    """The schema that the first line names lies beside the file in any folder, and is of this version."""
    schema = learner.content / "quizzes" / "quiz.schema.json"
    assert "quiz.schema.json" in learner.types("new", "quiz", "say-it-back").stdout
    assert schema.read_text(encoding="utf-8") == quiz_schema()
    schema.write_text("{}")
    learner.types("new", "quiz", "say-it-again")
    assert schema.read_text(encoding="utf-8") == quiz_schema()
    old = tmp_path / "old.md"
    old.write_text("# Which?\n- [x] This\n- [ ] That\n")
    mine = tmp_path / "mine"
    mine.mkdir()
    assert learner.types("import", "quizdown", str(old), "--output", str(mine / "old.yaml")).exit_code == 0
    assert (mine / "quiz.schema.json").read_text(encoding="utf-8") == quiz_schema()


DIAGRAM = """\
stem: |
      ```mermaid
      sequenceDiagram
        accTitle: A greeting
        accDescr: A greets B.
        A->>B: Hello
      ```

      Who speaks?"""


def test_a_quiz_is_drawn(learner: Learner) -> None:
    """`course draw QUIZ` draws what a stem shows, and takes away what no stem shows any more."""
    learner.types("new", "quiz", "say-it-back")
    file = learner.content / "quizzes" / "say-it-back.yaml"
    text = file.read_text().replace("stem: Which of these does say-it-back ask about?", DIAGRAM)
    file.write_text(text)
    drawn = learner.types("draw", "say-it-back").stdout
    (picture,) = file.parent.glob("say-it-back.*.svg")
    assert drawn == f"drawn {picture}\n"
    assert not [each for each in lint(load_course([learner.content])) if "say-it-back" in each.path]
    file.write_text(text.replace("B: Hello", "B: Goodbye"))
    told = learner.types("draw", str(file)).stdout.splitlines()
    assert told[1:] == [f"removed {picture}, which no question shows"]
    assert len(list(file.parent.glob("say-it-back.*.svg"))) == 1


def test_ids_are_written_into_the_named_quiz(learner: Learner) -> None:
    """`course ids QUIZ` writes what lint misses, says how many, and a second time there is nothing to do."""
    file = learner.content / "quizzes" / "short.yaml"
    file.write_text(
        "format: 1\nquiz: {id: short, title: Short}\nquestions:\n  - stem: Which word comes first?\n"
        "    choices:\n      - {text: Hello, correct: true}\n      - Goodbye\n      - Nothing\n"
    )
    result = learner.types("ids", "short")
    assert (result.exit_code, result.stdout) == (0, f"{file}: 4 ids written\n")
    assert learner.types("ids", str(file)).stdout == f"{file}: no id written\n"
    assert not [
        each for each in lint(load_course([learner.content])) if each.code == "W100" and "short" in each.path
    ]


def test_a_broken_quiz_is_told_and_the_others_are_written(learner: Learner) -> None:
    """One bad file does not keep the others from getting their ids; the exit code says that one failed."""
    broken = learner.content / "quizzes" / "broken.yaml"
    broken.write_text("format: 1\nquiz: {id: broken\n")
    result = learner.types("ids")
    assert result.exit_code == 1
    assert "broken.yaml has mistakes, so nothing was written" in result.stderr
    assert "basics-quiz.yaml: " in result.stdout
    assert broken.read_text() == "format: 1\nquiz: {id: broken\n"


def test_an_unknown_quiz_gets_the_nearest_name(learner: Learner) -> None:
    """A misspelt id is wrong usage."""
    result = learner.types("ids", "basics-quizz")
    assert result.exit_code == 2
    assert "Did you mean basics-quiz?" in result.stderr
    assert Path(learner.content / "quizzes" / "basics-quiz.yaml").is_file()


def test_a_quizdown_file_becomes_a_quiz(learner: Learner, tmp_path: Path) -> None:
    """`course import quizdown` writes the quiz, and names what is lost with file and line."""
    old = tmp_path / "old.md"
    old.write_text(
        "---\nlocale: de\n---\n\n## Which?\n\n1. [x] A\n1. [ ] B\n1. [ ] C\n\n> **Explanation:** A.\n"
    )
    result = learner.types("import", "quizdown", str(old), "--output", "imported")
    assert result.exit_code == 0, result.output
    assert result.stderr == "old.md:2: not kept: The option `locale: de`.\n"
    assert "1 question written to" in result.stdout
    course = load_course([learner.content])
    assert course.quiz("imported").questions[0].explanation == "A."
    again = learner.types("import", "quizdown", str(old), "--output", "imported")
    assert again.exit_code == 2
    assert "exists already" in again.stderr


def test_a_bad_quizdown_file_writes_nothing(learner: Learner, tmp_path: Path) -> None:
    """A question that can't be asked is named with its line; exit code 1, no file."""
    old = tmp_path / "old.md"
    old.write_text("## Which?\n\n1. [ ] A\n1. [ ] B\n")
    output = tmp_path / "new.yaml"
    result = learner.types("import", "quizdown", str(old), "--output", str(output))
    assert result.exit_code == 1
    assert "old.md:1:1 Q007 No choice is correct." in result.stderr
    assert "Nothing was written." in result.stderr
    assert not output.exists()


def test_json_out_and_in(learner: Learner, tmp_path: Path) -> None:
    """What `course export json` prints, `course import json` makes into the same quiz."""
    exported = learner.types("export", "json", "basics-quiz")
    assert exported.exit_code == 0, exported.output
    file = tmp_path / "quiz.json"
    file.write_text(exported.stdout, encoding="utf-8")
    output = tmp_path / "basics-quiz.yaml"
    result = learner.types("import", "json", str(file), "--output", str(output))
    assert result.exit_code == 0, result.output
    assert learner.types("export", "json", str(output)).stdout == exported.stdout


def test_csv_has_a_row_for_each_choice(learner: Learner) -> None:
    """`course export csv` is a table with a head; no cell can be taken for a formula."""
    quiz = load_course([learner.content]).quiz("basics-quiz")
    rows = list(csv.DictReader(io.StringIO(learner.types("export", "csv", "basics-quiz").stdout)))
    choices = [(question.id, choice.id) for question in quiz.questions for choice in question.choices]
    assert [(row["question"], row["part"]) for row in rows] == choices
    assert {row["right"] for row in rows} == {"true", "false"}


def test_verify_runs_the_code_of_questions(learner: Learner) -> None:
    """`course verify QUIZ` proves the quiz alone: what it says is printed, or else where and what."""
    file = learner.content / "quizzes" / "prints.yaml"
    text = (
        "format: 1\nquiz: {id: prints, title: Prints}\nquestions:\n  - id: one\n    type: predict_output\n"
        "    stem: What is printed?\n    code: {language: python, text: print(1)}\n    output: 1\n"
    )
    file.write_text(text)
    result = learner.types("verify", "prints")
    assert result.exit_code == 0, result.output
    assert "1 question says what the code prints" in result.stdout
    file.write_text(text.replace("output: 1", "output: 2"))
    result = learner.types("verify", str(file))
    assert result.exit_code == 1
    assert "prints.yaml:8:13 Q016 The code prints '1'." in result.stdout
    assert learner.types("verify", "print").exit_code == 2


def test_a_preview_is_served_by_an_author_only(learner: Learner, monkeypatch: pytest.MonkeyPatch) -> None:
    """`course preview` serves the file that an id or a path names; an unknown one gets the nearest name."""
    served: list[tuple[int, bool, Path]] = []
    monkeypatch.setattr(
        "app.web.serve", lambda room, port, browser, preview: served.append((port, browser, preview))
    )
    file = learner.content / "quizzes" / "basics-quiz.yaml"
    file.write_text("format: 1\nquiz: {id: broken\n")
    assert learner.types("preview", "basics-quiz").exit_code == 0
    assert learner.types("preview", str(file), "--port", "4998", "--no-browser").exit_code == 0
    assert served == [(0, True, file), (4998, False, file)]
    unknown = learner.types("preview", "basic-quiz")
    assert unknown.exit_code == 2
    assert "Did you mean basics-quiz?" in unknown.stderr
