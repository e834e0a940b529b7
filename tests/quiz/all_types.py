"""One question of each type, each with a right answer, a wrong one, and what a known mistake says."""

from decimal import Decimal

from app.quiz.types import (
    Accepted,
    Choice,
    Code,
    Item,
    KnownWrong,
    Number,
    Option,
    Pair,
    Question,
)


def _question(kind: str, **facts: object) -> Question:
    common: dict[str, object] = {
        "id": f"about-{kind}",
        "type": kind,
        "stem": f"What about {kind}?",
        "choices": (),
        "hints": ("first hint", "second hint"),
        "explanation": f"why {kind}",
        "objectives": (),
        "lesson": "one#part",
        "difficulty": "easy",
        "scoring": "balanced",
        "shuffle": True,
    }
    return Question(**{**common, **facts})  # type: ignore[arg-type]


def _choices(right: str) -> tuple[Choice, ...]:
    return tuple(Choice(each, f"says {each}", each in right, f"feedback on {each}") for each in "abcd")


SINGLE = _question("single_choice", choices=_choices("a"))
SEVERAL = _question("multi_select", choices=_choices("ab"))
TRUE_FALSE = _question("true_false", choices=_choices("a")[:2])
NUMERIC = _question(
    "numeric",
    number=Number(Decimal("4.5"), Decimal("5.5"), Decimal(5)),
    unit="s",
    wrong=(KnownWrong("You forgot to halve it.", Number(Decimal(10), Decimal(10))),),
)
SHORT_TEXT = _question(
    "short_text",
    accept=(Accepted("at least once"), Accepted("at[- ]least[- ]1x?", pattern=True)),
    wrong=(KnownWrong("That would be nice.", text=Accepted("exactly once")),),
)
ORDERING = _question(
    "ordering", items=tuple(Item(each, f"step {each}", f"why {each}") for each in ("read", "verify", "store"))
)
MATCHING = _question(
    "matching",
    pairs=(
        Pair("ok", "received", "s200", "why ok"),
        Pair("bad", "forged", "s401"),
        Pair("odd", "too big", "s413"),
    ),
    options=tuple(Option(f"s{code}", str(code)) for code in (200, 401, 413, 500)),
)
PREDICT = _question(
    "predict_output",
    code=Code("python", "print(1)\nprint(2)"),
    output="1\n2\n",
    case_sensitive=True,
    wrong=(KnownWrong("Each print ends its line.", text=Accepted("12")),),
)
REFLECT = _question("reflect", model_answer="because of crashes", points=("names a crash",))

ALL = (SINGLE, SEVERAL, TRUE_FALSE, NUMERIC, SHORT_TEXT, ORDERING, MATCHING, PREDICT, REFLECT)
