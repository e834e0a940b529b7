"""The commands of authors of quizzes: ids, new, import, export."""

from pathlib import Path

from app.content.lint import lint
from app.content.loader import load_course
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
