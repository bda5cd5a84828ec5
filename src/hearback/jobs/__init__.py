"""The timetable: one file per job that is run again and again."""
