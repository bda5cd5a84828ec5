"""Pages of concerns: for residents, and for the people of a desk."""
