"""Questions: their types, scoring, revisions and drawing. Pure functions, no input or output."""
