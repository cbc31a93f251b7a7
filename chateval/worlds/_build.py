"""From a stored script to the world that plays it."""

from typing import assert_never

from chateval.worlds._model_chat import ModelChatScript, ModelChatWorld
from chateval.worlds._protocol import World

AnyScript = ModelChatScript
"""The closed union of scripts; a new world adds its own."""


def build_world(script: AnyScript) -> World:
    match script:
        case ModelChatScript():
            return ModelChatWorld(script)
        case _:
            assert_never(script)
