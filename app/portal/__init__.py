"""The portal: a delegation's own pages, for its focal points, and for an officer with their note.

Promises: one delegation at a time, another's is missing; what an officer does here in a
delegation's place names the note that asked for it; no rank is decided here; an approved person
stands until an officer decides.
"""
