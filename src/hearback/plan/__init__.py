"""Stage three of the loop: outreach and promises."""
