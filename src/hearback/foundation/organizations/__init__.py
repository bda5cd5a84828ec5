"""Local organisations and sites: who is there, where, and in which languages."""
