"""What is invited: states and organisations as they take part in one conference.

Promises: a code is unique in its conference, never changed, never reused; kind, reach and
invitation status are kept as versions, so that a figure of any past instant can be made again.
"""
