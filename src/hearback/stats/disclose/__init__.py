"""Disclosure control: what is too small to show, and what would give it away. Short, so that anybody can audit it."""
