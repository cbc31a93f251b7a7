"""Pictures as endpoints take them: data URLs, no larger than models look at."""

from base64 import b64encode
from collections import OrderedDict
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageOps, UnidentifiedImageError

from chateval.dialogue import Picture
from chateval.errors import BotError

MAX_SIDE_PIXELS = 1024
MAX_BYTES_AS_IS = 1024 * 1024
KEPT = 64
TOKENS = 1_000
"""About what a picture takes, where a limit of tokens has to be kept."""

_AS_THEY_ARE = {"JPEG": "image/jpeg", "PNG": "image/png"}


class PictureShelf:
    """Encodes the pictures of a folder, and keeps those that were read last."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._kept: OrderedDict[str, str] = OrderedDict()

    def data_url(self, picture: Picture) -> str:
        """The picture as a data URL; takes a while, so ask from a thread.

        Raises:
            BotError: there is no such picture in the folder, or it cannot be read.
        """
        kept = self._kept.get(picture.file)
        if kept is None:
            kept = self._encoded(picture.file)
            self._kept[picture.file] = kept
            if len(self._kept) > KEPT:
                self._kept.popitem(last=False)
        return kept

    def _encoded(self, file: str) -> str:
        path = (self._folder / file).resolve()
        if not path.is_relative_to(self._folder.resolve()):
            raise BotError(f"The picture {file!r} is outside of the study's folder of pictures. Put it in there.")
        try:
            kind, content = _read(path)
        except (OSError, UnidentifiedImageError, Image.DecompressionBombError, ValueError) as error:
            raise BotError(f"The picture {path} cannot be read: {error}. Replace it.") from None
        return f"data:{kind};base64,{b64encode(content).decode()}"


def _read(path: Path) -> tuple[str, bytes]:
    with Image.open(path) as image:
        kind = _AS_THEY_ARE.get(image.format or "")
        is_small = max(image.size) <= MAX_SIDE_PIXELS and path.stat().st_size <= MAX_BYTES_AS_IS
        if kind and is_small and not image.getexif():
            return kind, path.read_bytes()
        upright = ImageOps.exif_transpose(image)
        upright.thumbnail((MAX_SIDE_PIXELS, MAX_SIDE_PIXELS))
        out = BytesIO()
        _on_white(upright).save(out, "JPEG", quality=90)
        return "image/jpeg", out.getvalue()


def _on_white(image: Image.Image) -> Image.Image:
    """JPEG knows no transparency, and what is drawn in black must not vanish with it."""
    if image.mode in {"RGB", "L"}:
        return image
    layered = image.convert("RGBA")
    ground = Image.new("RGBA", layered.size, "white")
    return Image.alpha_composite(ground, layered).convert("RGB")
