"""A session: a world, what was asked last, and what its pages are shown. It does no I/O and reads no clock."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import assert_never

from chateval import wire
from chateval.dialogue import Turn
from chateval.session._record import Entry, SessionRecord
from chateval.worlds import (
    Ask,
    AskBot,
    AskForConsent,
    AskForRatings,
    AskForSubmission,
    AskPerson,
    BotFailed,
    Command,
    Consented,
    Event,
    Finished,
    Left,
    OpenDialogue,
    Outcome,
    Rated,
    Say,
    Show,
    Spoke,
    Submitted,
    TimedOut,
    build_world,
)

_UNPRINTABLE = dict.fromkeys({*range(32), *range(127, 160)} - set(map(ord, "\t\n\r")))
"""Control characters, NUL among them: nobody can see them, and databases and table programs trip over them."""


@dataclass(frozen=True, slots=True)
class Accepted:
    """The message becomes this entry; it is to be acknowledged once that is committed."""

    entry: Entry


@dataclass(frozen=True, slots=True)
class Duplicate:
    """The message was taken before; it is to be acknowledged again, and nothing else."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """The message changes nothing; `text` tells the worker why."""

    text: str


class Session:
    """Drives one world.

    `ask` is what the world waits for, None once it has ended; `updates` is everything that a page is shown, in order.
    """

    def __init__(self, record: SessionRecord) -> None:
        self.record = record
        self.ask: Ask | None = None
        self.outcome: Outcome | None = None
        self.asked_at = self.last_at = record.created_at
        self.updates: list[wire.Update] = []
        self._world = build_world(record.script)
        self._play = self._world.play()
        self._entries = self._characters = 0
        self._message_ids: set[str] = set()
        self._advance(None, record.created_at)

    @classmethod
    def replay(cls, record: SessionRecord, entries: Iterable[Entry]) -> "Session":
        """The state that committed entries lead to."""
        session = cls(record)
        for entry in entries:
            session.apply(entry)
        return session

    @property
    def bots(self) -> tuple[str, ...]:
        """The bot of each dialogue, in the order in which they are held."""
        return self._world.bots

    def dialogue_id(self, dialogue: int) -> str:
        """The id that a dialogue has everywhere: with its bot, in exports, in transcripts."""
        return f"{self.record.session_id}-{dialogue}"

    def turns(self, dialogue: int) -> Sequence[Turn]:
        return self._world.turns(dialogue)

    def take(self, message: wire.SessionMessage, at: float) -> Accepted | Duplicate | Refusal:
        """Judge a page's message against what is asked for; changes nothing."""
        if message.id in self._message_ids:
            return Duplicate()
        if isinstance(message, wire.Say) and self._is_full():
            return Refusal("This chat has become as long as a chat can be. Finish it now.")
        answer = _answer(self.ask, message)
        if isinstance(answer, Refusal):
            return answer
        return Accepted(self.next_entry(answer, at, message.id))

    def next_entry(self, event: Event, at: float, message_id: str = "") -> Entry:
        return Entry(self.record.session_id, self._entries + 1, at, message_id, event)

    def apply(self, entry: Entry) -> None:
        """Send an entry's event to the world."""
        if entry.seq != self._entries + 1:
            raise ValueError(f"Entry {entry.seq} does not follow entry {self._entries} of {entry.session_id}.")
        self._entries = entry.seq
        if entry.message_id:
            self._message_ids.add(entry.message_id)
        if isinstance(entry.event, Spoke):
            self._characters += len(entry.event.text)
            self._show_turn(entry)
        self._advance(entry.event, entry.at)

    def _is_full(self) -> bool:
        """Whether one person has filled as much of the disk as one may; a study's minimum can always be reached."""
        is_long = self._entries >= wire.MAX_SESSION_ENTRIES or self._characters >= wire.MAX_SESSION_CHARACTERS
        return is_long and isinstance(self.ask, AskPerson) and self.ask.may_finish

    def _show_turn(self, entry: Entry) -> None:
        match self.ask, entry.event:
            case AskPerson(dialogue=dialogue), Spoke(text=text):
                self._show(wire.Turn(self._seq(), dialogue, "user", text, entry.message_id))
            case AskBot(dialogue=dialogue), Spoke(text=text):
                self._show(wire.Turn(self._seq(), dialogue, "system", text))

    def _advance(self, event: Event | None, at: float) -> None:
        self.last_at = at
        try:
            command: Command = self._play.send(event)
            while isinstance(command, Show):
                self._show(_shown(command, self._seq()))
                command = self._play.send(None)
        except StopIteration as end:
            self.ask, self.outcome = None, end.value
            self._show(wire.Ended(self._seq(), end.value.value))
        else:
            self.ask, self.asked_at = command, at
            self._show(_asked(command, self._seq()))

    def _seq(self) -> int:
        return len(self.updates) + 1

    def _show(self, update: wire.Update) -> None:
        self.updates.append(update)


