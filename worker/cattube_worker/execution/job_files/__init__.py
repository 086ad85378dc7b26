"""Files that jobs leave for one another: in a folder, or in the bucket for jobs on other hosts."""
