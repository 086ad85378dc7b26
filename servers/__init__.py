"""Real servers for tests and measurements, each in a folder of its own and on free ports of this machine.

Every server is a context manager: it yields once the server answers, and ends it for sure, even when the
process that started it is killed.

Beside them lies what else the tests of both rooms share.
"""
