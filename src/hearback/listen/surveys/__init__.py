"""Surveys: what was asked, of whom and how; the answers themselves lie in the evidence store."""
