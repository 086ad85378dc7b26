"""Queues between the rooms: one promise (`queues/queue.py`), and two brokers that keep it.

What stands here knows nothing of videos. Nothing of a broker is imported before an address names it.
"""
