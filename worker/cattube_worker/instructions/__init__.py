"""Instructions: steps, their variables, the plan they compile to, and its schedule. Pure."""
