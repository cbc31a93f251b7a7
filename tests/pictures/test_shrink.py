"""Whatever is handed in comes out small, upright and plain, or is refused with a sentence."""

import io
import struct
import zlib

import numpy as np
import pytest
from PIL import Image, ImageCms

from chateval.errors import PictureError
from chateval.pictures import MAX_BYTES, MAX_SIDE
from chateval.pictures.saving import shrink, shrink_image
from chateval.pictures.saving._shrink import MAX_FILE_BYTES

from .drawn import decoded, drawn, encoded


def png_of(width: int, height: int) -> bytes:
    """A PNG that claims a size and holds nothing."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")


def test_a_large_picture_is_made_smaller() -> None:
    """A page is sent it within a message, perhaps over a phone."""
    small = shrink(encoded(drawn(size=(4000, 1000)), "JPEG"))

    assert (small.width, small.height, small.suffix) == (MAX_SIDE, 400, ".jpg")
    assert decoded(small.data).size == (MAX_SIDE, 400)


def test_a_picture_full_of_detail_stays_below_the_limit() -> None:
    noise = np.random.default_rng(0).integers(0, 256, (1600, 1600, 3), dtype=np.uint8)

    small = shrink(encoded(Image.fromarray(noise), "PNG"))

    assert len(small.data) <= MAX_BYTES


def test_a_small_picture_is_not_made_larger() -> None:
    assert decoded(shrink(encoded(drawn())).data).size == (60, 40)


def test_a_drawing_keeps_its_lines() -> None:
    """JPEG would blur them, and text in a screenshot with them."""
    small = shrink(encoded(drawn()))

    assert small.suffix == ".png"
    assert decoded(small.data).tobytes() == drawn().tobytes()


def test_a_picture_stands_upright() -> None:
    """Phones store the picture as the sensor lay, and how it was turned beside it."""
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by a quarter to the right

    small = shrink(encoded(drawn(), "PNG", exif=exif))

    assert decoded(small.data).size == (40, 60)
    assert decoded(small.data).getpixel((39, 0)) == (255, 255, 255)


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_nothing_is_left_of_where_and_with_what_it_was_taken(kind: str) -> None:
    """A photograph of somebody's kitchen tells where the kitchen is."""
    exif = Image.Exif()
    exif[0x010F] = "Camera of Kim"
    exif.get_ifd(0x8825)[1] = "N"

    small = shrink(
        encoded(
            drawn(), kind, exif=exif, icc_profile=ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
        )
    )

    assert b"Kim" not in small.data
    assert dict(decoded(small.data).getexif()) == {}
    assert set(decoded(small.data).info) <= {
        "jfif",
        "jfif_version",
        "jfif_unit",
        "jfif_density",
        "progressive",
        "progression",
    }


def test_what_can_be_seen_through_stands_on_white() -> None:
    glass = Image.new("RGBA", (20, 20), (255, 0, 0, 0))

    assert decoded(shrink(encoded(glass)).data).getpixel((5, 5)) == (255, 255, 255)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "CMYK", "I;16"])
def test_every_kind_of_colour_is_taken(mode: str) -> None:
    kind = "TIFF" if mode in {"CMYK", "I;16"} else "PNG"
    image = drawn().convert("L").convert("I").convert("I;16") if mode == "I;16" else drawn().convert(mode)

    small = shrink(encoded(image, kind))

    light, dark = decoded(small.data).convert("L").getpixel((2, 2)), decoded(small.data).convert("L").getpixel((50, 35))
    assert light > 200
    assert dark < 100


def test_moving_pictures_are_refused() -> None:
    """Which of its moments is talked about could not be said."""
    file = io.BytesIO()
    drawn("red").save(file, "GIF", save_all=True, append_images=[drawn("blue")])

    with pytest.raises(PictureError, match="It moves: it has 2 frames"):
        shrink(file.getvalue())


def test_a_still_gif_is_a_picture() -> None:
    assert shrink(encoded(drawn(), "GIF")).width == 60


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "no picture in a format that is known here"),
        (b"<svg/>", "no picture in a format that is known here"),
        (encoded(drawn(size=(900, 900)), "JPEG")[:3000], "It is broken"),
        (encoded(drawn(size=(900, 900)))[:400], "It is broken"),
        (png_of(9_000, 9_000), "9,000 x 9,000 pixels, more than 64,000,000"),
        (png_of(60_000, 60_000), "claims more than 64,000,000 pixels"),
        (b"x" * (MAX_FILE_BYTES + 1), "at most 67,108,864 are read"),
    ],
    ids=["empty", "drawing", "half a photograph", "half a PNG", "large", "bomb", "huge"],
)
def test_what_cannot_be_used_is_refused_with_a_sentence(data: bytes, reason: str) -> None:
    """A few kilobytes that unfold to gigabytes must not take the machine along."""
    with pytest.raises(PictureError, match=reason):
        shrink(data)


def test_the_same_picture_is_the_same_bytes() -> None:
    """By them it is known again."""
    assert shrink_image(drawn()).data == shrink_image(drawn()).data
