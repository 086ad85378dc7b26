"""Jobs with leases: whoever holds the lease works, and only its results count."""
