"""Who is the user and who the system, by the names that a source uses."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from chateval.annotation.convert._found import FoundDialogue, FoundTurn
from chateval.dialogue import Speaker

_OTHER = {Speaker.USER: Speaker.SYSTEM, Speaker.SYSTEM: Speaker.USER}


@dataclass(frozen=True)
class CastDialogue:
    """A dialogue, and who says each of its turns."""

    found: FoundDialogue
    speakers: tuple[Speaker, ...]


class Cast:
    """The names of one source. Whoever speaks first is the user, and keeps that part in the dialogues that follow."""

    def __init__(self, users: Collection[str] = (), systems: Collection[str] = ()) -> None:
        self._parts = {"user": Speaker.USER, "system": Speaker.SYSTEM}
        self._parts |= {folded_name(name): Speaker.USER for name in users}
        self._parts |= {folded_name(name): Speaker.SYSTEM for name in systems}

    def speakers(self, dialogue: FoundDialogue) -> tuple[Speaker, ...]:
        """Who says each turn; complains of names that cannot be told apart as two."""
        if not any(turn.speaker for turn in dialogue.turns):
            return tuple((Speaker.USER, Speaker.SYSTEM)[number % 2] for number in range(len(dialogue.turns)))
        first_turns: dict[str, FoundTurn] = {}
        for turn in dialogue.turns:
            if not turn.speaker:
                turn.about("speaker")("Other turns name their speaker, this one does not. Say who speaks.")
            first_turns.setdefault(folded_name(turn.speaker), turn)
        first_turns.pop("", None)
        self._give_parts(list(first_turns), first_turns)
        return tuple(self._parts.get(folded_name(turn.speaker), Speaker.USER) for turn in dialogue.turns)

    def _give_parts(self, names: Sequence[str], turns: dict[str, FoundTurn]) -> None:
        if len(names) > 2:
            third = turns[names[2]]
            reason = f"{third.speaker!r} would be a third speaker, but a dialogue has two"
            remedy = "begin a line that goes on with the turn above with a space, or name both by --user and --system"
            third.about("speaker")(f"{reason}. In a transcript, {remedy}.")
            return
        for name, other in zip(names, names[::-1], strict=True):
            if name not in self._parts:
                self._parts[name] = _OTHER[self._parts[other]] if other in self._parts else Speaker.USER
        if len(names) == 2 and self._parts[names[0]] is self._parts[names[1]]:
            part = self._parts[names[0]]
            reason = f"{turns[names[1]].speaker!r} and {turns[names[0]].speaker!r} would both be the {part}"
            turns[names[1]].about("speaker")(f"{reason}. Say who is who by --user NAME and --system NAME.")


def folded_name(name: str) -> str:
    return " ".join(name.split()).casefold()
