"""Spreadsheets and transcripts as dialogues to be labelled, training dialogues and gold units."""

from chateval.annotation.convert._convert import Converted, convert
from chateval.annotation.convert._order import Kind, Order

__all__ = ["Converted", "Kind", "Order", "convert"]
