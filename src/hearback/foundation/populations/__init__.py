"""How many people of which groups there are: the community, its adults, the agency's own staff."""
