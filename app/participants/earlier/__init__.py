"""Who was at an earlier edition of the series: proposed by name, decided by an officer.

Nobody is taken for another by itself: until an officer decides, it is unknown.
"""
