"""`chat_data_folder`: a JSON file for each finished dialogue, as ParlAI's model_chat leaves them."""

import json
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from chateval.config import Study
from chateval.dialogue import Speaker
from chateval.session import Session


class Transcripts:
    """Writes `<folder>/<date>/<session>-<dialogue>.json`; a file that is there already is left alone."""

    def __init__(self, study: Study) -> None:
        self._study = study
        self._questions = study.collection.rating_questions if study.collection is not None else ()

    def write(self, session: Session, outputs: dict[str, Any]) -> None:
        day = datetime.fromtimestamp(session.record.created_at, UTC).strftime("%Y_%m_%d")
        folder = Path(self._study.chat_data_folder or self._study.data_dir) / day
        folder.mkdir(parents=True, exist_ok=True)
        for number, dialogue in enumerate(outputs["dialogues"]):
            path = folder / f"{dialogue['dialogue_id']}.json"
            if not path.exists():
                partial = path.with_suffix(".part")
                text = json.dumps(self._transcript(session, number, dialogue), ensure_ascii=False, indent=2)
                partial.write_text(text, encoding="utf-8")
                partial.replace(path)

    def _transcript(self, session: Session, number: int, dialogue: dict[str, Any]) -> dict[str, Any]:
        ratings = dialogue["ratings"]
        dialog: list[dict[str, Any]] = [
            {
                "agent_idx": int(turn.speaker is Speaker.SYSTEM),
                "id": "bot" if turn.speaker is Speaker.SYSTEM else "Speaker 1",
                "text": turn.text,
                **({"fake_start": True} if place < len(session.opening(number)) else {}),
            }
            for place, turn in enumerate(session.turns(number))
        ]
        if ratings:
            dialog[-1]["final_rating"] = "|".join(str(ratings[name]) for name in sorted(ratings, key=_number))
        return {
            **_context(session, number),
            "dialog": dialog,
            "workers": [session.record.worker_name],
            "bad_workers": [],
            "acceptability_violations": [dialogue["acceptability_violations"]],
            "hit_ids": [session.record.unit_id],
            "assignment_ids": [session.record.assignment_name],
            "task_description": {
                "model_nickname": dialogue["bot"],
                "final_rating_question": "|".join(
                    self._study.collection.rating_questions if self._study.collection else ()
                ),
            },
        }


def _context(session: Session, number: int) -> dict[str, Any]:
    """What a dialogue began with, under ParlAI's names; personas and utterances are the person's, then the bot's."""
    context = session.context(number)
    said = {turn.speaker: turn.text for turn in reversed(context.turns)}
    personas = [list(context.person_persona), list(context.bot_persona)]
    return {
        "personas": personas if any(personas) else None,
        "context_id": context.id or None,
        "context_dataset": context.dataset or None,
        "person1_seed_utterance": said.get(Speaker.USER),
        "person2_seed_utterance": said.get(Speaker.SYSTEM),
        "additional_context": context.background or None,
        **({"image": asdict(context.picture)} if context.picture is not None else {}),
    }


def _number(question_id: str) -> int:
    return int(question_id.rpartition("_")[2])
