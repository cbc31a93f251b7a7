"""Small tasks and dialogues, and people who do what worlds ask of them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from chateval.annotation import (
    AttentionCheck,
    Checks,
    Choice,
    Datapoint,
    DialogueTask,
    Option,
    PairTask,
    Scale,
    Seen,
    ShownDialogue,
    Task,
    TurnKey,
    TurnTask,
    Value,
    When,
)
from chateval.dialogue import Speaker, Turn
from chateval.worlds import (
    Ask,
    AskBot,
    AskForConsent,
    AskForLabels,
    AskForRatings,
    AskForSubmission,
    AskForVerdict,
    AskPerson,
    Command,
    Consented,
    Event,
    Finished,
    Judged,
    Labelled,
    LabelsDone,
    Outcome,
    Rated,
    Spoke,
    Submitted,
    World,
)


def options(*ids: str) -> tuple[Option, ...]:
    return tuple(Option(name, name.capitalize()) for name in ids)


KIND = TurnTask(id="kind", questions=(Checks(id="kind_q", options=options("kind", "rude")),))
WHY = Choice(id="why", asks_reason=True, options=options("joke", "news"))
AGAIN = Choice(id="again", when=When((Seen("mood_q", ("sad",), "previous"),)), options=options("yes", "no"))
MOOD = TurnTask(
    id="mood",
    is_required=True,
    questions=(Choice(id="mood_q", options=(Option("glad", "Glad", then=(WHY,)), Option("sad", "Sad"))), AGAIN),
)
QUALITY = DialogueTask(id="quality", is_required=True, questions=(Scale(id="quality_q"),))
BETTER = PairTask(id="better", is_required=True, questions=(Choice(id="preferred", options=options("left", "right")),))

SKY = AttentionCheck(Choice(id="sky", text="Choose blue.", options=options("blue", "red")), "blue")

TEXTS = ("Hi!", "Hello, dear.", "I lost my dog.", "So what?", "It was old.", "I'm sorry.")
SECRET = "SECRET-EXPLANATION"
"""Stands in every key, to be looked for where it must not be."""


def shown(source: int = 1, texts: tuple[str, ...] = TEXTS) -> ShownDialogue:
    speakers = (Speaker.USER, Speaker.SYSTEM)
    return ShownDialogue(tuple(Turn(speakers[at % 2], text) for at, text in enumerate(texts)), source)


def point(name: str = "d1", *tasks: Task, sources: int = 1) -> Datapoint:
    dialogues = tuple(shown(source) for source in range(1, sources + 1))
    return Datapoint(dialogue_id=name, group_id="g1", dialogues=dialogues, tasks=tasks or (KIND,))


KEYS = {
    turn: TurnKey(({"kind_q": [value]},) if value else ({},), SECRET)
    for turn, value in {1: "kind", 3: "rude", 5: ""}.items()
}


def keyed(name: str = "t1", *, allowed_mistakes: int | None = 0) -> Datapoint:
    """A dialogue of `KIND` with the right answers."""
    return Datapoint(
        dialogue_id=name,
        group_id=name,
        dialogues=(shown(),),
        tasks=(KIND,),
        keys=KEYS,
        allowed_mistakes=allowed_mistakes,
    )


RIGHT: Mapping[int, Value] = {turn: key.alternatives[0].get("kind_q", []) for turn, key in KEYS.items()}
WRONG: Mapping[int, Value] = {**RIGHT, 3: ["kind"]}


def labelled(ask: AskForLabels, answers: Mapping[int, Value] = RIGHT) -> list[Event]:
    """What someone sends who gives these answers to every part of `KIND`, and hands them in."""
    return [
        *(Labelled(part.number, turn, "kind_q", value) for part in ask.sheet.parts for turn, value in answers.items()),
        LabelsDone(),
    ]


def diligent(ask: Ask) -> list[Event]:  # noqa: PLR0911  (a table of cases)
    """Someone who does what is asked, labels nothing, and stops as soon as they may."""
    match ask:
        case AskForConsent():
            return [Consented()]
        case AskPerson(may_finish=True):
            return [Finished()]
        case AskPerson() | AskBot():
            return [Spoke(f"line of {type(ask).__name__}")]
        case AskForRatings(questions=questions):
            return [Rated({question.id: 4 for question in questions})]
        case AskForLabels():
            return [LabelsDone()]
        case AskForVerdict():
            return [Judged(is_passed=True)]
        case AskForSubmission():
            return [Submitted()]


Person = Callable[[Ask], list[Event]]


@dataclass(frozen=True)
class Played:
    commands: list[Command]
    """All that a world has asked and shown, in order; what it asks again comes again."""
    outcome: Outcome

    def of(self, *kinds: type) -> list[Command]:
        return [command for command in self.commands if isinstance(command, kinds)]


def play(world: World, person: Person = diligent) -> Played:
    """Play to the end; `person` says what becomes of each new ask."""
    going, commands, last = world.play(), list[Command](), None
    events: list[Event] = []
    answer: Event | None = None
    while True:
        try:
            command = going.send(answer)
        except StopIteration as end:
            return Played(commands, end.value)
        commands.append(command)
        if not isinstance(command, Ask):
            answer = None
            continue
        if command is not last:
            events, last = person(command), command
        answer = events.pop(0)
