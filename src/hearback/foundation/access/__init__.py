"""Desks: the groups of people a resident can choose as readers, and who sits at which."""
