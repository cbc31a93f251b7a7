"""Whether links must be signed, so that nobody can take part under a name of their choice."""

from ipaddress import ip_address

from chateval.config._complaints import Complaints
from chateval.config._settings import StudySettings


def must_be_signed(settings: StudySettings) -> bool:
    rule = settings.require_signed_links
    return rule == "always" or (rule == "auto" and not is_loopback(settings.mephisto.architect.hostname))


def is_loopback(hostname: str) -> bool:
    """Whether a hostname reaches this machine alone. One that only a name server could tell of does not count."""
    bare = hostname.removeprefix("http://").removeprefix("https://").strip("[]").lower()
    try:
        return ip_address(bare).is_loopback
    except ValueError:
        return bare == "localhost"


def note_who_can_come(settings: StudySettings, complaints: Complaints) -> None:
    hostname = settings.mephisto.architect.hostname
    if is_loopback(hostname):
        return
    if must_be_signed(settings):
        complaints.notice(
            f"Other machines can reach {hostname}, so only signed links lead into this study: make them with `chateval "
            "invite`. require_signed_links=never admits everyone."
        )
    else:
        complaints.notice(
            f"Other machines can reach {hostname}, and links need no signature: anyone can take part, under any name. "
            "Remove require_signed_links to admit only those whom you invite."
        )
