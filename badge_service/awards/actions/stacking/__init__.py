"""Stacked badges: pathways settled, proposals decided, standing decisions, and what becomes of a stack when a part ends."""
