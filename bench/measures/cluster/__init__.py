"""Several hosts, the queues between them, and the messages between the rooms."""
