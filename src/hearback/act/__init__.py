"""Stage four of the loop: programmes, training, events, announcements."""
