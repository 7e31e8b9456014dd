"""What meters send and what they are answered, alike over HTTP and MQTT; what is made of it is `oracle.intake`'s."""
