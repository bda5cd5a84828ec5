"""Who is heard and who is missing: groups against the community, areas against what was to be expected."""
