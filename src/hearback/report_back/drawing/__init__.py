"""Maps and small figures as inline SVG: no scripts, no inline styles, nothing loaded from anywhere."""
