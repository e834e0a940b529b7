"""What only several questions together show: keys that follow a pattern, stems that say the same."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice

from app.content.quiz_cues import choices_of, key_is_longest
from app.content.quiz_shapes import QuestionShape, SingleChoiceShape, TrueFalseShape

Told = tuple[str, str]  # code, message


def warnings_across(questions: Iterable[QuestionShape], shuffled: bool) -> Iterator[Told]:
    """Find what only the whole quiz shows."""
    listed = list(questions)
    single = [question for question in listed if isinstance(question, SingleChoiceShape)]
    yield from _one_way(listed)
    long_keys = sum(key_is_longest(question) is not None for question in single)
    if len(single) >= 6 and long_keys > len(single) / 2:
        message = f"In {long_keys} of {len(single)} questions the key is the longest choice. Even them out."
        yield "W105", message
    yield from _places([each for each in single if not (shuffled if each.shuffle is None else each.shuffle)])


def _one_way(questions: Iterable[QuestionShape]) -> Iterator[Told]:
    keys = [
        next((each.known_id for each in choices_of(question) if each.correct), "")
        for question in questions
        if isinstance(question, TrueFalseShape)
    ]
    if len(keys) >= 3 and len(set(keys)) == 1:
        yield "W116", f"Every true_false question has the key `{keys[0]}`. Turn some of them round."


def _places(unshuffled: list[SingleChoiceShape]) -> Iterator[Told]:
    """Look where the key stands in questions whose choices stay in order."""
    where = [
        next((at for at, each in enumerate(question.choices) if each.correct), 0) for question in unshuffled
    ]
    if len(where) >= 4 and len(set(where)) == 1:
        yield "W106", f"The key is always choice {where[0] + 1}, and nothing is shuffled. {_SHUFFLE}"
    elif len(where) >= 12 and _skewed(where, [len(question.choices) for question in unshuffled]):
        often, count = Counter(where).most_common(1)[0]
        message = f"The key is choice {often + 1} in {count} of {len(where)} questions. {_SHUFFLE}"
        yield "W106", message


_SHUFFLE = "Remove `shuffle: false`, or put the keys elsewhere by chance."


def _skewed(where: list[int], sizes: list[int]) -> bool:
    """Test by chi squared, at five percent, whether keys stand in each place as often as chance would do."""
    expected = [sum(1 / size for size in sizes if size > place) for place in range(max(sizes))]
    counts = Counter(where)
    square = sum((counts[place] - share) ** 2 / share for place, share in enumerate(expected))
    return square > _CRITICAL[min(len(expected) - 1, len(_CRITICAL)) - 1]


_CRITICAL = (3.841, 5.991, 7.815, 9.488, 11.070, 12.592, 14.067, 15.507, 16.919)  # 1 to 9 degrees of freedom

LIKENESS = 0.8  # share of all words of two stems that both have
FEWEST_WORDS = 4
_COMPARED = 40  # so many earlier stems at most, those with the rarest words first


def alike(stems: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Give each stem that says nearly the same as an earlier one, with that one; by their names.

    Stems are compared only where they share a rare word (prefix filter of Bayardo, Ma & Srikant 2007), so
    that ten thousand of them take a second.
    """
    words = {name: frozenset(re.findall(r"\w+", stem.lower())) for name, stem in stems.items()}
    often = Counter(word for each in words.values() for word in each)
    begun: dict[str, list[str]] = {}
    for name, here in words.items():
        if len(here) < FEWEST_WORDS:
            continue
        rarest = sorted(here, key=lambda word: (often[word], word))[
            : len(here) - int(LIKENESS * len(here)) + 1
        ]
        other = next((each for each in _candidates(begun, rarest) if _likeness(here, words[each])), None)
        if other is not None:
            yield name, other
        for word in rarest:
            begun.setdefault(word, []).append(name)


def _candidates(begun: Mapping[str, list[str]], rarest: Iterable[str]) -> Iterator[str]:
    sharing = (name for word in rarest for name in begun.get(word, ()))
    return islice(sharing, _COMPARED)


def _likeness(one: frozenset[str], other: frozenset[str]) -> bool:
    both = len(one & other)
    return both >= LIKENESS * (len(one) + len(other) - both)
