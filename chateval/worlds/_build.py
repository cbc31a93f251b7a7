"""From a stored script to the world that plays it."""

from typing import assert_never

from chateval.worlds._model_chat import ModelChatScript, ModelChatWorld
from chateval.worlds._protocol import World
from chateval.worlds._static_annotation import StaticAnnotationScript, StaticAnnotationWorld
from chateval.worlds._training import ScreeningScript, ScreeningWorld

AnyScript = ModelChatScript | StaticAnnotationScript | ScreeningScript
"""The closed union of scripts; a new world adds its own."""


def build_world(script: AnyScript) -> World:
    match script:
        case ModelChatScript():
            return ModelChatWorld(script)
        case StaticAnnotationScript():
            return StaticAnnotationWorld(script)
        case ScreeningScript():
            return ScreeningWorld(script)
        case _:
            assert_never(script)
