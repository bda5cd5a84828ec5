"""Who is heard in each channel, who is missing, which areas are quiet, and whom the agency employs."""
