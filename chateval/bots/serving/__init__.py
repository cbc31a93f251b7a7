"""Bots on Ray Serve: what `chateval serve` runs. Importing this imports no Ray.

The other side, `kind: ray`, is in `chateval.bots`; both speak the protocol of `_protocol.py`.
"""

from chateval.bots.serving._front import digest_of
from chateval.bots.serving._hosting import hosted_bots, why_not
from chateval.bots.serving._protocol import KEY_VARIABLE
from chateval.bots.serving._replica import Hosted
from chateval.bots.serving._scale import Place, Scale
from chateval.bots.serving._serve import Served, serving

__all__ = ["KEY_VARIABLE", "Hosted", "Place", "Scale", "Served", "digest_of", "hosted_bots", "serving", "why_not"]
