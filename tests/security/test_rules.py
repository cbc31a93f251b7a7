"""Who has to show a signed link, and who may frame the page."""

from pathlib import Path

import pytest

from chateval.allocation import Invite, LinkRule, Signer, invite_key
from chateval.config import Study, load_study
from chateval.crowd._architect import FRAMED_BY  # what it passes to the router


def study(data_dir: Path, *overrides: str) -> Study:
    return load_study(["conf=collect_dialogues", f"data_dir={data_dir}", *overrides], check_port=False)


@pytest.mark.parametrize(
    ("hostname", "rule", "is_required"),
    [
        ("localhost", "auto", False),
        ("127.0.0.1", "auto", False),
        ("127.9.9.9", "auto", False),
        ("::1", "auto", False),
        ("0.0.0.0", "auto", True),  # noqa: S104  (what studies write)
        ("::", "auto", True),
        ("192.0.2.1", "auto", True),
        ("study.example.org", "auto", True),
        ("localhost.example.org", "auto", True),
        ("localhost", "always", True),
        ("0.0.0.0", "never", False),  # noqa: S104
    ],
)
def test_links_are_signed_wherever_others_can_reach_the_server(
    tmp_path: Path, hostname: str, rule: str, *, is_required: bool
) -> None:
    """A link without a signature lets anyone take part under any name."""
    loaded = study(tmp_path, f'mephisto.architect.hostname="{hostname}"', f"require_signed_links={rule}")

    assert loaded.requires_signed_links is is_required
    is_said = any("signed links" in notice or "no signature" in notice for notice in loaded.notices)
    assert is_said is (hostname not in {"localhost", "127.0.0.1", "127.9.9.9", "::1"})


def test_two_invitations_that_read_the_same_when_strung_together_are_two(tmp_path: Path) -> None:
    signer = Signer(invite_key(tmp_path), "task")
    invite = signer.invite("W1", 100, "2A")
    rule = LinkRule(signer)

    assert rule.admits(invite, 99.0, is_return=False)
    assert not rule.admits(Invite("W12", "A", 100, invite.signature), 99.0, is_return=False)
    assert not rule.admits(Invite("W1", "2A", 1002, invite.signature), 99.0, is_return=False)
    assert not rule.admits(invite, 100.0, is_return=False)
    assert rule.admits(invite, 100.0, is_return=True)


def test_the_key_stays_the_same_and_every_folder_has_its_own(tmp_path: Path) -> None:
    """Links that were sent out must hold after a restart."""
    assert invite_key(tmp_path) == invite_key(tmp_path)
    assert invite_key(tmp_path) != invite_key(tmp_path / "other")


def test_only_platforms_that_must_may_frame_the_page() -> None:
    assert set(FRAMED_BY) == {"mturk", "mturk_sandbox"}
    assert all(origin.startswith("https://") and "*" not in origin for sites in FRAMED_BY.values() for origin in sites)
