"""Releases: finished, disclosure-checked copies, the only thing the public pages read."""
