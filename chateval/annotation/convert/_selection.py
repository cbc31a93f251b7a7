"""Right answers as a cell holds them: options between commas, and on lines of their own where several are right."""

from collections.abc import Iterator, Sequence

from chateval.annotation._answer_keys import DISJUNCTION, AnswerReader, UnusableAnswerError, read_value
from chateval.annotation._asked import all_questions
from chateval.annotation._data_reading import Say, shown
from chateval.annotation._grading import GRADED
from chateval.annotation._tasks import Question, Ranking, Value

NOTHING_APPLIES = "none"
"""What a line says where nothing applies; a dash says so, too."""


class SelectionReader:
    """Reads the cells of the column selection for one task."""

    def __init__(self, reader: AnswerReader) -> None:
        self.task = reader.task
        self._reader = reader
        self._questions = [q for q in all_questions(reader.task.questions) if isinstance(q, GRADED)]

    def key(
        self, selection: str, turn: int, before: Sequence[dict[str, Value]], say: Say
    ) -> tuple[dict[str, Value], ...]:
        """The alternatives for one turn; complains of what is no answer, and of what nobody could give."""
        complaints: list[str] = []
        found = self.alternatives(selection, complaints.append)
        if complaints:
            for complaint in complaints:
                say(complaint)
            return found
        return self._reader.key(as_written(found), turn, before, say)

    def alternatives(self, selection: str, say: Say) -> tuple[dict[str, Value], ...]:
        lines = (line.strip() for line in selection.split("\n"))
        return tuple(self._answers(line, say) for line in lines if line)

    def _answers(self, line: str, say: Say) -> dict[str, Value]:
        answers: dict[str, Value] = {}
        if line.casefold() in {NOTHING_APPLIES, "-"}:
            return answers
        for question, value in self._items(line, say):
            known = answers.get(question.id)
            if isinstance(known, list) and isinstance(value, list):
                answers[question.id] = [*known, *(item for item in value if item not in known)]
            elif known is not None:
                say(f"The question {question.id} has two answers, {shown(known)} and {shown(value)}. Keep one.")
            else:
                answers[question.id] = value
        return answers

    def _items(self, line: str, say: Say) -> Iterator[tuple[Question, Value]]:
        """The answers between the commas. An option's text may have commas in it, so the longest that fits is taken."""
        pieces = [piece for piece in line.split(",") if piece.strip()]
        start = 0
        while start < len(pieces):
            ends = range(len(pieces), start, -1)
            found = next((end for end in ends if self._fits(",".join(pieces[start:end]))), start + 1)
            text = ",".join(pieces[start:found]).strip()
            start = found
            try:
                question, value = self._item(text)
            except UnusableAnswerError as error:
                say(str(error))
            else:
                if value is not None:
                    yield question, value

    def _fits(self, text: str) -> bool:
        try:
            self._item(text.strip())
        except UnusableAnswerError:
            return False
        return True

    def _item(self, text: str) -> tuple[Question, Value | None]:
        """One answer: an option that only one question has, or `question=option`."""
        found = [(question, value) for question in self._questions for value in _values(question, text)]
        if len(found) == 1:
            return found[0]
        if found:
            ways = ", ".join(f"{question.id}={text}" for question, _ in found)
            raise UnusableAnswerError(f"Several questions have the option {shown(text)}. Say which is meant: {ways}.")
        name, equals, answer = text.partition("=")
        if equals:
            question = self._reader.question(name.strip())
            return question, read_value(question, _raw(question, answer.strip()))
        if len(self._questions) == 1:
            return self._questions[0], read_value(self._questions[0], _raw(self._questions[0], text))
        names = ", ".join(question.id for question in self._questions)
        raise UnusableAnswerError(
            f"No question of {self._reader.task.id} has an option {shown(text)}. Write it as in question=option; the "
            f"questions are {names}."
        )


def as_written(alternatives: Sequence[dict[str, Value]]) -> dict[str, object]:
    """A key as files write it."""
    return dict(alternatives[0]) if len(alternatives) == 1 else {DISJUNCTION: True, "options": list(alternatives)}


def _values(question: Question, text: str) -> Sequence[Value]:
    """The answer that a text is to a question, if it is one."""
    try:
        value = read_value(question, _raw(question, text)) if text else None
    except UnusableAnswerError:
        return ()
    return () if value is None else (value,)


def _raw(question: Question, text: str) -> object:
    """A ranking is written best first, as in `a > b > c`."""
    return [item.strip() for item in text.split(">")] if isinstance(question, Ranking) else text