def last_outcome(entries: Sequence[Entry]) -> Outcome | None:
    """How a session ended, told by its last event; None while it goes on."""
    match entries[-1].event if entries else None:
        case Submitted():
            return Outcome.COMPLETED
        case Left():
            return Outcome.LEFT
        case TimedOut():
            return Outcome.TIMED_OUT
        case BotFailed():
            return Outcome.BOT_FAILED
        case _:
            return None


def _answer(ask: Ask | None, message: wire.SessionMessage) -> Event | Refusal:  # noqa: PLR0911  (a table of cases)
    """The event that a message means here and now, or why it means none."""
    match ask, message:
        case None, _:
            return Refusal("This session has ended; nothing more is taken.")
        case _, wire.Leave():
            return Left()
        case AskForConsent(), wire.Consent():
            return Consented()
        case AskPerson(dialogue=asked), wire.Say(dialogue=dialogue, text=text) if asked == dialogue:
            said = text.translate(_UNPRINTABLE).strip()
            return Spoke(said) if said else Refusal("Your message is empty. Write something first.")
        case AskPerson(dialogue=asked, may_finish=True), wire.Finish(dialogue=dialogue) if asked == dialogue:
            return Finished()
        case AskPerson(dialogue=asked), wire.Finish(dialogue=dialogue) if asked == dialogue:
            return Refusal("This chat has not reached its minimum length yet.")
        case AskForRatings(dialogue=asked), wire.Answer(dialogue=dialogue) if asked == dialogue:
            return _rated(ask, message)
        case AskForSubmission(), wire.Submit(comment=comment):
            return Submitted(comment.translate(_UNPRINTABLE).strip())
        case AskBot(), wire.Say() | wire.Finish():
            return Refusal("It is your partner's turn. Wait for the reply.")
        case _:
            return Refusal("That is not what is asked for at this point.")


def _rated(ask: AskForRatings, message: wire.Answer) -> Rated | Refusal:
    expected = {question.id: question for question in ask.questions}
    if message.answers.keys() != expected.keys():
        return Refusal("Answer every question, and only those asked.")
    for name, value in message.answers.items():
        question = expected[name]
        if not question.low <= value <= question.high:
            return Refusal(f"An answer must be between {question.low} and {question.high}.")
    return Rated(message.answers)


def _shown(command: Show, seq: int) -> wire.Update:
    match command:
        case OpenDialogue(dialogue, minimum_turns):
            return wire.DialogueOpened(seq, dialogue, minimum_turns)
        case Say(dialogue, turn):
            return wire.Turn(seq, dialogue, turn.speaker.value, turn.text)
        case _:
            assert_never(command)


def _asked(ask: Ask, seq: int) -> wire.Update:
    match ask:
        case AskForConsent():
            return wire.ConsentAsked(seq)
        case AskPerson(dialogue, turns_taken, may_finish):
            return wire.TurnAsked(seq, dialogue, "person", turns_taken, may_finish)
        case AskBot(dialogue, _, turns_taken):
            return wire.TurnAsked(seq, dialogue, "bot", turns_taken, may_finish=False)
        case AskForRatings(dialogue, questions):
            return wire.RatingsAsked(
                seq, dialogue, tuple(wire.RatingQuestion(q.id, q.text, q.low, q.high) for q in questions)
            )
        case AskForSubmission():
            return wire.SubmissionAsked(seq)
        case _:
            assert_never(ask)
