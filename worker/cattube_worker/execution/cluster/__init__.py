"""Several hosts on one database: telling worker hosts of jobs through RabbitMQ, and reporting themselves.

A message only wakes: the row of the job with its lease and fence is the truth. Nothing of this is imported on
a site of one machine.
"""
