"""Pictures that tests draw, and the files that they come in."""

import io
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw

from chateval.pictures.saving import Saved, Saving, pictures_of_files


def drawn(colour: str | tuple[int, int, int] = "red", size: tuple[int, int] = (60, 40)) -> Image.Image:
    """A square in the upper left corner of a ground of one colour, so that one sees which way it is turned."""
    image = Image.new("RGB", size, colour)
    ImageDraw.Draw(image).rectangle((0, 0, size[0] // 3, size[1] // 3), fill="white")
    return image


def encoded(image: Image.Image, kind: str = "PNG", **options: Any) -> bytes:
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def decoded(data: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(data))
    image.load()
    return image


def photos(folder: Path, *colours: str) -> Path:
    """A folder with a picture of each colour, named after it."""
    folder.mkdir(parents=True, exist_ok=True)
    for colour in colours:
        (folder / f"{colour}.png").write_bytes(encoded(drawn(colour)))
    return folder


def saved(folder: Path, source: Path, most: int | None = None) -> Saved:
    return Saving(folder).save(pictures_of_files(source), most, lambda _: None)


def picture_folder(folder: Path, *colours: str) -> Path:
    """A saved folder of pictures with captions."""
    source = photos(folder / "photos", *colours)
    for colour in colours:
        (source / f"{colour}.txt").write_text(f"A white square on {colour}.\n")
    saved(folder / "contexts", source)
    return folder / "contexts"
