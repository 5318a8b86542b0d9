"""States and organisations: who they are, what they are called and how they are ordered.

Promises: every Member State, observer State and other State of the table has its codes, its dated
standing at the United Nations and its names in the six official languages; lists come out in the
order of their language; free text is matched to a state or organisation by its whole name or not
at all, never by likeness. No database: the tables are data files, read once, on first use.

The table of states is our own review of facts from datasets/country-codes (Open Knowledge, PDDL:
codes, M49 regions, names) and openclimatedata/countrygroups (CC0: regional and development
groups). Names follow the usage of the United Nations; none of it takes a position on any status.
"""
