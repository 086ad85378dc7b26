"""The fault campaign: a site of several hosts on which faults of all kinds fall at random moments.

`make campaign` runs it. It stands outside the product and knows it as its operators and clients do: by its
addresses, its database, its bucket and its folders.
"""
