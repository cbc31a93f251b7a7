"""Who gets what next: pure decisions over plain history."""

from chateval.allocation._admission import Admission, Applicant, RefusalReason, refusal
from chateval.allocation._contexts import ContextStock
from chateval.allocation._golds import GoldHistory, is_gold_due
from chateval.allocation._image_stack import Beholder, choose_combination
from chateval.allocation._invites import Invite, LinkRule, Signer, invite_key, is_good_id
from chateval.allocation._places import Place, Places, Progress, choose_condition, summed

__all__ = [
    "Admission",
    "Applicant",
    "Beholder",
    "ContextStock",
    "GoldHistory",
    "Invite",
    "LinkRule",
    "Place",
    "Places",
    "Progress",
    "RefusalReason",
    "Signer",
    "choose_combination",
    "choose_condition",
    "invite_key",
    "is_gold_due",
    "is_good_id",
    "refusal",
    "summed",
]
