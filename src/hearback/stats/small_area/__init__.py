"""Small areas: what an area's few answers and the rest of the city together say of it, with honest intervals."""
