"""What the journal holds of labels, in the words of the page: the other side of `labelling.py`."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from chateval.analysis import CollectedLabels
from chateval.annotation import NOT_APPLICABLE, Checks, Option, Question, Ranking, Scale, Span, Task, TurnTask, Value

from .labelling import WHY, Answered, Place, Words

NAMES = ("Robin", "Kim")
"""SPEAKER_X and SPEAKER_Y where the second speaker, the bot, is labelled."""


def written(collected: Iterable[CollectedLabels], replies: Sequence[str] = ()) -> Answered:
    """All answers that count, empty ones left out."""
    return {
        (labels.part, turn): found
        for labels in collected
        for turn, answers in labels.answers.items()
        if (found := dict(_Reader(labels, turn, replies).read(answers)))
    }


@dataclass(frozen=True)
class _Reader:
    """What one turn, or the whole, was answered, in ids and in words."""

    labels: CollectedLabels
    turn: int | None
    replies: Sequence[str] = ()

    def read(self, answers: Mapping[str, Value]) -> Iterator[tuple[str, tuple[str, Words]]]:
        known = {question.id: question for question in every_question(self.labels.task.questions)}
        for question_id, value in answers.items():
            if question_id.endswith(".reason"):
                yield question_id, (WHY, (str(value),))
            elif words := self._words(known[question_id], value):
                yield question_id, (self._say(question_name(self.labels.task, known[question_id])), words)

    def judged(self, given: Mapping[str, tuple[str, Words]]) -> Iterator[tuple[str, str, str]]:
        for question in every_question(self.labels.task.questions):
            _, words = given.get(question.id, ("", ()))
            texts = {option.id: self._say(option.text) for option in options_of(question)}
            if isinstance(question, Checks):
                yield from ((question.id, name, str(int(text in words))) for name, text in texts.items())
            elif words:
                [value] = [name for name, text in texts.items() if text in words] or words
                yield question.id, question.id, value

    def _words(self, question: Question, value: Value) -> Words:
        if value == NOT_APPLICABLE:
            return ("n/a",) if isinstance(question, Scale) else ("Not applicable",)
        texts = {option.id: self._say(option.text) for option in options_of(question)}
        if isinstance(question, Ranking) and not texts:
            texts = {str(number): text for number, text in enumerate(self.replies, start=1)}
        if isinstance(value, list):
            return tuple(self._mark(item, texts) if isinstance(item, Span) else texts[item] for item in value)
        return (texts.get(str(value), str(value)),)

    def _mark(self, span: Span, texts: Mapping[str, str]) -> str:
        assert self.turn is not None
        return f"“{self.labels.texts[self.turn][span.start : span.end]}”: {texts[span.label]}"

    def _say(self, text: str) -> str:
        is_user = self.turn is not None and self.labels.speakers[self.turn] == "user"
        x, y = reversed(NAMES) if is_user else NAMES
        return text.replace("SPEAKER_X", x).replace("SPEAKER_Y", y)


def options_of(question: Question) -> tuple[Option, ...]:
    return getattr(question, "options", ())


def every_question(questions: Iterable[Question]) -> Iterator[Question]:
    for question in questions:
        yield question
        for option in options_of(question):
            yield from every_question(option.then)


def question_name(task: Task, question: Question) -> str:
    """What a question is called: by itself, else by its only answer, else by its task."""
    label = question.label if isinstance(question, Scale) else ""
    own = question.text or label
    if label and not own.lower().startswith(label.lower()):
        own = f"{label}: {own}"
    single = options_of(question)[0].text if len(options_of(question)) == 1 else ""
    names = [own, single, task.question, task.title, question.id.replace("_", " ").capitalize()]
    return next(filter(None, names))


def asked_places(collected: Iterable[CollectedLabels]) -> set[Place]:
    """Where there is something to answer at all."""
    return {(labels.part, turn) for labels in collected for turn in _turns(labels)}


def judged(collected: Iterable[CollectedLabels], given: Answered) -> Iterator[tuple[str, ...]]:
    """What the tidy export should say of such answers: task, turn, question, label, value. A box is a label."""
    for labels in collected:
        for turn in _turns(labels):
            read = _Reader(labels, turn)
            here = labels.task.id, "" if turn is None else str(turn)
            yield from ((*here, *row) for row in read.judged(given[labels.part, turn]))


def _turns(labels: CollectedLabels) -> tuple[int | None, ...]:
    return labels.turns if isinstance(labels.task, TurnTask) else (None,)
