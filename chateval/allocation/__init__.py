"""Who gets what next: pure decisions over plain history."""

from chateval.allocation._admission import Admission, Applicant, RefusalReason, refusal
from chateval.allocation._places import Place, Places, Progress, choose_condition

__all__ = ["Admission", "Applicant", "Place", "Places", "Progress", "RefusalReason", "choose_condition", "refusal"]
