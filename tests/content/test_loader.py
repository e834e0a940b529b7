"""The whole course: folders laid over each other, ids, and files that disable only themselves."""

from pathlib import Path

import pytest

from app.content.loader import find_content, load_course
from app.errors import NotFound
from tests.content.samples import (
    LESSON,
    MANIFEST,
    QUIZ,
    write,
    write_course,
    write_exercise,
    write_lesson,
    write_quiz,
)


def codes(root: Path) -> list[tuple[str, str]]:
    """Load one folder and give the file and code of each problem."""
    return [(problem.path, problem.code) for problem in load_course([root]).problems]


def test_a_course(tmp_path: Path) -> None:
    """A lesson comes first, then its exercises, then its quizzes."""
    course = load_course([write_course(tmp_path)])
    assert course.problems == ()
    assert [(step.kind, step.id, step.minutes) for step in course.steps] == [
        ("lesson", "greeting", 5),
        ("exercise", "say-hello", 5),
        ("quiz", "hello-quiz", 1),
    ]
    assert course.find("say-hello").kind == "exercise"
    assert course.lesson("greeting").title == "A greeting"
    assert course.exercise("say-hello").title == "Say hello"
    assert course.quiz("hello-quiz").title == "Hello"


def test_unknown_ids(tmp_path: Path) -> None:
    """Who asks for something that is not there is told what may be meant."""
    course = load_course([write_course(tmp_path)])
    with pytest.raises(NotFound, match="Did you mean say-hello"):
        course.exercise("say-helo")
    with pytest.raises(NotFound, match=r"There is: greeting\."):
        course.lesson("zzz")
    with pytest.raises(NotFound, match="lesson, exercise or quiz"):
        course.find("greting")


def test_the_order(tmp_path: Path) -> None:
    """Lessons go by number, exercises by number, quizzes by `order`; what has no lesson comes last."""
    write_lesson(tmp_path, LESSON.replace("id: greeting", "id: farewell"), "02-farewell.md")
    write_course(tmp_path)
    write_exercise(tmp_path, MANIFEST.replace("id: say-hello", "id: say-more"), folder="02-say-more")
    write_quiz(tmp_path, _other_quiz("a-quiz", "order: 2"), "a-quiz.yaml")
    write_quiz(tmp_path, _other_quiz("b-quiz", "pass_mark: 50").replace("greeting", "gone"), "b-quiz.yaml")
    ids = [step.id for step in load_course([tmp_path]).steps]
    assert ids == ["greeting", "say-hello", "say-more", "hello-quiz", "a-quiz", "farewell", "b-quiz"]


def _other_quiz(quiz_id: str, field: str) -> str:
    return QUIZ.replace("id: hello-quiz,", f"id: {quiz_id}, {field},").replace("first-word", f"of-{quiz_id}")


def test_one_bad_file_disables_only_itself(tmp_path: Path) -> None:
    """A broken file of each kind leaves everything else standing, and each is reported."""
    write_course(tmp_path)
    write_lesson(tmp_path, "no front matter", "02-broken.md")
    write_quiz(tmp_path, "questions: [", "broken.yaml")
    write_exercise(tmp_path, "id: [", folder="02-broken")
    course = load_course([tmp_path])
    assert [step.id for step in course.steps] == ["greeting", "say-hello", "hello-quiz"]
    assert codes(tmp_path) == [
        ("exercises/02-broken/exercise.yaml", "Y001"),
        ("lessons/02-broken.md", "L001"),
        ("quizzes/broken.yaml", "Q001"),
    ]


def test_files_that_belong_to_nothing(tmp_path: Path) -> None:
    """A file with a wrong name is told, since nobody would ever see it in the course."""
    write_course(tmp_path)
    write(tmp_path / "lessons/notes.md", "x")
    write(tmp_path / "quizzes/notes.txt", "x")
    write(tmp_path / "exercises/notes.txt", "x")
    (tmp_path / "exercises/03-empty").mkdir()
    assert codes(tmp_path) == [
        ("exercises/03-empty/exercise.yaml", "E001"),
        ("exercises/notes.txt", "E010"),
        ("lessons/notes.md", "L010"),
        ("quizzes/notes.txt", "Q023"),
    ]


