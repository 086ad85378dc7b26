"""Parameters and runs that several robots share."""
