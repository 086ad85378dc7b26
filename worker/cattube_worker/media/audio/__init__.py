"""Sound: its peaks, their picture, and the graphs that bring several sounds together."""
