"""The state of the site, as its operator sees it: bucket, queues, and the rows of both databases."""
