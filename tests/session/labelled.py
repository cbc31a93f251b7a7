"""Sessions in which labels are given, and someone who gives them."""

import random
from dataclasses import dataclass, field

import msgspec

from chateval import wire
from chateval.annotation import Checks, Choice, Part, Question, Scale, Sheet, TurnTask, all_questions
from chateval.session import Accepted, Duplicate, Entry, Refusal, Session, SessionRecord
from chateval.worlds import (
    AnyScript,
    Ask,
    AskBot,
    AskForConsent,
    AskForLabels,
    AskForRatings,
    AskForSubmission,
    AskForVerdict,
    AskPerson,
    Event,
    Judged,
    Left,
    ModelChatScript,
    OnboardingScript,
    ScreeningScript,
    Spoke,
    StaticAnnotationScript,
    TimedOut,
)
from chateval.worlds import Question as Rating

from ..worlds.players import BETTER, KIND, MOOD, QUALITY, SKY, keyed, point  # noqa: TID252  (the same people there)
from .conftest import record

STATIC = StaticAnnotationScript((point("d1", KIND, MOOD, QUALITY), point("d2", BETTER, MOOD, sources=2)), 3, (SKY,))
GOLD = StaticAnnotationScript((keyed("g1"),), 4, (SKY,), is_gold=True)
TRAINING = ScreeningScript((keyed("t1"), keyed("t2")), 5)
CHAT = ModelChatScript(
    ("a", "b"),
    1,
    (Rating("rating_1", "Good?"),),
    6,
    online_task=MOOD,
    offline_tasks=((KIND,), (QUALITY, KIND)),
    pair_tasks=(BETTER,),
    checks=(SKY,),
    onboarding=OnboardingScript((keyed("o1"),), 2),
)
SCRIPTS: dict[str, AnyScript] = {"static": STATIC, "gold": GOLD, "training": TRAINING, "chat": CHAT}


def of(script: AnyScript) -> SessionRecord:
    return msgspec.structs.replace(record(), script=script)


@dataclass
class Person:
    """Sends messages as a page does, and keeps what the journal would."""

    session: Session
    entries: list[Entry] = field(default_factory=list)
    sent: list[wire.SessionMessage] = field(default_factory=list)

    @classmethod
    def at(cls, script: AnyScript) -> "Person":
        return cls(Session(of(script)))

    def send(self, message: wire.SessionMessage) -> Accepted | Duplicate | Refusal:
        verdict = self.session.take(message, self.now)
        if isinstance(verdict, Accepted):
            self._commit(verdict.entry)
            self.sent.append(message)
        return verdict

    def happen(self, event: Event) -> None:
        self._commit(self.session.next_entry(event, self.now))

    def consent(self) -> "Person":
        self.send(wire.Consent("c"))
        return self

    def label(
        self, part: int, turn: int | None, question: str, value: wire.LabelValue
    ) -> Accepted | Duplicate | Refusal:
        return self.send(wire.Label(self.new_id, part, turn, question, value))

    def hand_in(self) -> Accepted | Duplicate | Refusal:
        return self.send(wire.SubmitLabels(self.new_id))

    @property
    def sheet(self) -> Sheet:
        ask = self.session.ask
        assert isinstance(ask, AskForLabels)
        return ask.sheet

    @property
    def part(self) -> Part:
        return self.sheet.parts[0]

    @property
    def new_id(self) -> str:
        return f"m{len(self.entries)}"

    @property
    def now(self) -> float:
        return 1_001.0 + len(self.entries)

    def _commit(self, entry: Entry) -> None:
        self.entries.append(entry)
        self.session.apply(entry)


def live_on(person: Person, draw: random.Random) -> None:  # noqa: C901  (a table of cases)
    """Do one thing that a person, a bot or a clock could do now."""
    if draw.random() < 0.01:
        person.happen(draw.choice([Left(), TimedOut()]))
        return
    match person.session.ask:
        case AskForConsent():
            person.consent()
        case AskPerson(sheet=Sheet() as sheet) | AskBot(sheet=Sheet() as sheet) if draw.random() < 0.6:
            _label(person, sheet, draw)
        case AskPerson(dialogue=dialogue):
            finish = wire.Finish(person.new_id, dialogue)
            person.send(draw.choice([finish, wire.Say(person.new_id, dialogue, "Well.")]))
        case AskBot():
            person.happen(Spoke("I see."))
        case AskForLabels(sheet=sheet) as ask:
            if draw.random() < 0.8:
                _label(person, sheet, draw)
            else:
                _put_right(person, ask)
                _fill_gaps(person, sheet, draw)
                person.hand_in()
        case AskForVerdict():
            person.happen(Judged(draw.random() < 0.5, "as it fell"))
        case AskForRatings(dialogue=dialogue):
            person.send(wire.Answer(person.new_id, dialogue, {"rating_1": draw.randint(0, 6)}))
        case AskForSubmission():
            person.send(wire.Submit(person.new_id, "Thanks."))


def _label(person: Person, sheet: Sheet, draw: random.Random) -> None:
    """Give an answer, change one, take one back, or say something that makes no sense."""
    part = draw.choice(sheet.parts)
    turns = part.turns if isinstance(part.task, TurnTask) else (None,)
    question = draw.choice(list(all_questions(part.task.questions)))
    if turns:
        person.label(part.number, draw.choice(turns), question.id, _value(question, draw))


def _value(question: Question, draw: random.Random) -> wire.LabelValue:
    match question:
        case Choice(options=options):
            good: wire.LabelValue = draw.choice(options).id
        case Checks(options=options):
            good = draw.sample([option.id for option in options], draw.randint(0, len(options)))
        case Scale(low=low, high=high):
            good = draw.randint(low, high)
        case _:
            good = "words"
    return draw.choice([good, good, good, None, "nonsense", 99])


def _fill_gaps(person: Person, sheet: Sheet, draw: random.Random) -> None:
    """Answer some of what is missing."""
    for gap in sheet.missing():
        part = next(part for part in sheet.parts if part.number == gap.part)
        questions = {question.id: question for question in all_questions(part.task.questions)}
        person.label(gap.part, gap.turn, gap.question_id, _value(questions[gap.question_id], draw))


def _put_right(person: Person, ask: Ask) -> None:
    """Give the right answers, where they are asked for, so that a correction comes to an end."""
    if isinstance(ask, AskForLabels):
        for part, keys in ask.keys.items():
            for turn, key in keys.items():
                for question, value in {"kind_q": [], **key.alternatives[0]}.items():
                    person.label(part, turn, question, value)
