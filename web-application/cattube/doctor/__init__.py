"""Whether everything the site stands on is as it should be, in words, with the way to mend it."""
