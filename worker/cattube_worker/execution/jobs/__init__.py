"""Jobs with leases: only the results of the worker that holds the lease count."""
