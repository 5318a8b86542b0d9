"""The programme: rooms, sessions and who speaks in them.

Promises: a session keeps its id in every calendar, and whatever the public can see of it raises its
sequence; a draft is never shown; a session once shown is cancelled, not deleted; an overlap is said
in words and never forbidden.
"""
