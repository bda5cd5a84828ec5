"""The public site, made of releases."""
