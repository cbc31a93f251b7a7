"""From any picture to a small one without anything hidden in it. The only code that decodes pictures for studies."""

import io
import warnings
from dataclasses import dataclass

from PIL import Image, ImageOps, UnidentifiedImageError

from chateval.errors import PictureError
from chateval.pictures._contexts import MAX_BYTES, MAX_SIDE

MAX_FILE_BYTES = 64 * 1024 * 1024
MAX_PIXELS = 64_000_000
"""More than cameras take in their usual setting. A file of a few kilobytes can claim thousands of times as many."""

FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF")
_DRAWN = frozenset({"PNG", "GIF", "BMP"})
"""What drawings and screenshots come as; photographs come as anything."""
_QUALITIES = (88, 80, 70, 60)
_SMALLER = 0.75


@dataclass(frozen=True)
class Shrunk:
    """A JPEG or PNG of at most `MAX_SIDE` pixels a side and `MAX_BYTES` bytes, without metadata."""

    data: bytes
    suffix: str
    width: int
    height: int


def shrink(data: bytes) -> Shrunk:
    """Decode a file and make it small, upright and plain.

    Raises:
        PictureError: it is no picture, is broken, moves, or is too large to be decoded; the message begins with "It".
    """
    if len(data) > MAX_FILE_BYTES:
        raise PictureError(f"It has {len(data):,} bytes, and at most {MAX_FILE_BYTES:,} are read. Save it smaller.")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what is wrong with a picture is said below
            with Image.open(io.BytesIO(data), formats=FORMATS) as image:
                _refuse_large_or_moving(image)
                image.draft("RGB", (MAX_SIDE, MAX_SIDE))
                return shrink_image(ImageOps.exif_transpose(image), is_drawn=image.format in _DRAWN)
    except PictureError:
        raise
    except UnidentifiedImageError as error:
        raise PictureError(f"It is no picture in a format that is known here: {', '.join(FORMATS)}.") from error
    except Image.DecompressionBombError as error:
        raise PictureError(f"It claims more than {MAX_PIXELS:,} pixels. Save it smaller.") from error
    except Exception as error:  # decoders of a dozen formats raise what they please
        raise PictureError(f"It is broken: {error or type(error).__name__}.") from error


def shrink_image(image: Image.Image, *, is_drawn: bool = False) -> Shrunk:
    """The same for a picture that is decoded already. What can be seen through stands on white."""
    flat = _flat(image)
    flat.thumbnail((MAX_SIDE, MAX_SIDE), Image.Resampling.LANCZOS)
    if is_drawn:  # JPEG would blur its lines
        drawn = _encoded(flat, "PNG", optimize=True)
        if len(drawn) <= MAX_BYTES:
            return Shrunk(drawn, ".png", *flat.size)
    return _as_jpeg(flat)


def _refuse_large_or_moving(image: Image.Image) -> None:
    width, height = image.size
    if width * height > MAX_PIXELS:
        raise PictureError(f"It has {width:,} x {height:,} pixels, more than {MAX_PIXELS:,}. Save it smaller.")
    frames = getattr(image, "n_frames", 1)
    if frames > 1 and image.format != "MPO":  # an MPO is a JPEG with previews of itself
        raise PictureError(f"It moves: it has {frames} frames. Save one of them as a picture.")


def _flat(image: Image.Image) -> Image.Image:
    """The picture in RGB, or in grey."""
    if image.mode.startswith(("I", "F")):  # more than 256 shades of grey, whatever range they are in
        low, high = image.getextrema()
        low, high = float(low), float(high)  # type: ignore[arg-type]
        scale = 255 / (high - low) if high > low else 0.0
        return image.convert("F").point(lambda value: value * scale - low * scale).convert("L")
    if image.mode == "L":
        return image.copy()
    if image.has_transparency_data:
        seen = image.convert("RGBA")
        flat = Image.new("RGB", seen.size, "white")
        flat.paste(seen, mask=seen.getchannel("A"))
        return flat
    return image.convert("RGB")


def _as_jpeg(image: Image.Image) -> Shrunk:
    while True:
        for quality in _QUALITIES:
            data = _encoded(image, "JPEG", quality=quality, optimize=True, progressive=True)
            if len(data) <= MAX_BYTES:
                return Shrunk(data, ".jpg", *image.size)
        image = image.resize((max(1, int(image.width * _SMALLER)), max(1, int(image.height * _SMALLER))))


def _encoded(image: Image.Image, kind: str, **options: object) -> bytes:
    plain = Image.frombytes(image.mode, image.size, image.tobytes())  # leaves every kind of metadata behind
    file = io.BytesIO()
    plain.save(file, kind, **options)
    return file.getvalue()
