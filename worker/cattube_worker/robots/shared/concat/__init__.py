"""Videos after each other, for the robots that make one of several."""
