"""Readings over MQTT: the broker's files, and the service that takes messages from it."""
