"""The sample conference: invented people at a real process, for trying everything out.

Promises: every person, photo and figure is invented and says so; the same plan comes out of every
load; both press sentences follow from its history. Unlike every other loader it sets `recorded_at`
to the past, because the past it tells of was never recorded here.
"""
