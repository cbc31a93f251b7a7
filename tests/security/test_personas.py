"""What the partner is told to be stays with the partner: everything that a page hears of a chat with personas."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from chateval.config import Opening, Study
from chateval.dialogue import Context, Speaker, Turn

from ..crowd.conftest import open_stage, small_study  # noqa: F401, TID252  (an operator without processes around it)
from ..crowd.stages import Open  # noqa: TID252

OWN, PARTNERS = "I row on Sundays.", "I bake rye bread."
CONTEXT = Context(
    id="id-that-tells",
    person_persona=(OWN,),
    bot_persona=(PARTNERS,),
    background="A fair.",
    turns=(Turn(Speaker.SYSTEM, "Hello there."),),
    dataset="data-that-tells",
)


@pytest.fixture
def study(tmp_path: Path) -> Study:
    study = small_study(tmp_path, needed="listener:1")
    assert study.collection is not None
    opening = Opening("contexts.jsonl", (CONTEXT,), seed=1, includes_persona=True)
    return replace(study, collection=replace(study.collection, opening=opening))


async def test_a_page_hears_its_own_persona_and_never_the_partner_s(open_stage: Open, study: Study) -> None:  # noqa: F811
    """Who knows what the bot plays rates how well it plays, and no longer how it is to talk with."""
    async with open_stage(study) as stage:
        await stage.join(1, "W1")
        await stage.do_everything(1)
        heard = json.dumps(stage.said[1])

    assert heard.count(OWN) == 1
    for secret in (PARTNERS, CONTEXT.id, CONTEXT.dataset, "bot_persona"):
        assert secret not in heard
