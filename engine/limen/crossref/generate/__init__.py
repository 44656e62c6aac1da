"""Invented people with an address history: seeded, stateless, from a thousand to more than a hundred million.

Every value is a hash of (seed, what is drawn, whose it is), so any stretch of people can be made alone, in any
order, on any machine, and is the same. Names, places and group shares follow public frequencies (`crossref/data/`,
each with its source); streets, numbers and taxpayer numbers belong to nobody. The truth about the invented people
(household, name-origin group) is kept apart from the registry and is only for measuring.
"""
