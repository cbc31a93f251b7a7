"""A study of pictures, from a folder of one's own to its export, on a desk and on a phone."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from chateval.cli import main
from chateval.pictures import read_contexts

from ..pictures.drawn import photos  # noqa: TID252  (draws what those tests do)
from .conftest import PHONE, ROOT, WIDE, StartStudy, Visitor
from .steps import agree, finish, rate, say, submit, violations

pytestmark = pytest.mark.browser

KEY = "mephisto.blueprint."
NARROWEST = {"width": 320, "height": 640}

Visit = Callable[..., Visitor]


def saved(folder: Path, *colours: str) -> Path:
    """A folder of pictures, saved as its owner would."""
    source = photos(folder / "photos", *colours)
    for colour in colours:
        (source / f"{colour}.txt").write_text(f"A white square on {colour}.\n")
    command = [sys.executable, "scripts/save_image_contexts.py", "--task", source]
    subprocess.run([*command, "--image-context-path", folder / "contexts"], cwd=ROOT, check=True, timeout=60)
    return folder / "contexts"


def chat(page: Page) -> None:
    say(page, "I see a square. What else do you see?")
    finish(page)
    rate(page, 4)
    submit(page)


def is_painted(page: Page) -> bool:
    """Whether the browser has decoded the picture, rather than drawn a broken frame."""
    return bool(page.locator(".picture img").evaluate("image => image.decode().then(() => image.naturalWidth > 0)"))


def test_a_folder_of_pictures_becomes_chats_and_a_table(start_study: StartStudy, visit: Visit, tmp_path: Path) -> None:
    """The whole way: save, launch, chat on a desk and on a phone, export with what was talked about."""
    contexts = saved(tmp_path / "mine", "red", "blue")
    needed = f'{KEY}conversations_needed_string="onlooker:2"'
    study = start_study("image_chat", f"{KEY}image_context_path={contexts}", f"{KEY}num_turns=1", needed)
    for worker, viewport in (("W1", WIDE), ("W2", PHONE)):
        visitor = visit(viewport)
        visitor.page.goto(study.link(worker))
        agree(visitor.page)
        expect(visitor.page.locator("[data-speaker=system]")).to_have_count(1)
        expect(visitor.page.get_by_role("img", name="A white square on")).to_be_visible()
        assert is_painted(visitor.page)
        assert visitor.page.locator("[data-speaker=user]").count() == 0
        chat(visitor.page)
        assert visitor.errors == []
    out = tmp_path / "out"

    assert main(["export", "--task-name", "image_chat", "--data-dir", str(study.data_dir), "--out", str(out)]) == 0

    dialogues = pd.read_parquet(out / "dialogues.parquet")
    pictures = {one.id: one.caption for one in read_contexts(contexts).contexts}
    assert dict(zip(dialogues["picture_id"], dialogues["picture_caption"], strict=True)) == pictures
    assert set(dialogues["outcome"]) == {"completed"}


@pytest.mark.parametrize("viewport", [WIDE, PHONE, NARROWEST], ids=["desk", "phone", "narrowest"])
def test_a_picture_can_be_looked_at_by_everyone(
    start_study: StartStudy, visit: Visit, viewport: dict[str, int]
) -> None:
    """By eye and by ear, by mouse and by keyboard; and the chat keeps its room."""
    study = start_study("image_chat", f"{KEY}num_turns=1")
    page = visit(viewport, reduced_motion="reduce").page
    page.goto(study.link())
    agree(page)
    expect(page.locator("[data-speaker=system]")).to_have_count(1)
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    expect(page.get_by_role("button", name="Send", exact=True)).to_be_in_viewport(ratio=1)
    button = page.get_by_role("button", name="Enlarge")
    button.focus()
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name="Picture")
    expect(dialog).to_be_visible()
    assert violations(page) == []
    dialog.get_by_role("button", name="Full size").click()
    picture = dialog.get_by_role("region", name="Whole picture")
    assert picture.evaluate("frame => frame.scrollWidth") >= 1200
    page.keyboard.press("Escape")

    expect(dialog).not_to_be_visible()
    expect(button).to_be_focused()
    if viewport is not WIDE:
        page.get_by_text("Picture", exact=True).click()
        expect(button).not_to_be_visible()


def test_the_largest_picture_reaches_the_page_again_and_again(
    start_study: StartStudy, visit: Visit, tmp_path: Path
) -> None:
    """As large as one is kept; with every reload the session is sent anew."""
    noise = np.random.default_rng(0).integers(0, 256, (1600, 1600, 3), dtype=np.uint8)
    photos(tmp_path / "mine" / "photos")
    Image.fromarray(noise).save(tmp_path / "mine" / "photos" / "noise.png")
    study = start_study("image_chat", f"{KEY}image_context_path={saved(tmp_path / 'mine')}")
    visitor = visit()
    visitor.page.goto(study.link())
    agree(visitor.page)
    for _ in range(3):
        expect(visitor.page.locator("[data-speaker=system]")).to_have_count(1)
        assert is_painted(visitor.page)
        visitor.page.reload()

    assert visitor.errors == []
