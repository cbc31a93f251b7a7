"""The question trees of bucket files: `{question: {answer: {question: ...}, answer: {}}, question: ...}`.

Keys are texts, or bare words, which are ids. Beside its answers a question's object may hold `_id_`, `_type_` and
`_dep_`, and an answer's object, beside the questions that it leads to, `_id_`.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from msgspec.structs import replace

from chateval.annotation._answers import REASON
from chateval.annotation._data_reading import Problems, did_you_mean, shown
from chateval.annotation._files import at
from chateval.annotation._ids import MAX_ID_CHARACTERS, hashed_id, id_of, is_bare
from chateval.annotation._tasks import Checks, Choice, Option, Question, Seen, When

Path = tuple[str, ...]

ID: Final = "_id_"
TYPE: Final = "_type_"
CONDITION: Final = "_dep_"
TURN: Final = "_turn_"
SPECIAL = (CONDITION, ID, TYPE)

TYPES: Final[dict[str, type[Checks] | type[Choice]]] = {"checkbox": Checks, "radio": Choice}

PREVIOUS_TURN_RULE = "boolPrevTurnExpect"
"""The one rule that the seed platform knows by name: asked on turn 1, and where the turn before was answered so."""
EXPECTATIONS = (
    ("If you were to respond to what SPEAKER_X", "No"),
    ("Did SPEAKER_X prompt", "Yes"),
    ("Is SPEAKER_X following up", "No"),
)
"""How its three questions, and the answers to them, begin."""


@dataclass(frozen=True)
class _Entry:
    """A question of the tree, its answers by key."""

    key: str
    id: str
    answers: dict[str, str]


@dataclass
class TreeReader:
    """Reads the tree of one task; `place` is that of the tree in its file. Complaints go to `problems`."""

    place: Path
    problems: Problems
    entries: dict[Path, _Entry] = field(default_factory=dict)
    taken: set[str] = field(default_factory=set)

    def read(self, tree: Any) -> tuple[Question, ...]:
        """The questions, as far as they can be read."""
        self._name(tree, self.place)
        return tuple(self._questions(tree, self.place))

    # First all questions are named, since conditions may speak of later ones.

    def _name(self, tree: Any, place: Path) -> None:
        if not isinstance(tree, dict) or (not tree and place == self.place):
            self._complain(place, f"{shown(tree)} holds no questions. Write {{question: {{answer: {{}}, ...}}, ...}}.")
            return
        for key, question in tree.items():
            if key != ID or place == self.place:
                self._name_question(key, question, (*place, key))

    def _name_question(self, key: str, question: Any, place: Path) -> None:
        self._check_key(key, place)
        if not isinstance(question, dict):
            self._complain(place, f"{shown(question)} holds no answers. Write {{answer: {{}}, answer: {{}}}}.")
            return
        entry = _Entry(key, self._question_id(key, question, place), {})
        self.entries[place] = entry
        for answer, below in question.items():
            if answer in SPECIAL:
                continue
            self._check_key(answer, (*place, answer))
            entry.answers[answer] = self._answer_id(answer, below, entry, (*place, answer))
            self._name(below, (*place, answer))
        if not entry.answers:
            self._complain(place, "This question has no answers. Add them as keys: {answer: {}, answer: {}}.")

    def _check_key(self, key: str, place: Path) -> None:
        if not key.strip():
            self._complain(place, "This text is empty. Say what is asked or answered.")
        elif key.startswith("_") and key.endswith("_") and len(key) > 1:
            guess = did_you_mean(key, SPECIAL)
            self._complain(place, f"{key!r} is no key that means something here. Known: {', '.join(SPECIAL)}.{guess}")

    def _question_id(self, key: str, question: dict[str, Any], place: Path) -> str:
        name = self._own_id(question, place) or id_of(key)
        if name in self.taken and ID not in question:  # the same words asked at another place of the tree
            name = hashed_id(key, " > ".join(place[len(self.place) :]))
        if name in self.taken:
            self._complain(place, f"Another question has the id {name!r} too. Ids differ within a task; change one.")
        if name.endswith(REASON):
            self._complain(place, f"The id {name!r} ends in {REASON}, where reasons are stored. Choose another.")
        self.taken.add(name)
        return name

    def _answer_id(self, key: str, below: Any, entry: _Entry, place: Path) -> str:
        name = (self._own_id(below, place) if isinstance(below, dict) else None) or id_of(key)
        if name in entry.answers.values():
            self._complain(place, f"Another answer has the id {name!r} too. Ids differ within a question; change one.")
        return name

    def _own_id(self, holder: dict[str, Any], place: Path) -> str | None:
        name = holder.get(ID)
        if name is None or (isinstance(name, str) and is_bare(name)):
            return name
        rule = f"An id is one word of letters, digits and _ . -, at most {MAX_ID_CHARACTERS} of them."
        self._complain((*place, ID), f"{shown(name)} cannot be an id. {rule}")
        return None

    # Then they are made.

    def _questions(self, tree: Any, place: Path) -> Iterator[Question]:
        for key, question in tree.items() if isinstance(tree, dict) else ():
            here = (*place, key)
            if here in self.entries and self.entries[here].answers:
                yield self._question(question, self.entries[here], here)

    def _question(self, question: dict[str, Any], entry: _Entry, place: Path) -> Question:
        options = tuple(
            Option(name, key, then=tuple(self._questions(question[key], (*place, key))))
            for key, name in entry.answers.items()
        )
        kind = self._kind(question, place)
        text = "" if is_bare(entry.key) else entry.key
        made: Question = kind(id=entry.id, text=text, options=options)
        return replace(made, when=self._when(question[CONDITION], place)) if CONDITION in question else made

    def _kind(self, question: dict[str, Any], place: Path) -> type[Checks] | type[Choice]:
        given = question.get(TYPE, {"radio": {}})
        if isinstance(given, dict) and len(given) == 1 and not any(given.values()):
            name = next(iter(given))
            if name in TYPES:
                return TYPES[name]
            guess = did_you_mean(name, TYPES)
            self._complain((*place, TYPE), f"{name!r} is no type of question. Known: {', '.join(TYPES)}.{guess}")
        else:
            self._complain((*place, TYPE), f'{shown(given)} is no type of question. Write {{"checkbox": {{}}}}.')
        return Choice

    # Conditions.

    def _when(self, condition: Any, place: Path) -> When:
        here = (*place, CONDITION)
        if not isinstance(condition, dict) or not set(condition) - {TURN}:
            example = '{"question": {"answer": {}}}'
            self._complain(here, f"{shown(condition)} is no condition. Write {example}, or {PREVIOUS_TURN_RULE!r}.")
            return When(())
        turn = condition.get(TURN, "same")
        if turn not in {"same", "previous"}:
            self._complain((*here, TURN), f"{shown(turn)} is no turn to look at. Known: previous, same.")
        seen = [found for key in condition if key != TURN for found in self._seen(key, condition[key], turn, here)]
        return When(tuple(seen), 1 if PREVIOUS_TURN_RULE in condition else None)

    def _seen(self, key: str, answers: Any, turn: Any, place: Path) -> Iterator[Seen]:
        if key == PREVIOUS_TURN_RULE:
            yield from self._expectations()
            return
        entries = [entry for entry in self.entries.values() if key in (entry.id, entry.key)]
        if not entries:
            known = [name for entry in self.entries.values() for name in (entry.id, entry.key)]
            guess = did_you_mean(key, [*known, PREVIOUS_TURN_RULE])
            self._complain((*place, key), f"{key!r} is no question of this task, and no rule.{guess}")
        elif not isinstance(answers, dict) or not answers:
            self._complain((*place, key), f'{shown(answers)} names no answers. Write {{"answer": {{}}}}.')
        else:
            found = [Seen(entry.id, self._answers(entry, answers, (*place, key)), turn) for entry in entries]
            yield from (seen for seen in found if seen.answers)

    def _answers(self, entry: _Entry, answers: dict[str, Any], place: Path) -> tuple[str, ...]:
        known = {**{name: name for name in entry.answers.values()}, **entry.answers}
        for answer in answers:
            if answer not in known:
                guess = did_you_mean(answer, known)
                self._complain((*place, answer), f"{answer!r} is no answer to {entry.key!r}.{guess}")
        return tuple(known[answer] for answer in answers if answer in known)

    def _expectations(self) -> Iterator[Seen]:
        for beginning, word in EXPECTATIONS:
            for entry in self.entries.values():
                if entry.key.startswith(beginning):
                    answers = tuple(name for key, name in entry.answers.items() if key.startswith(word))
                    yield Seen(entry.id, answers, "previous")

    def _complain(self, place: Path, text: str) -> None:
        self.problems.about(at(*place))(text)
