"""What can be done with a concern: by its resident, by the people of its desk, and by the timetable."""
