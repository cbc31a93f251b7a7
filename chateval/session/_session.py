"""A session: a world, what was asked last, and what its pages are shown. It does no I/O and reads no clock."""

from collections.abc import Iterable, Sequence

from chateval import wire
from chateval.dialogue import Context, Speaker, Turn, violations
from chateval.session._answers import answer_to
from chateval.session._labels import on_wire
from chateval.session._record import Entry, SessionRecord
from chateval.session._shown import asked, shown
from chateval.session._verdicts import Accepted, Duplicate, Refusal
from chateval.worlds import (
    AnyScript,
    Ask,
    AskBot,
    AskPerson,
    BotFailed,
    Command,
    Event,
    Finished,
    Judged,
    Labelled,
    LabelWork,
    Left,
    ModelChatScript,
    Outcome,
    PartnerFinished,
    ScreeningScript,
    Show,
    Spoke,
    Submitted,
    TimedOut,
    build_world,
)


class Session:
    """Drives one world.

    `ask` is what the world waits for, None once it has ended; `updates` is everything that a page is shown, in order;
    `verdicts` are those on a training, or on the attempts at an onboarding; `finished` are the dialogues that either
    side has brought to their end.
    """

    def __init__(self, record: SessionRecord) -> None:
        self.record = record
        self.ask: Ask | None = None
        self.outcome: Outcome | None = None
        self.asked_at = self.last_at = record.created_at
        self.updates: list[wire.Update] = []
        self.verdicts: list[bool] = []
        self.finished: list[int] = []
        self._sources: dict[int, str] = {}
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
    def work(self) -> Sequence[LabelWork]:
        """What was labelled so far."""
        return self._world.work

    @property
    def bots(self) -> tuple[str, ...]:
        """The bot of each dialogue, in the order in which they are held."""
        return self._world.bots

    def dialogue_id(self, dialogue: int) -> str:
        """The id that a dialogue has everywhere: with its bot, in exports, in transcripts."""
        return f"{self.record.session_id}-{dialogue}"

    def turns(self, dialogue: int) -> Sequence[Turn]:
        return self._world.turns(dialogue)

    def context(self, dialogue: int) -> Context:
        return self._world.context(dialogue)

    def opening(self, dialogue: int) -> Sequence[Turn]:
        """The turns that a dialogue begins with, which neither the person nor the bot has said."""
        return self._world.opening(dialogue)

    def violations(self, dialogue: int) -> tuple[str, ...] | None:
        """What is not acceptable in what the person has typed so far; None where that is not looked at."""
        rules = self.record.script.acceptability if isinstance(self.record.script, ModelChatScript) else None
        if rules is None:
            return None
        said = self.turns(dialogue)[len(self.opening(dialogue)) :]
        return violations([turn.text for turn in said if turn.speaker is Speaker.USER], rules)

    def source(self, dialogue: int) -> str:
        """The dialogue of the person who speaks for the bot of this one; empty where there is none, or none yet."""
        return self._sources.get(dialogue, "")

    def take(self, message: wire.SessionMessage, at: float) -> Accepted | Duplicate | Refusal:
        """Judge a page's message against what is asked for; changes nothing."""
        if message.id in self._message_ids:
            return Duplicate()
        if isinstance(message, wire.Say) and self._is_full():
            return Refusal("This chat has become as long as a chat can be. Finish it now.")
        if isinstance(message, wire.Label) and self._entries >= wire.MAX_LABEL_ENTRIES:
            return Refusal("You have changed your answers more often than this page can keep. Hand them in now.")
        answer = answer_to(self.ask, message)
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
        match entry.event:
            case Spoke(text=text, source=source):
                self._characters += len(text)
                self._show_turn(entry)
                if source and isinstance(self.ask, AskBot):
                    self._sources[self.ask.dialogue] = source
            case Finished() | PartnerFinished() if isinstance(self.ask, AskPerson | AskBot):
                self.finished.append(self.ask.dialogue)
            case Labelled(part=part, turn=turn, question=question, value=value):
                self._show(wire.Labelled(self._seq(), part, turn, question, on_wire(value), entry.message_id))
            case Judged(is_passed=is_passed):
                self.verdicts.append(is_passed)
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
                self._show(shown(command, self._seq()))
                command = self._play.send(None)
        except StopIteration as end:
            self.ask, self.outcome = None, end.value
            self._show(wire.Ended(self._seq(), end.value.value))
        else:
            if command is not self.ask:
                self.ask, self.asked_at = command, at
                self._show_asked(command)

    def _show_asked(self, ask: Ask) -> None:
        update = asked(ask, self._seq())
        if update is not None:
            self._show(update)

    def _seq(self) -> int:
        return len(self.updates) + 1

    def _show(self, update: wire.Update) -> None:
        self.updates.append(update)


def last_outcome(record: SessionRecord, entries: Sequence[Entry]) -> Outcome | None:
    """How a session ended, told by its last events; None while it goes on."""
    match entries[-1].event if entries else None:
        case Submitted():
            return Outcome.COMPLETED
        case Left():
            return Outcome.LEFT
        case TimedOut():
            return Outcome.TIMED_OUT
        case BotFailed():
            return Outcome.BOT_FAILED
        case Judged(is_passed=is_passed):
            return _outcome_of_verdict(record.script, is_passed=is_passed, verdicts=_verdicts(entries))
        case _:
            return None


def finished_in(entries: Iterable[Entry]) -> int:
    """How many dialogues of a session were brought to their end, by either side; they are held one after another."""
    return sum(isinstance(entry.event, Finished | PartnerFinished) for entry in entries)


def _verdicts(entries: Sequence[Entry]) -> int:
    return sum(isinstance(entry.event, Judged) for entry in entries)


def _outcome_of_verdict(script: AnyScript, *, is_passed: bool, verdicts: int) -> Outcome | None:
    """A training ends with its verdict; an onboarding ends a session only where no attempt is left."""
    if isinstance(script, ScreeningScript):
        return Outcome.QUALIFIED if is_passed else Outcome.NOT_QUALIFIED
    onboarding = script.onboarding if isinstance(script, ModelChatScript) else None
    is_last = onboarding is not None and verdicts >= onboarding.attempts
    return Outcome.NOT_QUALIFIED if is_last and not is_passed else None
