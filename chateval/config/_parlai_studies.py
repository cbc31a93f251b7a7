"""Studies written for ParlAI's own `model_chat`: its two blueprints are other names for ours, with its defaults."""

from dataclasses import replace

from chateval.config._registration import MODEL_CHAT, MODEL_IMAGE_CHAT
from chateval.config._settings import BLUEPRINT_TYPE, BlueprintSettings, StudySettings
from chateval.config._sources import Sources

_BLUEPRINT = "mephisto.blueprint."
_CONVERSATIONS = 10


def with_parlais_defaults(settings: StudySettings, sources: Sources) -> StudySettings:
    """What ParlAI's blueprints leave unsaid: that people chat, and of pictures, where they are and how many chats."""
    blueprint = settings.mephisto.blueprint
    kind = blueprint._blueprint_type  # noqa: SLF001  (Mephisto's name for the key)
    if kind not in (MODEL_CHAT, MODEL_IMAGE_CHAT):
        return settings
    if not sources.is_given(f"{_BLUEPRINT}do_collect_dialogue"):
        blueprint = replace(blueprint, do_collect_dialogue=True)
    if kind == MODEL_IMAGE_CHAT:
        blueprint = _about_pictures(blueprint, sources)
    blueprint = replace(blueprint, _blueprint_type=BLUEPRINT_TYPE)
    return replace(settings, mephisto=replace(settings.mephisto, blueprint=blueprint))


def _about_pictures(blueprint: BlueprintSettings, sources: Sources) -> BlueprintSettings:
    if not sources.is_given(f"{_BLUEPRINT}image_context_path"):
        blueprint = replace(blueprint, image_context_path=f"{blueprint.task_config_path}/image_contexts")
    if not sources.is_given(f"{_BLUEPRINT}num_conversations"):
        blueprint = replace(blueprint, num_conversations=_CONVERSATIONS)
    return blueprint
