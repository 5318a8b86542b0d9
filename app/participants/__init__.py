"""People in delegations: names, roles, ranks, and the status each one goes through.

Promises: a status changes only as the status table allows; delegation, status, rank, role, mode and
sex are kept as versions with two times, written with the change itself; a suggested rank is never
counted until a person has decided it.
"""
