"""Forms of engagements, for the people of a desk and for those who moderate."""
