"""Making a folder of pictures: from one's own files, from a task of ParlAI, or from the pickle of ParlAI's script."""

from chateval.pictures.saving._files import pictures_of_files
from chateval.pictures.saving._old_format import pictures_of_pickle
from chateval.pictures.saving._parlai import pictures_of_task
from chateval.pictures.saving._save import Found, Saved, Saving
from chateval.pictures.saving._shrink import Shrunk, shrink, shrink_image

__all__ = [
    "Found",
    "Saved",
    "Saving",
    "Shrunk",
    "pictures_of_files",
    "pictures_of_pickle",
    "pictures_of_task",
    "shrink",
    "shrink_image",
]
