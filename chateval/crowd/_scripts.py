"""From a study and a condition to the script that a session plays."""

import hashlib

from chateval.config import Condition, Study
from chateval.worlds import AnyScript, ModelChatScript, Question


def condition_named(study: Study, name: str) -> Condition:
    return next(condition for condition in study.collection.conditions if condition.name == name)


def script_for(study: Study, condition: Condition, draw: str) -> AnyScript:
    """The script of one session; `draw` tells its randomness apart from other sessions'."""
    return ModelChatScript(
        bots=condition.bots,
        minimum_turns=study.collection.minimum_turns,
        questions=tuple(
            Question(f"rating_{number}", text) for number, text in enumerate(study.collection.rating_questions, start=1)
        ),
        seed=_seed(study.seed, draw),
        opening=study.collection.opening,
    )


def _seed(study_seed: int, draw: str) -> int:
    return int.from_bytes(hashlib.sha256(f"{study_seed}/{draw}".encode()).digest()[:6])
