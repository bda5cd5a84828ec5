"""Hearback: residents speak and hear back; agencies listen, act, and show honestly whether it helped."""

__version__ = "0.1.0"
