"""From the journal to what a study has collected."""

from collections.abc import Iterator, Sequence

from msgspec import to_builtins

from chateval.analysis import BotWork, CollectedDialogue, CollectedSession, CollectedTurn, RunFacts
from chateval.errors import JournalError
from chateval.session._collect_labels import LabelCollector
from chateval.session._journal import Journal
from chateval.session._record import Entry, RunRecord, SessionRecord
from chateval.session._session import Session
from chateval.worlds import AskBot, AskForRatings, ModelChatScript, Rated, Spoke, Submitted


def collected_sessions(journal: Journal, task_name: str) -> Iterator[CollectedSession]:
    """All sessions of a task, oldest first, as they stand; safe while the study runs."""
    for record, entries in journal.histories(task_name=task_name):
        try:
            yield collected_session(record, entries)
        except (
            TypeError,
            ValueError,
            AttributeError,
            LookupError,
        ) as error:  # as worlds meet what they never asked for
            raise JournalError(
                f"Session {record.session_id} does not replay: {error} `chateval doctor` tells more."
            ) from error


def collected_session(record: SessionRecord, entries: Sequence[Entry]) -> CollectedSession:
    session = Session(record)
    times: list[list[float]] = [[] for _ in session.bots]
    works: dict[tuple[int, int], BotWork] = {}
    ratings: dict[int, dict[str, int]] = {}
    comment = ""
    labels = LabelCollector(session)
    for entry in entries:
        match session.ask, entry.event:
            case AskBot(dialogue=dialogue), Spoke() as reply:
                works[dialogue, len(session.turns(dialogue))] = _work(reply)
            case AskForRatings(dialogue=dialogue), Rated(answers=answers):
                ratings[dialogue] = answers
            case _, Submitted(comment=text):
                comment = text
        labels.note(entry)
        session.apply(entry)
        for number, known in enumerate(times):
            known.extend([entry.at] * (len(session.turns(number)) - len(known)))
    return CollectedSession(
        run_id=record.run_id,
        session_id=record.session_id,
        unit_id=record.unit_id,
        worker_name=record.worker_name,
        assignment_name=record.assignment_name,
        condition=record.condition,
        outcome=session.outcome.value if session.outcome else "",
        seed=record.script.seed,
        started_at=record.created_at,
        last_at=session.last_at,
        dialogues=tuple(
            CollectedDialogue(
                dialogue_id=session.dialogue_id(number),
                position=number,
                bot=bot,
                turns=tuple(
                    CollectedTurn(turn, at, works.get((number, place)))
                    for place, (turn, at) in enumerate(zip(session.turns(number), times[number], strict=True))
                ),
                ratings=ratings.get(number, {}),
                partner_dialogue_id=session.source(number),
                context=session.context(number),
                opening_turns=len(session.opening(number)),
                violations=session.violations(number),
            )
            for number, bot in enumerate(session.bots)
            if session.turns(number)
        ),
        questions=_rating_questions(record),
        comment=comment,
        labels=labels.collected(),
        verdicts=tuple(session.verdicts),
    )


def _work(reply: Spoke) -> BotWork:
    return BotWork(reply.seconds, reply.first_text_seconds, reply.attempts, reply.usage)


def _rating_questions(record: SessionRecord) -> dict[str, str]:
    script = record.script
    return {question.id: question.text for question in script.questions} if isinstance(script, ModelChatScript) else {}


def run_facts(run: RunRecord) -> RunFacts:
    return RunFacts(
        run_id=run.run_id,
        task_name=run.task_name,
        conf=run.conf,
        started_at=run.started_at,
        config_yaml=run.config_yaml,
        config_hash=run.config_hash,
        seed=run.seed,
        versions=run.versions,
        bots=run.bots,
        later_bots=to_builtins(run.later_bots),
    )
