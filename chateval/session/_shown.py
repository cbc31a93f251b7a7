"""What pages are shown of a world's commands."""

from typing import assert_never

from chateval import wire
from chateval.dialogue import Picture
from chateval.session._labels import feedback_items, label_parts
from chateval.worlds import (
    Ask,
    AskBot,
    AskForConsent,
    AskForLabels,
    AskForRatings,
    AskForSubmission,
    AskForVerdict,
    AskPerson,
    OpenDialogue,
    OpenLabels,
    Say,
    Show,
    ShowDialogue,
    ShowFeedback,
    ShowTurnToLabel,
)


def shown(command: Show, seq: int) -> wire.Update:
    match command:
        case OpenDialogue(dialogue, minimum_turns, context):
            return wire.DialogueOpened(
                seq, dialogue, minimum_turns, context.person_persona, context.background, _picture(context.picture)
            )
        case Say(dialogue, turn):
            return wire.Turn(seq, dialogue, turn.speaker.value, turn.text)
        case ShowDialogue(dialogue, turns, (user, system), bot_persona):
            shown = tuple(wire.ShownTurn(turn.speaker.value, turn.text) for turn in turns)
            return wire.DialogueShown(seq, dialogue, shown, {"user": user, "system": system}, bot_persona)
        case OpenLabels(sheet):
            return wire.LabelsAsked(seq, 1, 1, "online", label_parts(sheet))
        case ShowTurnToLabel(part, turn_number):
            return wire.TurnToLabel(seq, part, turn_number)
        case ShowFeedback(part, grade, mistakes):
            return wire.FeedbackGiven(seq, mistakes, feedback_items(part, grade))
        case _:
            assert_never(command)


def _picture(picture: Picture | None) -> wire.PictureView | None:
    return None if picture is None else wire.PictureView(picture.id, picture.caption)


def asked(ask: Ask, seq: int) -> wire.Update | None:  # noqa: PLR0911  (a table of cases)
    """What the page is shown of an ask; nothing where nobody there is asked."""
    match ask:
        case AskForConsent():
            return wire.ConsentAsked(seq)
        case AskPerson(dialogue, turns_taken, may_finish, _):
            return wire.TurnAsked(seq, dialogue, "person", turns_taken, may_finish)
        case AskBot(dialogue, _, turns_taken, _):
            return wire.TurnAsked(seq, dialogue, "bot", turns_taken, may_finish=False)
        case AskForRatings(dialogue, questions):
            return wire.RatingsAsked(
                seq, dialogue, tuple(wire.RatingQuestion(q.id, q.text, q.low, q.high) for q in questions)
            )
        case AskForLabels(sheet, mode, stage, stages, _):
            return wire.LabelsAsked(seq, stage, stages, mode, label_parts(sheet))
        case AskForVerdict():
            return None
        case AskForSubmission():
            return wire.SubmissionAsked(seq)
        case _:
            assert_never(ask)
