"""Brokers of queues: RabbitMQ, and two that speak Kafka's protocol."""
