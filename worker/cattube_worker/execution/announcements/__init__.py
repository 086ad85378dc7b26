"""Videos in the bucket that clients announce, by POST or by a queue."""
