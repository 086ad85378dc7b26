"""Speech: recognising it in a process of its own, and what its words become."""
