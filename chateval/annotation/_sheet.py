"""Answer sheets: what one person has answered so far in the parts that they are to do."""

from collections.abc import Iterable, Iterator

from msgspec import Struct

from chateval.annotation._answers import REASON, is_complete, reason_problem, value_problem
from chateval.annotation._asked import NOTHING, Answers, all_questions, asked_questions, counting
from chateval.annotation._tasks import Question, Task, TurnTask, Value


class Part(Struct, frozen=True):
    """One task on one dialogue, or on two side by side; `number` is unique within a session."""

    number: int
    task: Task
    dialogues: tuple[int, ...]
    turns: tuple[int, ...]
    """Those to be labelled, in order; empty for tasks on whole dialogues."""
    texts: dict[int, str] = {}
    """What these turns say, as far as passages of it can be marked."""
    replies: tuple[str, ...] = ()


class Gap(Struct, frozen=True):
    """A question that has to be answered before submission."""

    part: int
    turn: int | None
    question_id: str


class Sheet:
    """The answers of some parts. The answer to a hidden question is kept, and counts once it is asked again."""

    def __init__(self, parts: Iterable[Part]) -> None:
        self._pages: dict[int, _Page] = {}
        for part in parts:
            if part.number in self._pages:
                raise ValueError(f"Two parts have the number {part.number}.")
            self._pages[part.number] = _Page(part)

    @property
    def parts(self) -> tuple[Part, ...]:
        return tuple(page.part() for page in self._pages.values())

    def add_turn(self, part: int, turn: int, text: str) -> None:
        """A turn to be labelled has come; while chatting, one knows them only then."""
        self._pages[part].add(turn, text)

    def refusal(self, part: int, turn: int | None, question: str, value: Value | None) -> str | None:
        """Why an answer cannot be taken, in a sentence for the person who gives it; None where it can.

        An answer to a question that is hidden at present is taken: it may have been on its way when the hiding was.
        """
        page = self._pages.get(part)
        if page is None:
            return "This session has no such task. Reload the page."
        return page.refusal(turn, question, value)

    def put(self, part: int, turn: int | None, question: str, value: Value | None) -> None:
        """Write down an answer that is not to be refused; None takes it back."""
        self._pages[part].put(turn, question, value)

    def missing(self) -> tuple[Gap, ...]:
        """What required tasks still lack, in the order in which it is shown."""
        return tuple(gap for page in self._pages.values() for gap in page.gaps())

    def answers(self, part: int) -> dict[int | None, dict[str, Value]]:
        """By turn, None being the whole: the answers to questions that are asked at present. Every turn is there."""
        return self._pages[part].answers()


class _Page:
    """One part with its answers."""

    def __init__(self, part: Part) -> None:
        self._part = part
        self._texts = dict(part.texts)
        turns = part.turns if isinstance(part.task, TurnTask) else (None,)
        self._given: dict[int | None, dict[str, Value]] = {turn: {} for turn in turns}
        self._questions = {question.id: question for question in all_questions(part.task.questions)}

    def part(self) -> Part:
        turns = tuple(turn for turn in self._given if turn is not None)
        one = self._part
        return Part(one.number, one.task, one.dialogues, turns, dict(self._texts), one.replies)

    def add(self, turn: int, text: str) -> None:
        self._given.setdefault(turn, {})
        self._texts[turn] = text

    def refusal(self, turn: int | None, name: str, value: Value | None) -> str | None:
        if turn not in self._given:
            return "This turn is not to be labelled. Label those that show questions."
        question = self._questions.get(name)
        if question is not None:
            text = None if turn is None else self._texts.get(turn)
            return None if value is None else value_problem(question, value, text, self._part.replies)
        question = self._questions.get(name.removesuffix(REASON))
        if question is None or not question.asks_reason:
            return "This task has no such question. Reload the page."
        return None if value is None else reason_problem(value)

    def put(self, turn: int | None, name: str, value: Value | None) -> None:
        if value is None or (value == "" and name not in self._questions):
            self._given[turn].pop(name, None)
        else:
            self._given[turn][name] = value

    def answers(self) -> dict[int | None, dict[str, Value]]:
        return {turn: dict(_with_reasons(asked, self._given[turn])) for turn, asked in self._asked()}

    def gaps(self) -> Iterator[Gap]:
        if not self._part.task.is_required:
            return
        for turn, asked in self._asked():
            for question in asked:
                if not question.is_optional and not is_complete(question, self._given[turn].get(question.id)):
                    yield Gap(self._part.number, turn, question.id)

    def _asked(self) -> Iterator[tuple[int | None, tuple[Question, ...]]]:
        """The questions of each turn; walks from the first, since conditions look back."""
        before: Answers = NOTHING
        for turn, given in self._given.items():
            asked = asked_questions(self._part.task, turn, given, before)
            yield turn, asked
            before = counting(asked, given)


def _with_reasons(asked: Iterable[Question], given: Answers) -> Iterator[tuple[str, Value]]:
    for question in asked:
        names = (question.id, question.id + REASON) if question.asks_reason else (question.id,)
        yield from ((name, given[name]) for name in names if name in given)
