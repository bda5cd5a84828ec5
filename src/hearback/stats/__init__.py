"""The statistics core: pure functions of arrays that return frozen results; no Django, no files, no clock."""
