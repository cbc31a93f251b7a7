"""What a message means, given what is asked for."""

from chateval import wire
from chateval.annotation import Sheet
from chateval.session._labels import printable, refusal_to_hand_in, taken_label, times
from chateval.session._verdicts import Refusal
from chateval.worlds import (
    Ask,
    AskBot,
    AskForConsent,
    AskForLabels,
    AskForRatings,
    AskForSubmission,
    AskPerson,
    Consented,
    Event,
    Finished,
    LabelsDone,
    Left,
    Rated,
    Spoke,
    Submitted,
)


def answer_to(  # noqa: C901, PLR0911, PLR0912  (a table of cases)
    ask: Ask | None, message: wire.SessionMessage
) -> Event | Refusal:
    """The event that a message means here and now, or why it means none."""
    match ask, message:
        case None, _:
            return Refusal("This session has ended; nothing more is taken.")
        case _, wire.Leave():
            return Left()
        case AskForConsent(), wire.Consent():
            return Consented()
        case (
            (AskForLabels(sheet=sheet) | AskPerson(sheet=Sheet() as sheet) | AskBot(sheet=Sheet() as sheet)),
            wire.Label(),
        ):
            return taken_label(sheet, message)
        case AskPerson(sheet=Sheet() as sheet), wire.Say() | wire.Finish() if sheet.missing():
            return Refusal("Answer the questions about your partner's messages first.")
        case AskForLabels(), wire.SubmitLabels(spent=spent):
            return refusal_to_hand_in(ask) or LabelsDone(times(spent))
        case AskPerson(dialogue=asked), wire.Say(dialogue=dialogue, text=text) if asked == dialogue:
            said = printable(text).strip()
            return Spoke(said) if said else Refusal("Your message is empty. Write something first.")
        case AskPerson(dialogue=asked, may_finish=True), wire.Finish(dialogue=dialogue) if asked == dialogue:
            return Finished()
        case AskPerson(dialogue=asked), wire.Finish(dialogue=dialogue) if asked == dialogue:
            return Refusal("This chat has not reached its minimum length yet.")
        case AskForRatings(dialogue=asked), wire.Answer(dialogue=dialogue) if asked == dialogue:
            return _rated(ask, message)
        case AskForSubmission(), wire.Submit(comment=comment):
            return Submitted(printable(comment).strip())
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
