"""Pages of engagements: for everybody, for the people of a desk, and for those who moderate."""