def test_the_same_id_twice_in_one_folder(tmp_path: Path) -> None:
    """An id stands once in a folder, over all kinds; the first one keeps it."""
    write_course(tmp_path)
    write_lesson(tmp_path, name="02-greeting.md")
    write_exercise(tmp_path, MANIFEST.replace("id: say-hello", "id: greeting"), folder="02-greeting")
    write_quiz(tmp_path, _other_quiz("say-hello", "order: 2"), "say-hello.yaml")
    course = load_course([tmp_path])
    assert [step.id for step in course.steps] == ["greeting", "say-hello", "hello-quiz"]
    assert course.lesson("greeting").number == 1
    assert codes(tmp_path) == [
        ("exercises/02-greeting/exercise.yaml", "E005"),
        ("lessons/02-greeting.md", "L005"),
        ("quizzes/say-hello.yaml", "Q022"),
    ]


def test_the_same_question_in_two_quizzes(tmp_path: Path) -> None:
    """Answers are kept by a question's id, so the second quiz that uses it is left out."""
    write_course(tmp_path)
    write_quiz(tmp_path, QUIZ.replace("id: hello-quiz", "id: z-quiz"), "z-quiz.yaml")
    course = load_course([tmp_path])
    assert [quiz.id for quiz in course.quizzes] == ["hello-quiz"]
    assert str(course.problems[0]).startswith("quizzes/z-quiz.yaml:5:9 Q004 ")


def test_overlays_replace_whole_items(tmp_path: Path) -> None:
    """In a later folder the same id replaces the item whole, and a new id is added."""
    shipped = write_course(tmp_path / "shipped")
    own = tmp_path / "own"
    write_lesson(own, LESSON.replace("title: A greeting", "title: My greeting"), "07-greeting.md")
    write_lesson(own, LESSON.replace("id: greeting", "id: mine"), "08-mine.md")
    write_exercise(own, MANIFEST.replace("title: Say hello", "title: My hello"))
    write_quiz(own, QUIZ.replace("title: Hello,", "title: My quiz,"))
    course = load_course([shipped, own])
    assert course.problems == ()
    assert [step.title for step in course.steps] == ["My greeting", "My hello", "My quiz", "A greeting"]
    assert course.lesson("greeting").path.is_relative_to(own)


def test_a_broken_overlay_leaves_the_shipped_item(tmp_path: Path) -> None:
    """What can't be read replaces nothing."""
    shipped = write_course(tmp_path / "shipped")
    own = tmp_path / "own"
    write_lesson(own, "broken", "01-greeting.md")
    course = load_course([shipped, own])
    assert course.lesson("greeting").path.is_relative_to(shipped)
    assert [problem.code for problem in course.problems] == ["L001"]


def test_an_overlay_can_not_change_the_kind(tmp_path: Path) -> None:
    """A quiz can't take the id of a shipped lesson: progress is kept by id."""
    shipped = write_course(tmp_path / "shipped")
    write_quiz(tmp_path / "own", _other_quiz("greeting", "order: 2"), "greeting.yaml")
    course = load_course([shipped, tmp_path / "own"])
    assert course.find("greeting").kind == "lesson"
    assert [problem.code for problem in course.problems] == ["Q022"]


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    """A wrong COURSE_CONTENT is a problem that names the setting; the rest still loads."""
    course = load_course([write_course(tmp_path / "shipped"), tmp_path / "gone"])
    assert len(course.steps) == 3
    assert "COURSE_CONTENT" in course.problems[0].message
    assert load_course([]).steps == ()


def test_the_checkout_is_found(tmp_path: Path) -> None:
    """The content is that of the checkout, and overlays come after it."""
    first, *rest = find_content((tmp_path,))
    assert (first / "lessons").is_dir()
    assert (first / "app/content/loader.py").is_file()
    assert rest == [tmp_path]


def test_the_copy_in_the_wheel_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a checkout the content is the copy inside the package."""
    from app.content import loader

    package = tmp_path / "site-packages" / "app"
    write_course(package / "_content")
    monkeypatch.setattr(loader, "__file__", str(write(package / "content/loader.py", "")))
    assert find_content() == (package / "_content",)


def test_many_files_take_time_in_proportion(tmp_path: Path) -> None:
    """Loading reads each file once: the number of reads grows as the number of files does."""
    for at in range(30):
        write_lesson(tmp_path, LESSON.replace("id: greeting", f"id: g{at}"), f"{at:02}-g{at}.md")
        write_quiz(tmp_path, _other_quiz(f"q{at}", f"order: {at + 1}"), f"q{at}.yaml")
    from app.content import files

    read: list[str] = []
    real = files.read_text
    with pytest.MonkeyPatch.context() as patch:
        for module in ("lesson_file", "quiz_file"):
            patch.setattr(
                f"app.content.{module}.read_text",
                lambda file, name, *most: (read.append(name), real(file, name, *most))[1],
            )
        course = load_course([tmp_path])
    assert len(course.steps) == len(read) == len(set(read)) == 60
